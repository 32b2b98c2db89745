import { AppError } from '../../platform/app-error.ts'
import type { HttpContext } from '../../platform/http/index.ts'
import { addressHeader } from './auth.ts'
import type { Room } from './room.ts'
import { cookieNames, withoutCookies } from './session-cookie.ts'

/** What a ceremony needs to know of the request that it answers. */
export interface Caller {
  readonly headers: Headers
  readonly clientAddress: string
}

export function callerOf(input: { context: HttpContext; clientAddress: string }): Caller {
  return { headers: input.context.req.raw.headers, clientAddress: input.clientAddress }
}

/**
 * The headers that Better Auth gets to see: cookies, the browser, and the address that we found out ourselves.
 * While somebody signs in, an older session in the same browser must play no part: `stranger` hides it.
 */
export function authHeaders(room: Room, caller: Caller, options: { stranger: boolean }): Headers {
  const headers = new Headers()
  const cookie = caller.headers.get('cookie')
  const names = cookieNames(room.publicOrigin)
  headers.set('cookie', options.stranger ? withoutCookies(cookie, [names.session]) : (cookie ?? ''))
  headers.set('user-agent', (caller.headers.get('user-agent') ?? '').slice(0, 500))
  headers.set('origin', room.publicOrigin)
  headers.set(addressHeader, caller.clientAddress)
  return headers
}

const refusals: Readonly<Record<string, () => AppError>> = {
  INVALID_EMAIL_OR_PASSWORD: () =>
    new AppError('credentials_wrong', 'The e-mail address or the password is wrong.'),
  INVALID_EMAIL: () => new AppError('credentials_wrong', 'The e-mail address or the password is wrong.'),
  INVALID_PASSWORD: () => new AppError('credentials_wrong', 'The password is wrong.'),
  INVALID_CODE: () =>
    new AppError('second_factor_wrong', 'The code is wrong or was used before. Try the next one.'),
  INVALID_BACKUP_CODE: () =>
    new AppError('second_factor_wrong', 'The recovery code is wrong or was used before.'),
  INVALID_TWO_FACTOR_COOKIE: () =>
    new AppError('unauthenticated', 'The sign-in took too long. Start again with your password.'),
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: () =>
    new AppError('too_many_attempts', 'Too many wrong codes. Start again with your password.'),
  ACCOUNT_TEMPORARILY_LOCKED: () =>
    new AppError('too_many_attempts', 'Too many wrong codes. Try again in a quarter of an hour.', {
      retryAfterSeconds: 900,
    }),
  TOTP_NOT_ENABLED: () => new AppError('state_conflict', 'No authenticator app is set up.'),
  TOTP_ALREADY_ENABLED: () => new AppError('state_conflict', 'An authenticator app is set up already.'),
  TWO_FACTOR_NOT_ENABLED: () => new AppError('state_conflict', 'The second factor is off.'),
  BACKUP_CODES_NOT_ENABLED: () => new AppError('state_conflict', 'There are no recovery codes.'),
  SESSION_NOT_FRESH: () => new AppError('sign_in_stale', 'For this, sign out and in again first.'),
  account_suspended: () =>
    new AppError('account_suspended', 'The account is suspended. Write to the operator.'),
}

/**
 * The JSON of Better Auth's answer.
 *
 * @throws AppError in our words for every refusal of its
 */
export async function readAnswer<Answer>(response: Response, otherwise: AppError): Promise<Answer> {
  const body: unknown = await response.json().catch(() => null)
  if (response.ok) return body as Answer
  const code = typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : ''
  throw refusals[code]?.() ?? otherwise
}
