import { AppError } from '../../platform/app-error.ts'
import type { Transaction } from '../../platform/db/index.ts'
import { selectPerson, updateEmailVerified } from './account-store.ts'
import { linkTokenHash, newLinkToken } from './link-token.ts'
import type { Room } from './room.ts'
import { addressKey, limits, throttled } from './throttle.ts'
import { expireTokens, insertToken, redeemToken } from './token-store.ts'

const validMs = 24 * 3_600_000

/** Queues the mail with the link that proves the address. */
export async function queueVerification(
  room: Room,
  tx: Transaction,
  user: { id: string; email: string },
  at: Date,
): Promise<void> {
  const { token, hash } = newLinkToken()
  const expiresAt = new Date(at.getTime() + validMs)
  await insertToken(tx, { hash, purpose: 'verify_email', userId: user.id, email: user.email, at, expiresAt })
  await room.notices.queue(tx, {
    to: user.email,
    template: 'verify_email',
    values: { link: `${room.publicOrigin}/verify-email?token=${token}` },
    at,
  })
}

/** Sends the link again. @throws AppError `state_conflict` when the address is proven already, `too_many_attempts` */
export async function resendVerification(room: Room, userId: string): Promise<void> {
  const user = await selectPerson(room.db, userId)
  if (!user) throw new AppError('unauthenticated', 'Sign in first.')
  if (user.email_verified) throw new AppError('state_conflict', 'The e-mail address is verified already.')
  await throttled(
    room,
    [{ limit: limits.mailByEmail, key: user.email }],
    () => room.db.transaction((tx) => queueVerification(room, tx, user, room.clock.now())),
    { countSuccesses: true },
  )
}

/** @throws AppError `signature_invalid` for a link that is wrong, used or too old; `too_many_attempts` */
export async function verifyEmail(room: Room, clientAddress: string, token: string): Promise<void> {
  const by = [{ limit: limits.tokenByAddress, key: addressKey(clientAddress) }]
  await throttled(room, by, () => redeemVerification(room, token))
}

async function redeemVerification(room: Room, token: string): Promise<void> {
  const at = room.clock.now()
  await room.db.transaction(async (tx) => {
    const redeemed = await redeemToken(tx, { hash: linkTokenHash(token), purpose: 'verify_email', at })
    if (!redeemed) {
      throw new AppError('signature_invalid', 'The link is wrong, was used or is too old. Ask for a new one.')
    }
    await updateEmailVerified(tx, redeemed.userId, at)
    await expireTokens(tx, redeemed.userId, 'verify_email', at)
  })
}
