import { newId } from '@backlot/contract'
import { AppError } from '../../platform/app-error.ts'
import type { Transaction } from '../../platform/db/index.ts'
import type { Identity } from '../../platform/http/index.ts'
import {
  deleteUnprovenAccess,
  insertPasswordMethod,
  selectPasswordHash,
  selectPerson,
  selectPersonByEmail,
  updateEmailVerified,
  updatePasswordHash,
} from './account-store.ts'
import { linkTokenHash, newLinkToken } from './link-token.ts'
import type { Room } from './room.ts'
import { deleteSessionsExcept } from './session-store.ts'
import { addressKey, limits, throttled } from './throttle.ts'
import { expireTokens, insertToken, redeemToken } from './token-store.ts'

const resetValidMs = 3_600_000

/**
 * Changes the password, ends every other session and says so by mail.
 *
 * @throws AppError `credentials_wrong`, `too_many_attempts`, `overloaded`
 */
export async function changePassword(
  room: Room,
  identity: Identity,
  input: { current_password?: string | undefined; new_password: string },
): Promise<void> {
  await proveOwnership(room, identity.userId, input.current_password)
  const passwordHash = await room.hashing.hash(input.new_password)
  await replacePassword(room, { userId: identity.userId, passwordHash, keptSessionId: identity.sessionId })
}

/**
 * Asks for the password once more before something that a borrowed browser must not do. Users without a password
 * (they come from a provider) pass.
 *
 * @throws AppError `credentials_wrong`, `too_many_attempts`
 */
export async function proveOwnership(
  room: Room,
  userId: string,
  password: string | undefined,
): Promise<void> {
  const hash = await selectPasswordHash(room.db, userId)
  if (hash === null) return
  await throttled(room, [{ limit: limits.passwordByUser, key: userId }], async () => {
    const right = password !== undefined && (await room.hashing.verify({ hash, password }))
    if (!right) throw new AppError('credentials_wrong', 'The password is wrong.')
  })
}

/**
 * Sends a reset link if there is such a user. Answers alike in word and time: the work happens behind the answer.
 *
 * @throws AppError `too_many_attempts`, for unknown addresses too
 */
export async function requestReset(room: Room, clientAddress: string, email: string): Promise<void> {
  await throttled(
    room,
    [
      { limit: limits.mailByEmail, key: email },
      { limit: limits.mailByAddress, key: addressKey(clientAddress) },
    ],
    async () => room.inBackground(queueReset(room, email)),
    { countSuccesses: true },
  )
}

async function queueReset(room: Room, email: string): Promise<void> {
  const user = await selectPersonByEmail(room.db, email)
  if (!user) return
  const at = room.clock.now()
  const { token, hash } = newLinkToken()
  await room.db.transaction(async (tx) => {
    const expiresAt = new Date(at.getTime() + resetValidMs)
    await insertToken(tx, {
      hash,
      purpose: 'reset_password',
      userId: user.id,
      email: user.email,
      at,
      expiresAt,
    })
    await room.notices.queue(tx, {
      to: user.email,
      template: 'reset_password',
      values: { link: `${room.publicOrigin}/reset-password?token=${token}` },
      at,
    })
  })
}

/**
 * Sets a new password by a link from the mail, which works once, and ends all sessions. It proves the address too; if
 * nobody had proven it before, whatever else opened the account (passkeys, keys, providers) is taken away, because
 * somebody else may have planted it.
 *
 * @throws AppError `signature_invalid`, `too_many_attempts`
 */
export async function resetPassword(
  room: Room,
  clientAddress: string,
  input: { token: string; password: string },
): Promise<void> {
  await throttled(room, [{ limit: limits.tokenByAddress, key: addressKey(clientAddress) }], async () => {
    const passwordHash = await room.hashing.hash(input.password)
    await room.db.transaction(async (tx) => {
      const at = room.clock.now()
      const hash = linkTokenHash(input.token)
      const redeemed = await redeemToken(tx, { hash, purpose: 'reset_password', at })
      if (!redeemed) {
        throw new AppError(
          'signature_invalid',
          'The link is wrong, was used or is too old. Ask for a new one.',
        )
      }
      const { userId } = redeemed
      const person = await selectPerson(tx, userId)
      if (!person?.email_verified) await deleteUnprovenAccess(tx, userId, at)
      await updateEmailVerified(tx, userId, at)
      tx.afterCommit(() => room.cache.forget((cached) => cached.userId === userId))
      await replacePasswordIn(room, tx, { userId, passwordHash, keptSessionId: null })
    })
  })
}

interface Replacement {
  readonly userId: string
  readonly passwordHash: string
  readonly keptSessionId: string | null
}

function replacePassword(room: Room, replacement: Replacement): Promise<void> {
  return room.db.transaction((tx) => replacePasswordIn(room, tx, replacement))
}

async function replacePasswordIn(
  room: Room,
  tx: Transaction,
  { userId, passwordHash, keptSessionId }: Replacement,
): Promise<void> {
  const at = room.clock.now()
  if (!(await updatePasswordHash(tx, { userId, passwordHash, at }))) {
    await insertPasswordMethod(tx, { id: newId('sim', at.getTime()), userId, passwordHash, at })
  }
  await deleteSessionsExcept(tx, userId, keptSessionId)
  await expireTokens(tx, userId, 'reset_password', at)
  const person = await selectPerson(tx, userId)
  if (person) {
    await room.notices.queue(tx, {
      to: person.email,
      template: 'password_changed',
      values: { at: at.toISOString() },
      at,
    })
  }
  tx.afterCommit(() =>
    room.cache.forget((cached) => cached.userId === userId && cached.sessionId !== keptSessionId),
  )
}
