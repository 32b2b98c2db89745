import { AppError } from '../app-error.ts'

/**
 * Reads a JSON body of at most `bytesMax` bytes.
 *
 * @throws AppError body_too_large (before more than that is read), body_malformed, request_invalid (wrong type)
 */
export async function readJson(request: Request, bytesMax: number): Promise<unknown> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/(?:[\w.+-]+\+)?json(?:\s*;|$)/i.test(type)) {
    throw new AppError('request_invalid', 'Send the body as application/json.', {
      fields: [{ field: 'content-type', code: 'unsupported_type', message: 'Must be application/json.' }],
    })
  }
  const text = new TextDecoder('utf-8', { fatal: true })
  const bytes = await readBytes(request, bytesMax)
  try {
    return JSON.parse(text.decode(bytes))
  } catch (cause) {
    throw new AppError('body_malformed', 'The body is not valid JSON in UTF-8. Nothing was charged.', {
      cause,
    })
  }
}

async function readBytes(request: Request, bytesMax: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? '0')
  if (declared > bytesMax) throw tooLarge(bytesMax)
  if (!request.body) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let total = 0
  for await (const chunk of request.body) {
    total += chunk.byteLength
    // Leaving the loop cancels the stream, so a sender cannot make us read on.
    if (total > bytesMax) throw tooLarge(bytesMax)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function tooLarge(bytesMax: number): AppError {
  return new AppError('body_too_large', `The body may have at most ${bytesMax} bytes. Nothing was charged.`)
}
