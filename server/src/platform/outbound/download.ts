import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { OutboundError } from './outbound-error.ts'
import type { Answer } from './send.ts'

export interface Downloaded {
  readonly bytes: number
  /** Media type as the other side names it: a claim, to be checked against the content. */
  readonly mimeType: string | null
}

export interface DownloadPace {
  /** Attempts in a row that bring not one byte. */
  readonly emptyAttemptsMax: number
  readonly attemptsMax: number
  readonly pauseMs: number
}

/** What is known of the file from its first answer: with it a broken transfer goes on instead of starting anew. */
interface Progress {
  bytes: number
  validator: string | null
  mimeType: string | null
}

/**
 * Fetches a file into `path`, going on behind the last byte when the connection breaks. Parts are joined only when
 * the other side confirms (by `If-Range`) that it is still the same file.
 */
export async function downloadTo(
  path: string,
  get: (headers: Headers) => Promise<Answer>,
  options: { bytesMax: number; pace: DownloadPace; signal: AbortSignal | undefined },
): Promise<Downloaded> {
  const { pace } = options
  const progress: Progress = { bytes: 0, validator: null, mimeType: null }
  const file = await open(path, 'w', 0o600)
  try {
    let empty = 0
    for (let attempt = 1; ; attempt += 1) {
      const before = progress.bytes
      try {
        await transfer(file, progress, get, options.bytesMax)
        return { bytes: progress.bytes, mimeType: progress.mimeType }
      } catch (error) {
        options.signal?.throwIfAborted()
        empty = progress.bytes > before ? 0 : empty + 1
        const isOver = empty >= pace.emptyAttemptsMax || attempt >= pace.attemptsMax
        if (isOver || !isWorthRetrying(error)) throw error
        if (progress.validator === null) progress.bytes = 0
        await pause(pace.pauseMs * 2 ** Math.min(empty, 5), undefined, { signal: options.signal })
      }
    }
  } finally {
    await file.close()
  }
}

async function transfer(
  file: FileHandle,
  progress: Progress,
  get: (headers: Headers) => Promise<Answer>,
  bytesMax: number,
): Promise<void> {
  const headers = new Headers({ accept: '*/*' })
  if (progress.bytes > 0 && progress.validator !== null) {
    headers.set('range', `bytes=${progress.bytes}-`)
    headers.set('if-range', progress.validator)
  }
  const answer = await get(headers)
  try {
    const goesOn = answer.status === 206 && isContinuation(answer, progress)
    if (!goesOn) {
      // A range that we did not ask for, or of another place, is of no use; the next attempt starts anew.
      if (answer.status !== 200) {
        progress.bytes = 0
        throw unexpected(answer.status)
      }
      progress.bytes = 0
      progress.validator = validatorOf(answer)
      progress.mimeType = answer.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? null
      await file.truncate(0)
    }
    for await (const piece of answer.body) {
      const chunk = piece as Buffer
      if (progress.bytes + chunk.length > bytesMax) {
        throw new OutboundError('too_large', `the file is larger than ${bytesMax} bytes`, { maybeSent: true })
      }
      await writeAll(file, chunk, progress.bytes)
      progress.bytes += chunk.length
    }
  } finally {
    answer.body.destroy()
  }
}

async function writeAll(file: FileHandle, chunk: Buffer, position: number): Promise<void> {
  let written = 0
  while (written < chunk.length) {
    const { bytesWritten } = await file.write(chunk, written, chunk.length - written, position + written)
    written += bytesWritten
  }
}

/** Whether a partial answer begins where we stopped and is of the same version, also when `If-Range` was ignored. */
function isContinuation(answer: Answer, progress: Progress): boolean {
  const match = /^bytes (\d+)-/.exec(answer.headers.get('content-range') ?? '')
  const etag = answer.headers.get('etag')
  const isSameVersion = etag === null || etag === progress.validator
  return progress.bytes > 0 && match?.[1] === String(progress.bytes) && isSameVersion
}

/** A strong ETag, else nothing: a date of one second's precision cannot tell two versions apart. */
function validatorOf(answer: Answer): string | null {
  const etag = answer.headers.get('etag')
  return etag?.startsWith('"') ? etag : null
}

function unexpected(status: number): OutboundError {
  return new OutboundError('status', `the file was answered with status ${status}`, {
    maybeSent: true,
    status,
  })
}

function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof OutboundError)) return false
  if (error.code === 'network' || error.code === 'timeout') return true
  const status = error.status ?? 0
  return error.code === 'status' && (status >= 500 || [206, 408, 416, 425, 429].includes(status))
}
