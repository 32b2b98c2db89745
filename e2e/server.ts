import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findProcesses, type ProcessTraces } from './processes.ts'

export const repository = path.join(import.meta.dirname, '..')

export interface ServerOptions {
  /** Kept after `stop`; without it a temporary folder is made and removed. */
  dataFolder?: string
  port?: number
  /** Added to the environment; `undefined` takes a variable away. */
  environment?: Record<string, string | undefined>
  /** Another program than `backlot start`, with its arguments; it must print the same line when it is ready. */
  program?: readonly string[]
  /** How long the printed address may take. Default 60 s: a loaded machine may build the studio first. */
  readyWithinMs?: number
  /** How long draining may take. Default 40 s. */
  stopWithinMs?: number
}

export interface RunningServer {
  /** Such as `http://127.0.0.1:40123`, without a slash at the end. */
  origin: string
  port: number
  dataFolder: string
  pid: number
  /** What it has printed until now, both streams. */
  output(): string
  /** The one-time token for the first operator, where the terminal shows one (addresses other than loopback). */
  setupToken(): string | null
  /** SIGTERM, waits until it has drained, and proves that no process of it is left. @throws if one is */
  stop(): Promise<void>
  /** SIGKILL of the main process alone, as a crash would; its children may live on. Ends when it is gone. */
  crash(): Promise<void>
  /** Waits until the program has ended by itself. @throws when it has not within the deadline */
  ended(deadlineMs: number): Promise<void>
  /** The living processes that belong to this data folder, each as one line for a message. */
  processes(): Promise<string[]>
  /** Ends whatever is left, hard, and removes a temporary data folder. For `finally` after a failed test. */
  dispose(): Promise<void>
}

/**
 * Starts the real program, as `npm start` does, on a free port with a data folder of its own.
 *
 * @returns once it has printed its address
 * @throws with its output when it ends or the deadline passes before that
 */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const port = options.port ?? (await freePort())
  const dataFolder = options.dataFolder ?? (await temporaryDataFolder())
  const mark = randomBytes(8).toString('hex')
  const program = options.program ?? [path.join(repository, 'server', 'bin', 'backlot.js'), 'start']
  const child = spawn(process.execPath, [...program], {
    cwd: repository,
    env: environmentFor(port, dataFolder, mark, options.environment),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, as a terminal gives it; signals to the tests do not reach it.
    detached: true,
  })
  const traces: ProcessTraces = { mark, folder: dataFolder, group: child.pid ?? -1 }
  const output = collect(child)
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })

  async function dispose(): Promise<void> {
    for (const found of await findProcesses(traces)) killQuietly(found.pid)
    await within(ended, 10_000)
    await untilNone(traces, 10_000)
    if (!options.dataFolder) await rm(dataFolder, { recursive: true, force: true })
  }

  const server: RunningServer = {
    origin: `http://127.0.0.1:${port}`,
    port,
    dataFolder,
    pid: child.pid ?? -1,
    output,
    setupToken: () => /one-time token: (\S+)/.exec(output())?.[1] ?? null,
    async processes() {
      return (await findProcesses(traces)).map((found) => `${found.pid} ${found.command}`)
    },
    async stop() {
      child.kill('SIGTERM')
      const stopped = await within(ended, options.stopWithinMs ?? 40_000)
      const left = await untilNone(traces, 5000)
      await dispose()
      if (!stopped) throw new Error(`The server did not stop after SIGTERM. It printed:\n${output()}`)
      if (left.length > 0) throw new Error(`Processes were left behind: ${left.join('; ')}`)
    },
    async crash() {
      child.kill('SIGKILL')
      await ended
    },
    async ended(deadlineMs) {
      if (!(await within(ended, deadlineMs)))
        throw new Error(`The program did not end. It printed:\n${output()}`)
    },
    dispose,
  }

  const ready = await untilReady(child, output, ended, options.readyWithinMs ?? 60_000)
  if (!ready) {
    await dispose()
    throw new Error(`The server did not become ready. It printed:\n${output()}`)
  }
  return server
}

/** The program run to its end with other arguments than `start`, e.g. `['keys', 'create', …]`. */
export async function runBacklot(
  commandLine: readonly string[],
  options: { dataFolder?: string; environment?: Record<string, string | undefined>; withinMs?: number } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(
    process.execPath,
    [path.join(repository, 'server', 'bin', 'backlot.js'), ...commandLine],
    {
      cwd: repository,
      env: environmentFor(undefined, options.dataFolder, undefined, options.environment),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.withinMs ?? 60_000,
    },
  )
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}

/** Reachable for the unprivileged user that runs PostgreSQL when the tests run as root. */
export async function temporaryDataFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'backlot-e2e-'))
  await chmod(folder, 0o755)
  return folder
}

/** Set by the person or by the test runner; with the runner's, libraries behave as they never do for people. */
const ownSettings: ReadonlySet<string> = new Set(['DATABASE_URL', 'NODE_ENV', 'PORT', 'TEST'])

function environmentFor(
  port: number | undefined,
  dataFolder: string | undefined,
  mark: string | undefined,
  own: Record<string, string | undefined> = {},
): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('BACKLOT_') && !name.startsWith('VITEST') && !ownSettings.has(name),
  )
  return {
    ...Object.fromEntries(inherited),
    ...(port === undefined ? {} : { PORT: String(port) }),
    ...(dataFolder === undefined ? {} : { BACKLOT_DATA_DIR: dataFolder }),
    ...(mark === undefined ? {} : { E2E_MARK: mark }),
    ...own,
  }
}

function collect(child: ChildProcess): () => string {
  const outputCharactersMax = 1_000_000
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-outputCharactersMax)
    })
  }
  child.once('error', (error) => {
    text += `\n${error.message}`
  })
  return () => text
}

/** Ready is what a person sees: the address on its own terminal. */
function untilReady(
  child: ChildProcess,
  output: () => string,
  ended: Promise<void>,
  deadlineMs: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    const address = /Backlot is ready at https?:\/\/\S+/
    const settle = (ready: boolean) => {
      clearTimeout(deadline)
      child.stdout?.off('data', look)
      resolve(ready)
    }
    const look = () => {
      if (address.test(output())) settle(true)
    }
    const deadline = setTimeout(() => settle(false), deadlineMs)
    child.stdout?.on('data', look)
    void ended.then(() => settle(false))
  })
}

async function untilNone(traces: ProcessTraces, deadlineMs: number): Promise<string[]> {
  const deadline = Date.now() + deadlineMs
  for (;;) {
    const left = await findProcesses(traces)
    if (left.length === 0 || Date.now() >= deadline) {
      return left.map((found) => `${found.pid} ${found.command}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function within(promise: Promise<void>, deadlineMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), deadlineMs)
  })
  try {
    return await Promise.race([promise.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}
