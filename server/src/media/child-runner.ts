import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import type { ChildMessage, ChildOrder } from './child-messages.ts'
import { isMediaErrorCode, MediaError } from './media-error.ts'

/** One job for one child process. */
export type ChildRun<Job, Progress> = {
  /** Absolute path of the child's entry file; the entry calls `serveChild`. */
  entry: string
  job: Job
  /** The child's own folder: its working directory and its place for temporary files. It deletes it when orphaned. */
  folder: string
  wallMsMax: number
  memoryBytesMax: number
  outputBytesMax: number
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void
}

/** A running child: its result, and a way to end it now. */
export type RunningChild<Result> = {
  /** Rejects with `MediaError`, or with the signal's reason after an abort. The child is gone when this settles. */
  result: Promise<Result>
  pid: number | undefined
  kill(): void
}

// V8 reserves far more address space than it uses: a child with node-av and a watchdog thread holds 6 GB of it at a
// resident size of 100 MB (measured, Node 24). So the address space is only the hard backstop against one huge
// allocation; the resident size, polled every 50 ms, is the limit that counts.
const addressSpaceBytesMin = 16_000_000_000
const prlimitPath =
  process.platform === 'linux' ? findExecutable(['/usr/bin/prlimit', '/bin/prlimit']) : undefined

/**
 * Starts one bounded child process: this Node, an empty environment, IPC as the only channel, its own process group,
 * low priority, limits on wall time, memory and output, and an end by SIGKILL. The child watches its parent and kills
 * itself when the parent is gone.
 */
export function startChild<Job, Result, Progress = never>(
  run: ChildRun<Job, Progress>,
): RunningChild<Result> {
  run.signal?.throwIfAborted()
  const nodeArguments = ['--no-warnings', '--max-old-space-size=768', run.entry]
  const [command, commandArguments] = prlimitPath
    ? [
        prlimitPath,
        [
          `--as=${addressSpaceBytesMin + run.memoryBytesMax}`,
          '--core=0',
          '--',
          process.execPath,
          ...nodeArguments,
        ],
      ]
    : [process.execPath, nodeArguments]
  const child = spawn(command, commandArguments, {
    cwd: run.folder,
    env: childEnvironment(run.folder),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const kill = () => killGroup(child)
  return { result: follow<Job, Result, Progress>(run, child, kill), pid: child.pid, kill }
}

function follow<Job, Result, Progress>(
  run: ChildRun<Job, Progress>,
  child: ChildProcess,
  kill: () => void,
): Promise<Result> {
  return new Promise<Result>((resolve, reject) => {
    let outcome: { value: Result } | { error: unknown } | undefined
    let complaint = ''
    const settle = (value: { value: Result } | { error: unknown }) => {
      outcome ??= value
    }
    const deadline = setTimeout(() => {
      settle({ error: new MediaError('media_timeout', `the job did not end within ${run.wallMsMax} ms`) })
      kill()
    }, run.wallMsMax)
    const onAbort = () => {
      settle({ error: run.signal?.reason })
      kill()
    }
    run.signal?.addEventListener('abort', onAbort, { once: true })

    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-2000)
    })
    child.on('message', (message: ChildMessage<Result, Progress>) => {
      if (message.type === 'progress') run.onProgress?.(message.progress)
      else if (message.type === 'result') settle({ value: message.value })
      else
        settle({
          error: new MediaError(
            isMediaErrorCode(message.code) ? message.code : 'media_failed',
            message.detail,
          ),
        })
    })
    child.on('error', (error) => {
      settle({
        error: new MediaError('media_failed', 'the child process could not be started', { cause: error }),
      })
      if (child.pid === undefined) finish()
    })
    // 'close' comes after the last message and after stderr has been read.
    child.on('close', (exitCode, signal) => {
      settle({ error: new MediaError('media_failed', describeEnd(exitCode, signal, complaint)) })
      finish()
    })

    let isFinished = false
    function finish(): void {
      if (isFinished) return
      isFinished = true
      clearTimeout(deadline)
      run.signal?.removeEventListener('abort', onAbort)
      // Whatever the child may have started shares its group.
      kill()
      if (outcome && 'value' in outcome) resolve(outcome.value)
      else reject(outcome?.error)
    }

    const order: ChildOrder<Job> = {
      type: 'job',
      job: run.job,
      // Told, not asked: a child that asks late would take its adopter for its parent.
      parent: process.pid,
      folder: run.folder,
      memoryBytesMax: run.memoryBytesMax,
      outputBytesMax: run.outputBytesMax,
      // The watchdog inside the child fires only when the parent's own clock has failed to.
      wallMsMax: run.wallMsMax + 5_000,
    }
    child.send(order, (error) => {
      if (error) kill()
    })
  })
}

function describeEnd(exitCode: number | null, signal: string | null, complaint: string): string {
  const mark = /backlot-watchdog:(\w+)/.exec(complaint)?.[1]
  if (mark === 'memory') return 'the job used more memory than it may'
  if (mark === 'output') return 'the job wrote more than it may'
  return `the child process ended early (${signal ?? exitCode})`
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    // A negative number names the process group, which the CLI back end's ffmpeg belongs to as well.
    if (process.platform === 'win32') child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}

function childEnvironment(folder: string): Record<string, string> {
  if (process.platform !== 'win32') return { TMPDIR: folder, HOME: folder }
  // Windows cannot load its own libraries without these.
  const systemRoot = 'C:\\Windows'
  return { TEMP: folder, TMP: folder, SystemRoot: systemRoot, windir: systemRoot }
}

function findExecutable(candidates: string[]): string | undefined {
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
