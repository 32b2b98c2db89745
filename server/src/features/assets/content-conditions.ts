import type { ByteRange } from '../../platform/object-store/index.ts'

/** What a request for content asks, by its headers. */
export interface ContentRequest {
  readonly method: string
  readonly range: string | undefined
  readonly ifRange: string | undefined
  readonly ifNoneMatch: string | undefined
  readonly ifModifiedSince: string | undefined
}

export type ContentAnswer =
  | { readonly status: 200 }
  | { readonly status: 206; readonly range: ByteRange }
  | { readonly status: 304 }
  | { readonly status: 416 }

/**
 * How a request for a file is answered, after RFC 9110 §13 and §14: preconditions first, then the range, which counts
 * for GET only and only while `If-Range` still names this version. Several ranges at once are answered with the
 * whole, as are ranges that cannot be read.
 *
 * @param etag the strong validator, with its quotes
 */
export function answerContent(
  request: ContentRequest,
  file: { readonly bytes: number; readonly etag: string; readonly modifiedAt: Date },
): ContentAnswer {
  if (request.ifNoneMatch !== undefined) {
    if (matchesAny(request.ifNoneMatch, file.etag)) return { status: 304 }
  } else if (request.ifModifiedSince !== undefined) {
    const since = Date.parse(request.ifModifiedSince)
    if (!Number.isNaN(since) && wholeSeconds(file.modifiedAt) <= since) return { status: 304 }
  }
  if (request.method !== 'GET' || request.range === undefined) return { status: 200 }
  if (request.ifRange !== undefined && !isSameVersion(request.ifRange, file)) return { status: 200 }
  const range = parseRange(request.range, file.bytes)
  if (range === 'ignored') return { status: 200 }
  return range === 'outside' ? { status: 416 } : { status: 206, range }
}

/**
 * One byte range of a `Range` header: `bytes=0-1`, `bytes=5-`, `bytes=-2`.
 *
 * @returns `outside` when it selects nothing of the file, `ignored` when it is not one valid range of bytes
 */
export function parseRange(header: string, bytes: number): ByteRange | 'outside' | 'ignored' {
  const match = /^bytes[ \t]*=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i.exec(header)
  if (!match) return 'ignored'
  const [, first = '', last = ''] = match
  if (first === '') {
    if (last === '') return 'ignored'
    const length = Number(last)
    return length === 0 || bytes === 0 ? 'outside' : { start: Math.max(0, bytes - length), end: bytes - 1 }
  }
  const start = Number(first)
  const end = last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1)
  if (last !== '' && Number(last) < start) return 'ignored'
  return start >= bytes ? 'outside' : { start, end }
}

/** `If-None-Match`: a list of ETags or `*`, compared weakly. */
function matchesAny(header: string, etag: string): boolean {
  return header.split(',').some((each) => {
    const wanted = each.trim().replace(/^W\//, '')
    return wanted === '*' || wanted === etag
  })
}

/** `If-Range` takes a strong ETag or the exact date; anything else means the whole file, never a wrong part. */
function isSameVersion(header: string, file: { etag: string; modifiedAt: Date }): boolean {
  const wanted = header.trim()
  if (wanted.startsWith('"')) return wanted === file.etag
  return !wanted.startsWith('W/') && Date.parse(wanted) === wholeSeconds(file.modifiedAt)
}

function wholeSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1000) * 1000
}
