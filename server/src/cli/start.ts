import { isStartedByNpm, loadConfig } from '../config/index.ts'
import { type RunningServer, startServer } from '../main.ts'
import { createLog } from '../platform/log.ts'
import { readableLog } from '../processes/readable-log.ts'
import { print } from './output.ts'

/** Ctrl-C reaches us through npm, the shell and the terminal at once; only a later one means "now". */
const secondSignalAfterMs = 1000
/** Past the deadline for requests and steps, which the configuration sets. */
const closingDeadlineMs = 45_000

/** `backlot start`: runs until it is told to stop, then drains and ends with 0. */
export async function runStart(options: { json?: boolean }): Promise<void> {
  const { config, secrets } = loadConfig()
  const log = createLog({
    level: config.logLevel,
    destination: process.stderr.isTTY ? readableLog(process.stderr) : process.stderr,
  })
  // A reader that went away (`| head`) must not end the server.
  process.stdout.on('error', () => undefined)

  let server: RunningServer | undefined
  let stoppingSinceMs: number | undefined
  let exitCode = 0

  function stop(why: string): void {
    const nowMs = Date.now()
    if (stoppingSinceMs !== undefined) {
      if (nowMs - stoppingSinceMs < secondSignalAfterMs) return
      server?.abandon()
      process.exit(1)
    }
    stoppingSinceMs = nowMs
    log.info({ why }, 'stopping')
    if (server) void end(server)
  }

  async function end(running: RunningServer): Promise<void> {
    const timer = setTimeout(() => {
      log.error('stopping took too long')
      running.abandon()
      process.exit(1)
    }, config.stopDeadlineMs + closingDeadlineMs)
    try {
      await running.stop()
    } catch (error) {
      log.error({ err: error }, 'stopping failed')
      running.abandon()
      exitCode = 1
    }
    clearTimeout(timer)
    log.info('stopped')
    process.exit(exitCode)
  }

  function fail(error: unknown): void {
    log.fatal({ err: error }, 'an error that nobody expected')
    exitCode = 1
    if (!server && stoppingSinceMs === undefined) process.exit(1)
    stop('error')
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(signal))
  // Started by the plain entry, which an older Node runs: when that is killed, we end too.
  if (process.channel) process.on('disconnect', () => stop('parent gone'))
  if (isStartedByNpm()) stopWhenAlone(() => stop('npm gone'))
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)

  const json = options.json === true
  server = await startServer({
    config,
    secrets,
    log,
    say: (line) => {
      if (!json) process.stdout.write(`${line}\n`)
    },
    onLost: () => {
      exitCode = 1
      stop('database lost')
    },
  })
  if (json) print('', { address: server.address, pid: process.pid }, true)
  // A signal that came while we were starting.
  if (stoppingSinceMs !== undefined) void end(server)
}

/** Told once when our parent has ended and another process has become it. */
function stopWhenAlone(stop: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    stop()
  }, 250)
  timer.unref()
}
