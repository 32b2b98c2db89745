/** Whose move it is: what a caller (or a support person) needs to know before reading the code. */
export type ErrorKind = 'user' | 'funds' | 'limit' | 'policy' | 'provider' | 'ours'

export interface CatalogueEntry {
  readonly status: number
  readonly kind: ErrorKind
  readonly title: string
  readonly retryable: boolean
}

/** Every error that Backlot answers with. Codes are stable: they are added, never renamed. */
export const catalogue = {
  // user: the request must change
  body_malformed: { status: 400, kind: 'user', title: 'The body is not valid JSON', retryable: false },
  request_invalid: { status: 422, kind: 'user', title: 'Some fields are wrong', retryable: false },
  model_unknown: { status: 422, kind: 'user', title: 'No such model', retryable: false },
  parameter_unsupported: { status: 422, kind: 'user', title: 'The model cannot do that', retryable: false },
  upload_unsupported: {
    status: 415,
    kind: 'user',
    title: 'This kind of file is not accepted',
    retryable: false,
  },
  upload_broken: { status: 422, kind: 'user', title: 'The file could not be read', retryable: false },
  body_too_large: { status: 413, kind: 'user', title: 'The request is too large', retryable: false },
  not_found: { status: 404, kind: 'user', title: 'Not found', retryable: false },
  method_not_allowed: { status: 405, kind: 'user', title: 'Method not allowed', retryable: false },
  gone: { status: 410, kind: 'user', title: 'It has been deleted', retryable: false },
  range_unsatisfiable: {
    status: 416,
    kind: 'user',
    title: 'The range lies outside the file',
    retryable: false,
  },
  unauthenticated: { status: 401, kind: 'user', title: 'Sign in first', retryable: false },
  credentials_wrong: { status: 401, kind: 'user', title: 'E-mail or password is wrong', retryable: false },
  second_factor_required: { status: 401, kind: 'user', title: 'A second factor is needed', retryable: false },
  second_factor_wrong: { status: 401, kind: 'user', title: 'The code is wrong', retryable: false },
  sign_in_stale: { status: 403, kind: 'user', title: 'Sign in again first', retryable: false },
  email_unverified: {
    status: 403,
    kind: 'user',
    title: 'Verify your e-mail address first',
    retryable: false,
  },
  forbidden: { status: 403, kind: 'user', title: 'Not allowed', retryable: false },
  origin_refused: {
    status: 403,
    kind: 'user',
    title: 'The request came from another site',
    retryable: false,
  },
  signature_invalid: {
    status: 403,
    kind: 'user',
    title: 'The link is wrong or has expired',
    retryable: false,
  },
  setup_token_wrong: { status: 403, kind: 'user', title: 'The setup token is wrong', retryable: false },
  setup_done: { status: 409, kind: 'user', title: 'The operator account exists already', retryable: false },
  registration_closed: { status: 403, kind: 'user', title: 'Registration is closed', retryable: false },
  invitation_invalid: {
    status: 403,
    kind: 'user',
    title: 'The invitation is wrong or used up',
    retryable: false,
  },
  age_too_low: { status: 403, kind: 'user', title: 'You are too young for this service', retryable: false },
  terms_not_accepted: {
    status: 422,
    kind: 'user',
    title: 'Accept the current terms first',
    retryable: false,
  },
  email_taken: { status: 409, kind: 'user', title: 'This e-mail address has an account', retryable: false },
  account_suspended: { status: 403, kind: 'user', title: 'The account is suspended', retryable: false },
  state_conflict: { status: 409, kind: 'user', title: 'Not possible in the present state', retryable: false },
  idempotency_conflict: {
    status: 409,
    kind: 'user',
    title: 'This Idempotency-Key was used for another request',
    retryable: false,
  },
  quote_changed: { status: 409, kind: 'user', title: 'The price has changed', retryable: false },
  max_cost_exceeded: {
    status: 422,
    kind: 'user',
    title: 'It would cost more than you allow',
    retryable: false,
  },
  // funds
  credits_insufficient: { status: 402, kind: 'funds', title: 'Not enough credits', retryable: false },
  // limit
  too_many_attempts: { status: 429, kind: 'limit', title: 'Too many attempts', retryable: true },
  too_many_outstanding: {
    status: 429,
    kind: 'limit',
    title: 'Too many generations are waiting already',
    retryable: true,
  },
  // policy
  prompt_blocked: { status: 422, kind: 'policy', title: 'The prompt breaks a rule', retryable: false },
  output_blocked: { status: 422, kind: 'policy', title: 'The model declined this request', retryable: false },
  // provider: what the upstream did
  provider_failed: { status: 502, kind: 'provider', title: 'The model failed', retryable: true },
  provider_unavailable: { status: 503, kind: 'provider', title: 'The model is unavailable', retryable: true },
  provider_timeout: {
    status: 504,
    kind: 'provider',
    title: 'The model did not answer in time',
    retryable: true,
  },
  // ours
  internal: { status: 500, kind: 'ours', title: 'Something broke on our side', retryable: true },
  media_failed: { status: 500, kind: 'ours', title: 'The result could not be processed', retryable: true },
  unavailable: { status: 503, kind: 'ours', title: 'Not ready yet', retryable: true },
  overloaded: { status: 503, kind: 'ours', title: 'Too busy right now', retryable: true },
} as const satisfies Record<string, CatalogueEntry>

export type ErrorCode = keyof typeof catalogue

/** The codes in one list, for schemas and documents. */
export const errorCodes = Object.keys(catalogue) as [ErrorCode, ...ErrorCode[]]

/** One wrong field of a request. `code` is stable; `field` is a dotted path such as `parameters.seconds`. */
export interface FieldFault {
  readonly field: string
  readonly code: string
  readonly message: string
}
