import type { Application, Composition } from './compose.ts'
import { type Config, origin, repositoryRoot, type Secrets } from './config/index.ts'
import type { Logger } from './platform/log.ts'
import { type Foundation, openFoundation } from './processes/foundation.ts'
import { buildStudio } from './processes/studio-build.ts'
import { reserveAddress, startWebServer, type WebServer } from './processes/web-server.ts'

export interface RunningServer {
  /** Where it can be reached from this machine; null for a process that only works. */
  readonly address: string | null
  /** Drains and closes everything, within the configured deadline and some seconds. */
  stop(): Promise<void>
  /** Ends what would stay behind, without waiting for anything. */
  abandon(): void
}

export interface ServerOptions {
  readonly config: Config
  readonly secrets: Secrets
  readonly log: Logger
  /** One line for whoever sits at the terminal. */
  readonly say: (line: string) => void
  /** Called when the server cannot go on, because its database is gone for good. */
  readonly onLost: () => void
  /** Told at every step of a generation; tests end the process there. */
  readonly reached?: Composition['reached']
}

/**
 * Starts the roles that the configuration asks for: opens data directory and database, composes, listens, takes up
 * work, and says the address. What was started is stopped again when a later step fails.
 *
 * @throws StartupError, ConfigError, ProfileError: each ready to be printed
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { secrets, log, say } = options
  const answers = options.config.roles.includes('api')
  const works = options.config.roles.includes('worker')
  const config = answers ? await withAddress(options.config) : options.config
  let foundation: Foundation | undefined
  let application: Application | undefined
  let web: WebServer | undefined

  async function stop(): Promise<void> {
    const graceMs = config.stopDeadlineMs
    application?.closeStreams()
    await Promise.all([web?.drain(graceMs), works ? application?.stopWorkers() : undefined])
    await application?.close()
    await foundation?.close()
  }

  try {
    // Both are waited for, so that neither goes on behind the back of `stop` when the other fails.
    const [opening, building] = await Promise.allSettled([
      openFoundation({ config, secrets, purpose: 'server', log, onDatabaseLost: options.onLost }),
      answers ? buildStudio(repositoryRoot, say) : 'current',
    ])
    if (opening.status === 'fulfilled') foundation = opening.value
    if (opening.status === 'rejected') throw opening.reason
    if (building.status === 'rejected') throw building.reason
    const opened = opening.value
    const studio = building.value
    if (studio === 'stale') log.warn('the studio could not be built again; an older build is shown')
    if (opened.dataDirectoryMoved) say(`The data is kept in ${opened.dataDirectory.root}`)
    const { compose } = await import('./compose.ts')
    application = await compose({ ...opened, ...(options.reached ? { reached: options.reached } : {}) })
    if (answers)
      web = await startWebServer({ host: config.host, port: config.port, fetch: application.fetch })
    if (works) await application.startWorkers()
  } catch (error) {
    await stop().catch((cause: unknown) => log.error({ err: cause }, 'what was started could not be stopped'))
    throw error
  }

  const address = answers ? config.publicUrl : null
  if (address === null) say('Backlot is ready and takes work')
  else say(`Backlot is ready at ${address}`)
  const token = answers ? application.setupToken : null
  if (token) say(`The first visitor becomes the operator, with this one-time token: ${token}`)
  return { address, stop, abandon: () => foundation?.abandon() }
}

/** A busy port is told before the database starts; port 0 becomes a real one, so that addresses can be made of it. */
async function withAddress(config: Config): Promise<Config> {
  const port = await reserveAddress(config.host, config.port)
  if (port === config.port) return config
  return { ...config, port, publicUrl: config.publicUrlIsSet ? config.publicUrl : origin(config.host, port) }
}
