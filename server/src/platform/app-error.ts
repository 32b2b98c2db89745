import { catalogue, type ErrorCode, type FieldFault } from '@backlot/contract'

/**
 * An expected failure. Features throw codes; only `platform/http` and the command line turn them into words for
 * people. Whatever is not an `AppError` is a bug.
 */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly fields: readonly FieldFault[] | undefined
  /** Further members of the problem document, e.g. `category` or `available`. */
  readonly members: Readonly<Record<string, unknown>>
  /** Seconds after which trying again makes sense, for `Retry-After`. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: ErrorCode,
    detail: string,
    options: {
      fields?: readonly FieldFault[]
      members?: Record<string, unknown>
      retryAfterSeconds?: number
      cause?: unknown
    } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.fields = options.fields
    this.members = options.members ?? {}
    this.retryAfterSeconds = options.retryAfterSeconds
  }

  get status(): number {
    return catalogue[this.code].status
  }
}

export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code)
}
