import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import type { Room } from './room.ts'
import { cookieNames, makeCookie, signCookieValue } from './session-cookie.ts'

const challengeSeconds = 600
const pending = new AsyncLocalStorage<{ userId: string | null }>()

/** Said by the hook that refuses a session: this user must prove a second factor first. */
export function noteChallenge(userId: string): void {
  const store = pending.getStore()
  if (store) store.userId = userId
}

/** Runs `work` and finds out whether it stopped at somebody's second factor. */
export async function catchChallenge<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; userId: string | null }> {
  const store = { userId: null as string | null }
  const result = await pending.run(store, work)
  return { result, userId: store.userId }
}

/**
 * Begins the second step for somebody whom a provider has vouched for, as Better Auth itself does after a password:
 * two records and a signed cookie.
 *
 * @returns the cookie
 */
export async function beginChallenge(room: Room, userId: string): Promise<string> {
  const { internalAdapter } = await room.auth.$context
  const identifier = `2fa-${randomBytes(20).toString('base64url')}`
  const expiresAt = new Date(Date.now() + challengeSeconds * 1000)
  await internalAdapter.createVerificationValue({ identifier, value: userId, expiresAt })
  await internalAdapter.createVerificationValue({
    identifier: `2fa-attempts-${identifier}`,
    value: '0',
    expiresAt,
  })
  const { twoFactor: name } = cookieNames(room.publicOrigin)
  return makeCookie(room.publicOrigin, name, signCookieValue(identifier, room.secret), challengeSeconds)
}
