import { createWriteStream } from 'node:fs'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy'
import { AppError } from '../../platform/app-error.ts'

// What a multipart body may add around its file.
const multipartOverheadBytes = 64 * 1024

export interface ReceivedUpload {
  /** As the sender calls it; not yet cleaned. Null when it has no name. */
  readonly fileName: string | null
}

/**
 * Streams the file of an upload request to `target`: the body itself (`Content-Type: image/…`), or the part named
 * `file` of a multipart form. It stops reading as soon as the limit is passed, and never holds the whole in memory.
 *
 * @throws AppError body_too_large, upload_unsupported, upload_broken, request_invalid
 */
export async function receiveUpload(
  request: Request,
  target: string,
  options: { bytesMax: number; signal: AbortSignal },
): Promise<ReceivedUpload> {
  const type = request.headers.get('content-type') ?? ''
  const isForm = /^multipart\/form-data\s*;/i.test(type)
  if (!isForm && !/^(image\/[\w.+-]+|application\/octet-stream)\s*(;|$)/i.test(type)) {
    throw new AppError(
      'upload_unsupported',
      'Send an image as the body with its own Content-Type, or as the part `file` of a multipart form.',
    )
  }
  const announced = Number(request.headers.get('content-length') ?? 0)
  if (announced > options.bytesMax + (isForm ? multipartOverheadBytes : 0)) throw tooLarge(options.bytesMax)
  if (!request.body) throw new AppError('upload_broken', 'The body is empty.')
  const body = Readable.fromWeb(request.body as NodeReadableStream<Uint8Array>)
  try {
    if (isForm) return await receiveForm(body, type, target, options)
    await pipeline(body, limit(options.bytesMax), writer(target), { signal: options.signal })
    return { fileName: null }
  } catch (error) {
    if (error instanceof AppError) throw error
    if (options.signal.aborted || isBrokenTransfer(error)) {
      throw new AppError('upload_broken', 'The upload broke off.', { cause: error })
    }
    throw error
  } finally {
    body.destroy()
  }
}

async function receiveForm(
  body: Readable,
  type: string,
  target: string,
  options: { bytesMax: number; signal: AbortSignal },
): Promise<ReceivedUpload> {
  let parser: BusboyInstance
  try {
    parser = new Busboy({
      headers: { 'content-type': type },
      limits: { files: 4, fields: 8, fieldSize: 4096, parts: 10, headerPairs: 20 },
    })
  } catch (error) {
    throw new AppError('request_invalid', 'The multipart form names no boundary.', { cause: error })
  }
  let fileName: string | null = null
  let file: BusboyFileStream | undefined
  let written: Promise<void> | undefined
  parser.on('file', (field, stream, name: string | undefined) => {
    if (field !== 'file' || file) {
      stream.on('error', () => undefined)
      stream.resume()
      return
    }
    file = stream
    fileName = name ?? null
    written = pipeline(stream, limit(options.bytesMax), writer(target))
    // A file above the limit, or a disk that is full, ends the reading of the form at once.
    written.catch((error: Error) => parser.destroy(error))
  })
  await pipeline(body, parser, { signal: options.signal }).catch(async (error: unknown) => {
    // The parser does not end the part that it was in the middle of.
    file?.destroy(new Error('the form broke off'))
    const fault = await written?.catch((reason: unknown) => reason)
    if (fault instanceof AppError) throw fault
    throw isParserComplaint(error) ? new AppError('upload_broken', 'The form is cut off or broken.') : error
  })
  if (!written) {
    throw new AppError('request_invalid', 'The form has no part `file`.', {
      fields: [{ field: 'file', code: 'required', message: 'This field is required.' }],
    })
  }
  await written
  return { fileName }
}

function limit(bytesMax: number): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > bytesMax) done(tooLarge(bytesMax))
      else done(null, chunk)
    },
  })
}

function writer(target: string) {
  return createWriteStream(target, { flags: 'wx', mode: 0o600 })
}

function tooLarge(bytesMax: number): AppError {
  return new AppError('body_too_large', `A file may have at most ${bytesMax} bytes. Nothing was stored.`)
}

/** The parser's own complaints carry no code, unlike those of the network and the disk. */
function isParserComplaint(error: unknown): boolean {
  return error instanceof Error && !(error instanceof AppError) && !('code' in error)
}

function isBrokenTransfer(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return (
    code === 'ECONNRESET' ||
    code === 'ERR_STREAM_PREMATURE_CLOSE' ||
    (error instanceof Error && error.name === 'AbortError') ||
    (error instanceof TypeError && /terminated|aborted/i.test(error.message))
  )
}
