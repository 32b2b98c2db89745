import path from 'node:path'
import { type Config, repositoryRoot, type Secrets } from '../config/index.ts'
import { type Clock, systemClock } from '../platform/clock.ts'
import { type DataDirectory, defaultDataDirectory, openDataDirectory } from '../platform/data-directory.ts'
import {
  type EmbeddedPostgres,
  findEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../platform/db/embedded-postgres.ts'
import { checkExternalDatabase } from '../platform/db/external-database.ts'
import { type Database, MigrationError, migrate, openDatabase, readMigrations } from '../platform/db/index.ts'
import type { Logger } from '../platform/log.ts'
import { waitUntil } from '../platform/running-process.ts'
import { StartupError } from '../platform/startup-error.ts'

export interface Foundation {
  /** With `dataDirectory` settled. */
  readonly config: Config
  readonly secrets: Secrets
  readonly db: Database
  readonly dataDirectory: DataDirectory
  readonly log: Logger
  readonly clock: Clock
  readonly purpose: 'server' | 'command'
  /** True when the data went to another folder than people expect. */
  readonly dataDirectoryMoved: boolean
  close(): Promise<void>
  /** Stops what would stay behind, without waiting; for a second Ctrl-C. */
  abandon(): void
}

export interface FoundationOptions {
  readonly config: Config
  readonly secrets: Secrets
  readonly purpose: 'server' | 'command'
  readonly log: Logger
  readonly onDatabaseLost?: () => void
}

const besideServerWaitMs = 60_000
const externalWaitMs = { server: 30_000, command: 5_000 }

/**
 * Opens what everything stands on: the data directory, the database (the embedded one, that of a running server, or
 * the operator's) and its migrations. What was opened is closed again when a later step fails.
 *
 * @throws StartupError in one sentence
 */
export async function openFoundation(options: FoundationOptions): Promise<Foundation> {
  const { config, secrets, purpose, log } = options
  const closers: (() => Promise<void>)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    const expected = config.dataDirectory ?? path.join(repositoryRoot, 'data')
    const directory =
      config.dataDirectory === null && config.database === 'embedded'
        ? await defaultDataDirectory(expected)
        : expected
    const dataDirectory = await openDataDirectory({
      directory,
      masterKey: secrets.masterKey,
      kind: purpose,
      exclusive: config.database === 'embedded',
    })
    closers.push(() => dataDirectory.release())

    let embedded: EmbeddedPostgres | undefined
    let url = secrets.databaseUrl
    if (url !== null) await checkExternalDatabase(url, externalWaitMs[purpose])
    else if (dataDirectory.besideServer) url = await urlOfRunningServer(dataDirectory.postgres)
    else {
      embedded = await startEmbeddedPostgres({
        directory: dataDirectory.postgres,
        log,
        onLost: options.onDatabaseLost,
      })
      closers.push(embedded.stop)
      url = embedded.url
    }
    const db = openDatabase({
      url,
      log,
      connectionsMax: purpose === 'server' ? config.databaseConnectionsMax : 4,
    })
    closers.push(() => db.close())
    const migrations = await readMigrations(path.join(repositoryRoot, 'server', 'migrations'))
    await migrate(db, migrations, log).catch((error: unknown) => {
      if (error instanceof MigrationError)
        throw new StartupError('migration_failed', error.message, { cause: error })
      throw error
    })
    return {
      config: { ...config, dataDirectory: dataDirectory.root },
      secrets,
      db,
      dataDirectory,
      log,
      clock: systemClock,
      purpose,
      dataDirectoryMoved: directory !== expected,
      close,
      abandon: () => embedded?.abandon(),
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** A server that has just been started may still be on its way. */
async function urlOfRunningServer(directory: string): Promise<string> {
  let url: string | undefined
  await waitUntil(async () => {
    url = await findEmbeddedPostgres(directory)
    return url !== undefined
  }, besideServerWaitMs)
  if (url === undefined)
    throw new StartupError(
      'database_unreachable',
      'A server is running, but its database does not answer; try again.',
    )
  return url
}
