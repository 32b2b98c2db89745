/**
 * Why an outgoing request gave no usable answer.
 *
 * - `address_refused`: not http(s), not a public address, or not a host that the caller accepts
 * - `redirect_refused`: too many redirects, or one that would carry a body or leave https
 * - `too_large`: the body is above the limit
 * - `timeout`: connecting, the headers, a pause in the body or the whole took too long
 * - `network`: the name does not resolve, the connection was refused or broke
 * - `status`: a download was answered with something other than the file
 */
export type OutboundErrorCode =
  | 'address_refused'
  | 'redirect_refused'
  | 'too_large'
  | 'timeout'
  | 'network'
  | 'status'

export class OutboundError extends Error {
  override readonly name = 'OutboundError'
  readonly code: OutboundErrorCode
  /**
   * Whether the other side may have received the request. False only where it is certain that it has not: then, and
   * only then, sending it again cannot do a thing twice.
   */
  readonly maybeSent: boolean
  /** Status of the answer, for `status`. */
  readonly status: number | undefined

  constructor(
    code: OutboundErrorCode,
    message: string,
    options: { maybeSent: boolean; status?: number; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.maybeSent = options.maybeSent
    this.status = options.status
  }
}

/** True when an error, or what caused it (libraries wrap), says for certain that the request never left. */
export function wasNeverSent(error: unknown): boolean {
  let current = error
  for (let depth = 0; depth < 8 && current instanceof Error; depth += 1) {
    if (current instanceof OutboundError) return !current.maybeSent
    current = current.cause
  }
  return false
}

// All of them happen before the first byte of a request is written.
const beforeSending = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])
const timeouts = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
])

/** A failure of the HTTP client as one of ours; errors of ours stay what they are. */
export function fromClientFailure(error: unknown, hasAnswer: boolean): OutboundError {
  const own = findOwn(error)
  if (own) return own
  const code = clientCode(error)
  const maybeSent = hasAnswer || !beforeSending.has(code ?? '')
  if (timeouts.has(code ?? '')) {
    return new OutboundError('timeout', 'the other side took too long', { maybeSent, cause: error })
  }
  return new OutboundError('network', `the connection failed${code ? ` (${code})` : ''}`, {
    maybeSent,
    cause: error,
  })
}

function findOwn(error: unknown): OutboundError | undefined {
  if (error instanceof OutboundError) return error
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof OutboundError ? cause : undefined
}

/** The client's code; of several addresses tried, the code that they all share. */
function clientCode(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) {
    const codes = new Set(error.errors.map((each) => clientCode(each)))
    if (codes.size === 1) return [...codes][0]
    return [...codes].find((code) => !beforeSending.has(code ?? '')) ?? 'ENETUNREACH'
  }
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
