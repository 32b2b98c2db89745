import { AppError } from '../app-error.ts'

// The server's own limit is made for uploads of an hour; some kilobytes of JSON need no such time.
const bodyDeadlineMs = 30_000

/**
 * Reads a JSON body of at most `bytesMax` bytes, for at most `deadlineMs` (default 30 s).
 *
 * @throws AppError body_too_large (before more than that is read), body_malformed (also when it does not end in time),
 *   request_invalid (wrong type)
 */
export async function readJson(
  request: Request,
  bytesMax: number,
  deadlineMs = bodyDeadlineMs,
): Promise<unknown> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/(?:[\w.+-]+\+)?json(?:\s*;|$)/i.test(type)) {
    throw new AppError('request_invalid', 'Send the body as application/json.', {
      fields: [{ field: 'content-type', code: 'unsupported_type', message: 'Must be application/json.' }],
    })
  }
  const text = new TextDecoder('utf-8', { fatal: true })
  const bytes = await readBytes(request, bytesMax, deadlineMs)
  try {
    return JSON.parse(text.decode(bytes))
  } catch (cause) {
    throw new AppError('body_malformed', 'The body is not valid JSON in UTF-8. Nothing was charged.', {
      cause,
    })
  }
}

async function readBytes(request: Request, bytesMax: number, deadlineMs: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? '0')
  if (declared > bytesMax) throw tooLarge(bytesMax)
  if (!request.body) return new Uint8Array()
  const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader()
  const chunks: Uint8Array[] = []
  let total = 0
  let isLate = false
  // Cancelling ends the read that waits, and a sender cannot make us read on.
  const giveUp = () => void reader.cancel().catch(() => undefined)
  const timer = setTimeout(() => {
    isLate = true
    giveUp()
  }, deadlineMs)
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      total += read.value.byteLength
      if (total > bytesMax) throw tooLarge(bytesMax)
      chunks.push(read.value)
    }
  } catch (error) {
    giveUp()
    throw error
  } finally {
    clearTimeout(timer)
  }
  if (isLate) throw new AppError('body_malformed', 'The body did not arrive in time. Nothing was charged.')
  return Buffer.concat(chunks)
}

function tooLarge(bytesMax: number): AppError {
  return new AppError('body_too_large', `The body may have at most ${bytesMax} bytes. Nothing was charged.`)
}
