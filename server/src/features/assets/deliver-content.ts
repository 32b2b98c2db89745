import { Readable } from 'node:stream'
import { type Rendition, rendition as renditionShape } from '@backlot/contract'
import { AppError } from '../../platform/app-error.ts'
import { ObjectStoreError } from '../../platform/object-store/index.ts'
import { fileNameContext } from './asset.ts'
import type { AssetOptions } from './asset-room.ts'
import { selectAsset, selectRendition } from './asset-store.ts'
import { answerContent } from './content-conditions.ts'
import { isSignedClaim } from './content-url.ts'
import { contentDisposition, renditionFileName } from './file-name.ts'

/** The query of a content address, as it came. */
export interface ContentQuery {
  readonly account?: string | undefined
  readonly rendition?: string | undefined
  readonly expires?: string | undefined
  readonly signature?: string | undefined
  readonly download?: string | undefined
}

/**
 * Serves one rendition to whoever holds a valid address. The body is a stream: it is read as fast as the client
 * takes it, and a client that goes away closes the file.
 *
 * @throws AppError signature_invalid, not_found, gone
 */
export async function deliverContent(
  options: AssetOptions,
  assetId: string,
  query: ContentQuery,
  request: Request,
): Promise<Response> {
  const now = options.clock.now()
  const claim = checkClaim(options, assetId, query, now)
  const asset = await selectAsset(options.db, claim.accountId, assetId)
  if (!asset) throw new AppError('not_found', 'There is no such file.')
  if (asset.deletedAt || !asset.fileName) throw new AppError('gone', 'The file has been deleted.')
  const file = await selectRendition(options.db, asset, claim.rendition)
  if (!file) throw new AppError('not_found', 'This file has no such version.')
  const fileName = await options.keyring.open(asset.accountId, fileNameContext(assetId), asset.fileName)

  const etag = `"${file.sha256}"`
  const header = (name: string) => request.headers.get(name) ?? undefined
  const answer = answerContent(
    {
      method: request.method,
      range: header('range'),
      ifRange: header('if-range'),
      ifNoneMatch: header('if-none-match'),
      ifModifiedSince: header('if-modified-since'),
    },
    { bytes: file.bytes, etag, modifiedAt: asset.createdAt },
  )
  const headers = new Headers({
    'accept-ranges': 'bytes',
    'cache-control': `private, max-age=${Math.max(0, claim.expires - Math.ceil(now.getTime() / 1000))}`,
    etag,
    'last-modified': asset.createdAt.toUTCString(),
  })
  if (answer.status === 304) return new Response(null, { status: 304, headers })
  if (answer.status === 416) {
    headers.set('content-range', `bytes */${file.bytes}`)
    return new Response(null, { status: 416, headers })
  }

  const saved = renditionFileName(fileName, claim.rendition, file.mimeType)
  headers.set('content-type', file.mimeType)
  headers.set(
    'content-disposition',
    contentDisposition(query.download === '1' ? 'attachment' : 'inline', saved),
  )
  headers.set('x-content-type-options', 'nosniff')
  // Opened by itself in a tab, a file of a user must be able to do nothing but show itself.
  headers.set(
    'content-security-policy',
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox",
  )
  const range = answer.status === 206 ? answer.range : { start: 0, end: file.bytes - 1 }
  headers.set('content-length', String(range.end - range.start + 1))
  if (answer.status === 206) headers.set('content-range', `bytes ${range.start}-${range.end}/${file.bytes}`)
  if (request.method === 'HEAD') return new Response(null, { status: 200, headers })

  const source = await openRange(options, asset.accountId, file.objectKey, range)
  return new Response(Readable.toWeb(source) as ReadableStream<Uint8Array>, {
    status: answer.status,
    headers,
  })
}

function checkClaim(options: AssetOptions, assetId: string, query: ContentQuery, now: Date) {
  const { account: accountId = '', signature = '' } = query
  const parsed = renditionShape.safeParse(query.rendition ?? 'original')
  const expires = /^\d{1,12}$/.test(query.expires ?? '') ? Number(query.expires) : 0
  const claim = { accountId, assetId, rendition: (parsed.data ?? 'original') as Rendition, expires }
  if (!parsed.success || !isSignedClaim(options.keyring, claim, signature)) {
    throw new AppError('signature_invalid', 'This link is not one that we made. Load the page again.')
  }
  if (expires * 1000 <= now.getTime()) {
    throw new AppError('signature_invalid', 'This link has expired. Load the page again for a new one.')
  }
  return claim
}

async function openRange(
  options: AssetOptions,
  accountId: string,
  key: string,
  range: { start: number; end: number },
): Promise<Readable> {
  try {
    return await options.objects.read(accountId, key, range)
  } catch (error) {
    // The row was read an instant before its deletion.
    if (error instanceof ObjectStoreError && error.code === 'missing') {
      const [, assetId = ''] = /^([^.]+)\./.exec(key) ?? []
      const asset = await selectAsset(options.db, accountId, assetId)
      if (asset?.deletedAt) throw new AppError('gone', 'The file has been deleted.', { cause: error })
    }
    throw error
  }
}
