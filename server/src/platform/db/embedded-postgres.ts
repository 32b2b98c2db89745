import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import type { Logger } from '../log.ts'
import { commandLine, isRunning, processesIn, waitUntil } from '../running-process.ts'
import { StartupError } from '../startup-error.ts'
import { hasUserName, postgresUser, type UnprivilegedUser } from '../unprivileged-user.ts'
import { type Binaries, prepareBinaries, program } from './embedded-postgres-binaries.ts'
import {
  type Connection,
  checkData,
  connectionUrl,
  type Folder,
  folderAt,
  isDataOf,
  prepareFolder,
  readConnection,
  readPostmasterFile,
  removeLeftovers,
  removePostmasterFile,
  writeConnection,
  writePrivately,
} from './embedded-postgres-files.ts'

export interface EmbeddedPostgres {
  /** Address with the password in it; it stays the same until `stop`, also over a restart of the server. */
  url: string
  /** True when the server was already running, left over by a process that was killed. */
  adopted: boolean
  /** Process id of the server that runs now. */
  pid(): number
  /** Stops the server: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>
  /** Ends the server at once without waiting; the next start recovers. For a second Ctrl-C. */
  abandon(): void
}

export interface EmbeddedPostgresOptions {
  /** Folder of its own; made when missing. */
  directory: string
  log: Logger
  /** Default 60. */
  connectionsMax?: number
  /** Further server settings, e.g. `{ fsync: 'off' }` in tests. */
  settings?: Record<string, string>
  /** Called once when the server died and could not be brought back. */
  onLost?: () => void
}

const readyTimeoutMs = 120_000
const stopTimeoutMs = 20_000
const restartsMax = 5
const restartWindowMs = 60_000

/**
 * Starts the PostgreSQL that comes with the npm packages, on 127.0.0.1 and a free port, with a random password.
 * A server that a killed process left running is adopted; a stale lock file is removed; a server that dies while
 * we run is started again on the same port. Made for one caller per folder at a time (`data-directory.ts` has the
 * lock).
 *
 * @throws StartupError in one sentence: unsupported system, unreachable folder, damaged data, other major version
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log } = options
  const folder = folderAt(options.directory)
  const user = await runAs()
  const dataName = await prepareFolder(folder, user)
  const binaries = await prepareBinaries(user, folder.directory, log)
  await removeLeftovers(folder)
  if (!(await checkData(folder, binaries.major))) await initialize(folder, dataName, binaries, user)

  const found = await adopt(folder, log)
  const context: Context = { folder, dataName, binaries, user, options }
  const server = found ?? (await launch(context))
  await ensureDatabase(server.connection)
  return supervise(context, server, found !== undefined)
}

/**
 * Address of the server that runs for this folder, started by another process; undefined when none answers.
 */
export async function findEmbeddedPostgres(directory: string): Promise<string | undefined> {
  const folder = folderAt(directory)
  const connection = await readConnection(folder)
  if (!connection || !(await answers(folder, connection))) return undefined
  return connectionUrl(connection)
}

interface Context {
  folder: Folder
  /** What the server calls its data directory. */
  dataName: string
  binaries: Binaries
  user: UnprivilegedUser | undefined
  options: EmbeddedPostgresOptions
}

interface Server {
  pid: number
  /** Absent for an adopted server, which is nobody's child any more. */
  child?: ChildProcess
  connection: Connection
}

async function runAs(): Promise<UnprivilegedUser | undefined> {
  const user = await postgresUser()
  if (user === null)
    throw new StartupError(
      'postgres_user_missing',
      'PostgreSQL cannot run as root, and there is no user "postgres" or "nobody" that it could run as; start Backlot as a normal user, or set DATABASE_URL.',
    )
  if (user === undefined && process.platform !== 'win32' && !hasUserName())
    throw new StartupError(
      'postgres_user_missing',
      `PostgreSQL needs a user name, and the user id ${process.getuid?.()} has none in /etc/passwd; start Backlot as a user that exists, or set DATABASE_URL.`,
    )
  return user
}

// The database programs get none of our environment, so that no secret of ours is in theirs.
const environment = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

async function initialize(
  folder: Folder,
  dataName: string,
  binaries: Binaries,
  user: UnprivilegedUser | undefined,
): Promise<void> {
  const suffix = randomBytes(4).toString('hex')
  const half = path.join(folder.directory, `initializing.${suffix}`)
  const passwordFile = path.join(folder.directory, `password.${suffix}`)
  await mkdir(half, { mode: 0o700 })
  if (user) await chown(half, user.uid, user.gid)
  const password = randomBytes(24).toString('base64url')
  await writePrivately(passwordFile, `${password}\n`)
  if (user) await chown(passwordFile, user.uid, user.gid)
  try {
    await promisify(execFile)(
      program(binaries, 'initdb'),
      [
        ...['-D', dataName === folder.data ? half : dataName, '-U', 'backlot', '--auth=scram-sha-256'],
        ...['--pwfile', `../${path.basename(passwordFile)}`, '-E', 'UTF8'],
        // Built-in locale: the same order everywhere, whatever the system's language and libraries.
        ...['--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
      ],
      {
        cwd: half,
        env: environment,
        timeout: readyTimeoutMs,
        ...(user ? { uid: user.uid, gid: user.gid } : {}),
      },
    )
    const port = await freePort()
    await writeConnection(folder, { port, user: 'backlot', password, database: 'backlot' })
    await rename(half, folder.data)
  } catch (cause) {
    const stderr = String((cause as { stderr?: unknown }).stderr ?? '').trim()
    const reason = stderr.split('\n').find((line) => line.startsWith('initdb: error')) ?? String(cause)
    throw new StartupError(
      'postgres_initialize',
      `The database in ${folder.directory} could not be made: ${reason.replace('initdb: error: ', '')}`,
      { cause },
    )
  } finally {
    await rm(passwordFile, { force: true })
    await rm(half, { recursive: true, force: true })
  }
}

/** Takes over the server that `postmaster.pid` names, waiting while it starts or stops, or clears the way. */
async function adopt(folder: Folder, log: Logger): Promise<Server | undefined> {
  const named = await readPostmasterFile(folder)
  if (!named) return undefined
  const connection = await readConnection(folder)
  const candidate = connection && { ...connection, port: named.port || connection.port }
  const runs = () => isServerOf(folder, named.pid)
  if (runs()) {
    const end = await outcome(
      () => !runs(),
      () => candidate !== undefined && answers(folder, candidate),
    )
    if (end === 'ready' && candidate) {
      if (candidate.port !== connection.port) await writeConnection(folder, candidate)
      log.info({ pid: named.pid }, 'took over the PostgreSQL that was still running')
      return { pid: named.pid, connection: candidate }
    }
    if (end === 'timeout')
      throw new StartupError(
        'postgres_unresponsive',
        `A PostgreSQL (process ${named.pid}) holds ${folder.data} but does not answer; stop that process and start again.`,
      )
  }
  // What the dead server left behind must be gone first: two servers on one data directory destroy it.
  if (!(await waitUntil(() => processesIn(folder.data).length === 0, stopTimeoutMs)))
    throw new StartupError(
      'postgres_unresponsive',
      `Processes of an earlier PostgreSQL (${processesIn(folder.data).join(', ')}) still hold ${folder.data}; stop them and start again.`,
    )
  await removePostmasterFile(folder)
  return undefined
}

/** Whether that process is the server of this folder, and not another program that got its number. */
function isServerOf(folder: Folder, pid: number): boolean {
  if (process.platform === 'linux') return processesIn(folder.data).includes(pid)
  return isRunning(pid) && /postgres/i.test(commandLine(pid) || 'postgres')
}

async function launch(context: Context, keepPort = false): Promise<Server> {
  let connection = await readConnection(context.folder)
  if (!connection)
    throw new StartupError(
      'postgres_password_missing',
      `${context.folder.connectionFile} is missing or damaged, and with it the password of the database; restore it from a backup.`,
    )
  for (let tried = 1; ; tried += 1) {
    if (!keepPort && !(await isFree(connection.port))) {
      connection = { ...connection, port: await freePort() }
      await writeConnection(context.folder, connection)
    }
    const reason = await launchOnce(context, connection)
    if (typeof reason !== 'string') return reason
    const again = /Address already in use|could not bind|shared memory|is still in use/i.test(reason)
    if (!again || tried >= 20)
      throw new StartupError(
        'postgres_start',
        `PostgreSQL did not start: ${reason} (see ${context.folder.logFile}).`,
      )
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

/** One try; answers with the reason in PostgreSQL's own words when it did not start. */
async function launchOnce(context: Context, connection: Connection): Promise<Server | string> {
  const { folder, dataName, binaries, user, options } = context
  await rotate(folder.logFile)
  const logFile = await open(folder.logFile, 'a', 0o600)
  const logStart = (await logFile.stat()).size
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(connection.port),
    unix_socket_directories: '',
    max_connections: String(options.connectionsMax ?? 60),
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    // Statements and values hold what belongs to people: neither is ever written to the log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    ...options.settings,
  }
  let exit: string | undefined
  const child = spawn(
    program(binaries, 'postgres'),
    ['-D', dataName, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      cwd: folder.data,
      env: environment,
      // Its own process group, so that Ctrl-C in the terminal does not stop it before we have drained; its own log
      // file, since a pipe would die with us.
      detached: true,
      stdio: ['ignore', logFile.fd, logFile.fd],
      windowsHide: true,
      ...(user ? { uid: user.uid, gid: user.gid } : {}),
    },
  )
  child.once('error', (error) => {
    exit = error.message
  })
  child.once('exit', (code, signal) => {
    exit ??= `it ended with ${signal ?? code}`
  })
  await logFile.close()
  const end = await outcome(
    () => exit !== undefined,
    () => answers(folder, connection),
  )
  if (end === 'ready' && child.pid !== undefined) {
    child.unref()
    return { pid: child.pid, child, connection }
  }
  if (end === 'timeout') child.kill('SIGQUIT')
  const said = (await readFile(folder.logFile, 'utf8').catch(() => '')).slice(logStart)
  const fatal = said.split('\n').find((line) => /(FATAL|PANIC):/.test(line))
  return fatal?.replace(/^.*(FATAL|PANIC):\s*/, '') ?? exit ?? 'it did not answer in time'
}

/** Waits for the server: `ready` once it answers, `gone` once its process has ended. */
async function outcome(
  gone: () => boolean,
  ready: () => boolean | Promise<boolean>,
): Promise<'ready' | 'gone' | 'timeout'> {
  let end: 'ready' | 'gone' | 'timeout' = 'timeout'
  await waitUntil(async () => {
    if (await ready()) end = 'ready'
    else if (gone()) end = 'gone'
    return end !== 'timeout'
  }, readyTimeoutMs)
  return end
}

/** Whether the server of this very data directory answers at that address. */
async function answers(folder: Folder, connection: Connection): Promise<boolean> {
  const client = new pg.Client({
    connectionString: connectionUrl(connection, 'postgres'),
    connectionTimeoutMillis: 5000,
    query_timeout: 5000,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ data_directory: string }>('show data_directory')
    return isDataOf(folder, rows[0]?.data_directory ?? '')
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function ensureDatabase(connection: Connection): Promise<void> {
  const client = new pg.Client({ connectionString: connectionUrl(connection, 'postgres') })
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [
      connection.database,
    ])
    if (rowCount === 0) await client.query(`create database ${connection.database}`)
  } finally {
    await client.end()
  }
}

/** Watches the server and starts it again when it dies under us, a few times a minute at most. */
function supervise(context: Context, first: Server, adopted: boolean): EmbeddedPostgres {
  const { log, onLost } = context.options
  let server = first
  let stopping = false
  let restarting: Promise<void> | undefined
  const restarts: number[] = []
  // An adopted server is not our child and sends us no event when it ends.
  const watch = setInterval(() => {
    if (!stopping && !restarting && !server.child && !isRunning(server.pid)) died()
  }, 1000)
  watch.unref()

  function died(): void {
    if (stopping || restarting) return
    const now = Date.now()
    while (restarts[0] !== undefined && restarts[0] < now - restartWindowMs) restarts.shift()
    restarts.push(now)
    if (restarts.length > restartsMax) {
      log.error({ restarts: restarts.length }, 'PostgreSQL keeps dying')
      onLost?.()
      return
    }
    log.warn({ pid: server.pid }, 'PostgreSQL died and is started again')
    restarting = (async () => {
      const found = await adopt(context.folder, log)
      // Everybody holds the address: it must not change.
      server = found ?? (await launch(context, true))
      follow()
    })()
      .catch((error: unknown) => {
        log.error({ err: (error as Error).message }, 'PostgreSQL could not be started again')
        onLost?.()
      })
      .finally(() => {
        restarting = undefined
      })
  }
  function follow(): void {
    server.child?.once('exit', died)
    if (server.child && server.child.exitCode === null && server.child.signalCode === null) return
    if (server.child) setImmediate(died)
  }
  follow()

  return {
    url: connectionUrl(first.connection),
    adopted,
    pid: () => server.pid,
    async stop() {
      if (stopping) return
      stopping = true
      clearInterval(watch)
      await restarting
      await halt(context, server, log)
    },
    abandon() {
      stopping = true
      clearInterval(watch)
      try {
        process.kill(server.pid, 'SIGQUIT')
      } catch {
        // It has ended.
      }
    },
  }
}

/** Fast stop, then immediate, then the hard way: each with its deadline. */
async function halt(context: Context, server: Server, log: Logger): Promise<void> {
  const ended = () => !isRunning(server.pid) || (server.child ? hasEnded(server.child) : false)
  if (process.platform === 'win32') {
    await promisify(execFile)(program(context.binaries, 'pg_ctl'), [
      ...['stop', '-m', 'fast', '-D', context.folder.data],
    ]).catch(() => undefined)
  }
  for (const [signal, timeoutMs] of [
    ['SIGINT', stopTimeoutMs],
    ['SIGQUIT', 5000],
    ['SIGKILL', 5000],
  ] as const) {
    if (ended()) return
    try {
      process.kill(server.pid, signal)
    } catch {
      return
    }
    if (await waitUntil(ended, timeoutMs)) return
    log.warn({ pid: server.pid, signal }, 'PostgreSQL did not stop in time')
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

async function isFree(port: number): Promise<boolean> {
  return (await listenBriefly(port)) !== undefined
}

async function freePort(): Promise<number> {
  const port = await listenBriefly(0)
  if (port === undefined) throw new StartupError('no_free_port', 'There is no free port on 127.0.0.1.')
  return port
}

function listenBriefly(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined))
    })
  })
}

/** Keeps one older log, so that the file never grows past some megabytes. */
async function rotate(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined)
  if (found && found.size > 4 * 1024 * 1024) await rename(file, `${file}.1`)
}
