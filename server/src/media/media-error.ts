/**
 * Why a media operation did not give a result.
 *
 * - `media_unsupported`: a format that we do not take
 * - `media_broken`: a format that we take, but the file cannot be read as one
 * - `media_too_large`: bytes, pixels, sides, duration or frame rate above a limit
 * - `media_timeout`: the job did not end within its wall time and was killed
 * - `media_failed`: everything else (memory limit, output limit, a crash of the native code): ours, not the file's
 */
export type MediaErrorCode =
  | 'media_unsupported'
  | 'media_broken'
  | 'media_too_large'
  | 'media_timeout'
  | 'media_failed'

const codes: readonly string[] = [
  'media_unsupported',
  'media_broken',
  'media_too_large',
  'media_timeout',
  'media_failed',
]

/** An expected failure of a media operation. `detail` is a short sentence of ours and never holds a path or file content. */
export class MediaError extends Error {
  readonly code: MediaErrorCode
  readonly detail: string

  constructor(code: MediaErrorCode, detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options)
    this.name = 'MediaError'
    this.code = code
    this.detail = detail
  }
}

/** Whether a word that arrived from a child process is one of our codes. */
export function isMediaErrorCode(value: unknown): value is MediaErrorCode {
  return typeof value === 'string' && codes.includes(value)
}
