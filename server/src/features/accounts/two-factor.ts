import { AppError } from '../../platform/app-error.ts'
import type { Identity } from '../../platform/http/index.ts'
import { authHeaders, type Caller, readAnswer } from './auth-calls.ts'
import { proveOwnership } from './passwords.ts'
import type { Room } from './room.ts'

const failed = () => new AppError('state_conflict', 'The second factor could not be changed.')

/** Better Auth gives the browser a new session when the second factor changes: what was known of the old one goes. */
function forget(room: Room, identity: Identity): void {
  room.cache.forget((cached) => cached.userId === identity.userId)
}

/**
 * Prepares an authenticator app; it counts only once a code of it was confirmed.
 *
 * @throws AppError `credentials_wrong`, `state_conflict` when one is set up already
 */
export async function prepareTwoFactor(
  room: Room,
  caller: Caller,
  identity: Identity,
  password: string | undefined,
): Promise<{ totp_uri: string; recovery_codes: string[] }> {
  await proveOwnership(room, identity.userId, password)
  const response = await room.auth.api.enableTwoFactor({
    body: { ...(password === undefined ? {} : { password }), method: 'totp' },
    headers: authHeaders(room, caller, { stranger: false }),
    asResponse: true,
  })
  const answer = await readAnswer<{ totpURI: string; backupCodes: string[] }>(response, failed())
  return { totp_uri: answer.totpURI, recovery_codes: answer.backupCodes }
}

/** @returns the cookies of the new session @throws AppError `second_factor_wrong`, `state_conflict` */
export async function confirmTwoFactor(
  room: Room,
  caller: Caller,
  identity: Identity,
  code: string,
): Promise<string[]> {
  const response = await room.auth.api.verifyTOTP({
    body: { code },
    headers: authHeaders(room, caller, { stranger: false }),
    asResponse: true,
  })
  await readAnswer(response.clone(), failed())
  forget(room, identity)
  return response.headers.getSetCookie()
}

/** @returns the cookies of the new session @throws AppError `credentials_wrong` */
export async function disableTwoFactor(
  room: Room,
  caller: Caller,
  identity: Identity,
  password: string | undefined,
): Promise<string[]> {
  await proveOwnership(room, identity.userId, password)
  const response = await room.auth.api.disableTwoFactor({
    body: password === undefined ? {} : { password },
    headers: authHeaders(room, caller, { stranger: false }),
    asResponse: true,
  })
  await readAnswer(response.clone(), failed())
  forget(room, identity)
  return response.headers.getSetCookie()
}

/** New recovery codes; the old ones stop working. @throws AppError `credentials_wrong`, `state_conflict` */
export async function renewRecoveryCodes(
  room: Room,
  caller: Caller,
  identity: Identity,
  password: string | undefined,
): Promise<string[]> {
  await proveOwnership(room, identity.userId, password)
  const response = await room.auth.api.generateBackupCodes({
    body: password === undefined ? {} : { password },
    headers: authHeaders(room, caller, { stranger: false }),
    asResponse: true,
  })
  return (await readAnswer<{ backupCodes: string[] }>(response, failed())).backupCodes
}
