// The inside of a bounded child process. Imported by child entry files only.
import { rmSync } from 'node:fs'
import { setPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { ChildMessage, ChildOrder } from './child-messages.ts'
import { MediaError } from './media-error.ts'

/** What a handler may use besides its job. */
export type ChildContext<Progress> = {
  folder: string
  reportProgress(progress: Progress): void
  /** Names a process that must die with this one. */
  adopt(pid: number): void
}

// Native calls block the event loop of the main thread, so a thread of its own watches: that the parent lives, the
// resident size, the size of what is written, and the wall clock. It ends the whole process with SIGKILL.
const watchdogSource = `
const { workerData } = require('node:worker_threads')
const { readdirSync, readFileSync, rmSync, statSync, writeSync } = require('node:fs')
const { join } = require('node:path')
const { folder, memoryBytesMax, outputBytesMax, wallMsMax, parent, shared } = workerData
const startedAt = performance.now()
function end(mark) {
  try { writeSync(2, 'backlot-watchdog:' + mark + '\\n') } catch {}
  const adopted = Atomics.load(shared, 0)
  if (adopted > 0) { try { process.kill(adopted, 'SIGKILL') } catch {} }
  if (mark === 'orphan') { try { rmSync(folder, { recursive: true, force: true }) } catch {} }
  process.kill(process.pid, 'SIGKILL')
}
function residentBytes() {
  let bytes = process.memoryUsage.rss()
  const adopted = Atomics.load(shared, 0)
  if (adopted > 0 && process.platform === 'linux') {
    try { bytes += Number(readFileSync('/proc/' + adopted + '/statm', 'utf8').split(' ')[1]) * 4096 } catch {}
  }
  return bytes
}
function folderBytes() {
  let bytes = 0
  for (const name of readdirSync(folder)) { try { bytes += statSync(join(folder, name)).size } catch {} }
  return bytes
}
setInterval(() => {
  if (process.ppid !== parent) end('orphan')
  if (residentBytes() > memoryBytesMax) end('memory')
  if (performance.now() - startedAt > wallMsMax) end('time')
  try { if (folderBytes() > outputBytesMax) end('output') } catch {}
}, 50)
`

/**
 * Serves exactly one job and exits. `handle` throws `MediaError` for expected failures; any other error is reported
 * as `media_failed` with its message kept inside the process, because messages of native code name paths.
 */
export function serveChild<Job, Result, Progress = never>(
  handle: (job: Job, context: ChildContext<Progress>) => Promise<Result>,
): void {
  const shared = new Int32Array(new SharedArrayBuffer(4))
  let folder: string | undefined
  try {
    setPriority(10)
  } catch {
    // Not every platform lets us; it is a courtesy, not a limit.
  }
  process.once('disconnect', () => {
    const adopted = Atomics.load(shared, 0)
    if (adopted > 0) {
      try {
        process.kill(adopted, 'SIGKILL')
      } catch {
        // Gone already.
      }
    }
    if (folder) rmSync(folder, { recursive: true, force: true })
    process.kill(process.pid, 'SIGKILL')
  })
  process.once('message', (order: ChildOrder<Job>) => {
    folder = order.folder
    const { job, ...limits } = order
    new Worker(watchdogSource, {
      eval: true,
      workerData: { ...limits, shared },
      resourceLimits: { maxOldGenerationSizeMb: 16 },
    }).unref()
    const send = (message: ChildMessage<Result, Progress>, then?: () => void) => {
      if (process.connected) process.send?.(message, undefined, undefined, then ? () => then() : undefined)
    }
    const context: ChildContext<Progress> = {
      folder: order.folder,
      reportProgress: (progress) => send({ type: 'progress', progress }),
      adopt: (pid) => Atomics.store(shared, 0, pid),
    }
    handle(job, context).then(
      (value) => send({ type: 'result', value }, () => process.exit(0)),
      (error: unknown) => {
        const code = error instanceof MediaError ? error.code : 'media_failed'
        const detail = error instanceof MediaError ? error.detail : 'the job failed in native code'
        if (!(error instanceof MediaError))
          process.stderr.write(`${String((error as Error)?.stack ?? error)}\n`)
        send({ type: 'failure', code, detail }, () => process.exit(1))
      },
    )
  })
}
