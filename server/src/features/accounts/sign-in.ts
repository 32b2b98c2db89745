import type { SignInAnswer } from '@backlot/contract'
import { AppError } from '../../platform/app-error.ts'
import type { HttpContext } from '../../platform/http/index.ts'
import { authHeaders, type Caller, readAnswer } from './auth-calls.ts'
import { begunSession, knownDevice, welcomeDevice } from './devices.ts'
import type { Room } from './room.ts'
import { deleteSession, useCode } from './session-store.ts'
import { addressKey, limits, throttled } from './throttle.ts'

/** Cookies to set, and what to tell the browser. */
export interface SignInOutcome {
  readonly answer: SignInAnswer
  readonly cookies: readonly string[]
}

const wrong = () => new AppError('credentials_wrong', 'The e-mail address or the password is wrong.')

/**
 * First step: address and password. Unknown addresses, addresses without a password and wrong passwords are answered
 * alike, and take the time of one scrypt each.
 *
 * @throws AppError `credentials_wrong`, `too_many_attempts`, `account_suspended`, `overloaded`
 */
export async function signIn(
  room: Room,
  caller: Caller,
  input: { email: string; password: string },
): Promise<SignInOutcome> {
  const { email, password } = input
  // Owners sign in from devices that they have used before: strangers who guess cannot lock them out there.
  const device = await knownDevice(room, caller.headers, email)
  return throttled(
    room,
    [
      { limit: limits.signInByEmail, key: device === null ? email : `${email} ${device}` },
      { limit: limits.signInByAddress, key: addressKey(caller.clientAddress) },
    ],
    async () => {
      const response = await room.auth.api.signInEmail({
        body: { email, password },
        headers: authHeaders(room, caller, { stranger: true }),
        asResponse: true,
      })
      const answer = await readAnswer<{ twoFactorRedirect?: boolean }>(response.clone(), wrong())
      if (answer.twoFactorRedirect) return challenge(response)
      return welcome(room, caller, response)
    },
  )
}

function challenge(response: Response): SignInOutcome {
  return {
    answer: { state: 'second_factor_required', methods: ['totp', 'recovery_code'] },
    cookies: response.headers.getSetCookie(),
  }
}

/** @throws AppError `unauthenticated` when the answer began no session */
export async function welcome(room: Room, caller: Caller, response: Response): Promise<SignInOutcome> {
  const session = await begunSession(room, response)
  if (!session) throw new AppError('unauthenticated', 'The sign-in did not succeed. Start again.')
  return {
    answer: { state: 'signed_in', methods: [] },
    cookies: [...response.headers.getSetCookie(), await welcomeDevice(room, caller, session)],
  }
}

/**
 * Second step: a code of the authenticator app, or a recovery code.
 *
 * @throws AppError `second_factor_wrong`, `too_many_attempts`, `unauthenticated` when the first step is too long ago
 */
export async function proveSecondFactor(
  room: Room,
  caller: Caller,
  input: { method: 'totp' | 'recovery_code'; code: string },
): Promise<SignInOutcome> {
  const headers = authHeaders(room, caller, { stranger: true })
  return throttled(
    room,
    [{ limit: limits.signInByAddress, key: addressKey(caller.clientAddress) }],
    async () => {
      const response =
        input.method === 'totp'
          ? await room.auth.api.verifyTOTP({ body: { code: input.code }, headers, asResponse: true })
          : await room.auth.api.verifyBackupCode({ body: { code: input.code }, headers, asResponse: true })
      await readAnswer(response.clone(), new AppError('second_factor_wrong', 'The code is wrong.'))
      if (input.method === 'totp') await assertUnusedCode(room, response, input.code)
      return welcome(room, caller, response)
    },
  )
}

/** Somebody who looked over a shoulder must not get in with the same code. */
async function assertUnusedCode(room: Room, response: Response, code: string): Promise<void> {
  const session = await begunSession(room, response)
  if (!session) return
  const index = room.keyring.blindIndex('totp', `${session.user_id} ${code}`)
  if (await useCode(room.db, { userId: session.user_id, code: index, at: room.clock.now() })) return
  await deleteSession(room.db, session.user_id, session.id)
  throw new AppError('second_factor_wrong', 'This code was used already. Wait for the next one.')
}

export function setCookies(context: HttpContext, cookies: readonly string[]): void {
  for (const cookie of cookies) context.header('set-cookie', cookie, { append: true })
}
