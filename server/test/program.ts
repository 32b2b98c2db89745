import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import path from 'node:path'
import { isRunning, waitUntil } from '../src/platform/running-process.ts'

export const entry = path.join(import.meta.dirname, '..', 'bin', 'backlot.js')
const readyTimeoutMs = 60_000
const endTimeoutMs = 60_000

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface Program {
  child: ChildProcess
  pid: number
  stdout(): string
  stderr(): string
  /** Resolves when the process has ended; rejects when it does not in time. */
  ended(): Promise<Ended>
}

export interface ProgramOptions {
  env?: Record<string, string>
  /** Runs as this user instead of root. */
  user?: { uid: number; gid: number }
  node?: string
  /** Through `npm start`; the process is npm then. */
  npm?: boolean
  input?: string
}

/** Runs the real program, as a person would, with nothing of this process's environment but the path. */
export function runProgram(args: readonly string[], options: ProgramOptions = {}): Program {
  const [file, words] = options.npm
    ? ['npm', ['start']]
    : [options.node ?? process.execPath, [entry, ...args]]
  const child = spawn(file, words, {
    cwd: path.join(import.meta.dirname, '..', '..'),
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...options.user,
  })
  child.stdin.end(options.input ?? '')
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data) => {
    stdout += String(data)
  })
  child.stderr.on('data', (data) => {
    stderr += String(data)
  })
  let ended: Ended | undefined
  child.on('close', (code, signal) => {
    ended = { code, signal, stdout, stderr }
  })
  return {
    child,
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    async ended() {
      await waitUntil(() => ended !== undefined, endTimeoutMs)
      if (!ended) throw new Error(`backlot ${args.join(' ')} did not end:\n${stdout}\n${stderr}`)
      return ended
    },
  }
}

/** Starts the server and waits for the line with its address. */
export async function startProgram(options: ProgramOptions = {}): Promise<Program & { address: string }> {
  const program = runProgram(['start'], options)
  const ready = /Backlot is ready at (\S+)/
  await waitUntil(
    () =>
      ready.test(program.stdout()) || program.child.exitCode !== null || program.child.signalCode !== null,
    readyTimeoutMs,
  )
  const address = ready.exec(program.stdout())?.[1]
  if (address === undefined) {
    program.child.kill('SIGKILL')
    throw new Error(`the server did not become ready:\n${program.stdout()}\n${program.stderr()}`)
  }
  return { ...program, address }
}

/** All living processes below this one. */
export function descendants(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const each of allProcesses()) {
    try {
      const text = readFileSync(`/proc/${each}/stat`, 'utf8')
      parents.set(each, Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // It has ended.
    }
  }
  const found = new Set([pid])
  for (let before = 0; before < found.size; ) {
    before = found.size
    for (const [child, parent] of parents) if (found.has(parent)) found.add(child)
  }
  found.delete(pid)
  return [...found]
}

/** Processes that work in or were called with anything below `directory`. */
export function processesAt(directory: string): number[] {
  return allProcesses().filter((pid) => {
    try {
      if (!isRunning(pid) || pid === process.pid) return false
      return (
        readlinkSync(`/proc/${pid}/cwd`).startsWith(directory) ||
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(directory)
      )
    } catch {
      return false
    }
  })
}

function allProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}
