import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

export interface StaticFile {
  readonly body: Uint8Array<ArrayBuffer>
  readonly type: string
  readonly etag: string
  readonly encoded: ReadonlyMap<'br' | 'gzip', Uint8Array<ArrayBuffer>>
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mp4': 'video/mp4',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}
const compressible = /^(?:text|application|image\/svg)/
const bytesMax = 64 * 1024 * 1024
const brotli = promisify(brotliCompress)
const gz = promisify(gzip)

/**
 * Reads a built web app into memory, compressed once. It is a few files of known size, so nothing of a request ever
 * becomes a path on disk.
 *
 * @returns by path with a leading slash; empty when the folder does not exist
 */
export async function loadStaticFiles(directory: string): Promise<ReadonlyMap<string, StaticFile>> {
  const files = new Map<string, StaticFile>()
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => [])
  let total = 0
  for (const entry of entries) {
    if (!entry.isFile() || entry.name.endsWith('.map')) continue
    const file = path.join(entry.parentPath, entry.name)
    const body = new Uint8Array(await readFile(file))
    total += body.length
    if (total > bytesMax) throw new Error(`the files in ${directory} are larger than a web app should be`)
    const type = types[path.extname(entry.name)] ?? 'application/octet-stream'
    const encoded = new Map<'br' | 'gzip', Uint8Array<ArrayBuffer>>()
    if (compressible.test(type) && body.length > 1024) {
      const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }
      encoded.set('br', new Uint8Array(await brotli(body, quality)))
      encoded.set('gzip', new Uint8Array(await gz(body)))
    }
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`
    files.set(`/${path.relative(directory, file).split(path.sep).join('/')}`, { body, type, etag, encoded })
  }
  return files
}

/** Answers with the file, from the visitor's cache where it has it. `immutable` for names that carry a hash. */
export function staticResponse(file: StaticFile, request: Request, immutable: boolean): Response {
  const headers = new Headers({
    'content-type': file.type,
    etag: file.etag,
    vary: 'accept-encoding',
    'cache-control': immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  })
  if (request.headers.get('if-none-match') === file.etag) return new Response(null, { status: 304, headers })
  const accepted = request.headers.get('accept-encoding') ?? ''
  const encoding = (['br', 'gzip'] as const).find((name) => accepted.includes(name) && file.encoded.has(name))
  const body = (encoding && file.encoded.get(encoding)) ?? file.body
  if (encoding) headers.set('content-encoding', encoding)
  headers.set('content-length', String(body.length))
  return new Response(request.method === 'HEAD' ? null : body, { headers })
}
