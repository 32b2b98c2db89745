import type { Passkey } from '@backlot/contract'
import { AppError } from '../../platform/app-error.ts'
import type { Identity } from '../../platform/http/index.ts'
import { authHeaders, type Caller, readAnswer } from './auth-calls.ts'
import { deletePasskey, selectPasskeys } from './passkey-store.ts'
import type { Room } from './room.ts'
import { type SignInOutcome, welcome } from './sign-in.ts'
import { addressKey, limits, throttled } from './throttle.ts'

type WebAuthnResponse = Readonly<Record<string, unknown>>

const refused = () => new AppError('credentials_wrong', 'The passkey was not accepted.')

/** What the browser needs to make a passkey. @throws AppError `sign_in_stale` a day after the last sign-in */
export async function passkeyRegistrationOptions(room: Room, caller: Caller) {
  const response = await room.auth.api.generatePasskeyRegistrationOptions({
    headers: authHeaders(room, caller, { stranger: false }),
    asResponse: true,
  })
  const options = await readAnswer<Record<string, unknown>>(response.clone(), refused())
  return { options, cookies: response.headers.getSetCookie() }
}

/** @throws AppError `credentials_wrong` when the answer does not belong to the question, `sign_in_stale` */
export async function registerPasskey(
  room: Room,
  caller: Caller,
  input: { name: string; response: WebAuthnResponse },
): Promise<Passkey> {
  const response = await room.auth.api.verifyPasskeyRegistration({
    body: { name: input.name, response: input.response },
    headers: authHeaders(room, caller, { stranger: false }),
    asResponse: true,
  })
  const made = await readAnswer<{ id: string; name: string; createdAt: string }>(response, refused())
  return { id: made.id, name: made.name, created_at: made.createdAt }
}

export async function listPasskeys(room: Room, identity: Identity): Promise<Passkey[]> {
  const rows = await selectPasskeys(room.db, identity.userId)
  return rows.map((row) => ({
    id: row.id,
    name: row.name ?? 'Passkey',
    created_at: row.created_at?.toISOString() ?? null,
  }))
}

/** @throws AppError `not_found` */
export async function removePasskey(room: Room, identity: Identity, id: string): Promise<void> {
  if (!(await deletePasskey(room.db, identity.userId, id))) {
    throw new AppError('not_found', 'There is no such passkey.')
  }
}

/** What the browser needs to sign in with a passkey that it knows. @throws AppError `too_many_attempts` */
export async function passkeySignInOptions(room: Room, caller: Caller) {
  const by = [{ limit: limits.beginningsByAddress, key: addressKey(caller.clientAddress) }]
  const begin = async () => {
    const response = await room.auth.api.generatePasskeyAuthenticationOptions({
      headers: authHeaders(room, caller, { stranger: true }),
      asResponse: true,
    })
    const options = await readAnswer<Record<string, unknown>>(response.clone(), refused())
    return { options, cookies: response.headers.getSetCookie() }
  }
  return throttled(room, by, begin, { countSuccesses: true })
}

/** Passkeys stand for both factors: the device has asked for its owner. @throws AppError `credentials_wrong` */
export async function signInWithPasskey(
  room: Room,
  caller: Caller,
  input: WebAuthnResponse,
): Promise<SignInOutcome> {
  const by = [{ limit: limits.signInByAddress, key: addressKey(caller.clientAddress) }]
  return throttled(room, by, async () => {
    const response = await room.auth.api.verifyPasskeyAuthentication({
      // Its library checks every part of it; a shape that it does not know is refused like a wrong one.
      body: { response: input as never },
      headers: authHeaders(room, caller, { stranger: true }),
      asResponse: true,
    })
    await readAnswer(response.clone(), refused())
    return welcome(room, caller, response)
  })
}
