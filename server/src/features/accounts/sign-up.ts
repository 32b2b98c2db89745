import { AppError } from '../../platform/app-error.ts'
import { selectPersonByEmail } from './account-store.ts'
import type { Caller } from './auth-calls.ts'
import { beginSession } from './begin-session.ts'
import { insertPerson } from './create-account.ts'
import { queueVerification } from './email-verification.ts'
import { redeemInvitation } from './invitation-store.ts'
import { linkTokenHash } from './link-token.ts'
import type { Room } from './room.ts'
import { addressKey, limits, throttled } from './throttle.ts'

export interface SignUp {
  readonly email: string
  readonly password: string
  readonly name?: string | undefined
  readonly invitation?: string | undefined
  readonly terms_version: string
}

/**
 * Makes an account with a password and begins its first session.
 *
 * @returns the cookies to set
 * @throws AppError `registration_closed`, `invitation_invalid`, `terms_not_accepted`, `email_taken`,
 *   `too_many_attempts`, `overloaded`
 */
export async function signUp(room: Room, caller: Caller, input: SignUp): Promise<string[]> {
  const { profile } = room
  if (profile.registration === 'closed') {
    throw new AppError('registration_closed', `${profile.name} takes no new accounts at present.`)
  }
  if (profile.registration === 'invited' && input.invitation === undefined) {
    throw new AppError('registration_closed', 'An invitation is needed to join. Use the link that you got.')
  }
  assertCurrentTerms(room, input.terms_version)
  const by = [{ limit: limits.signUpByAddress, key: addressKey(caller.clientAddress) }]
  const { userId } = await throttled(room, by, () => insertNewcomer(room, input), { countSuccesses: true })
  return beginSession(room, caller, userId)
}

async function insertNewcomer(room: Room, input: SignUp) {
  // Asked first so that the answer to a taken address costs no scrypt; the unique index has the last word.
  if (await selectPersonByEmail(room.db, input.email)) {
    throw new AppError('email_taken', 'There is an account with this e-mail address. Sign in instead.')
  }
  const passwordHash = await room.hashing.hash(input.password)
  const at = room.clock.now()
  return room.db.transaction(async (tx) => {
    if (room.profile.registration === 'invited') {
      const tokenHash = linkTokenHash(input.invitation ?? '')
      if (!(await redeemInvitation(tx, { tokenHash, email: input.email, at }))) {
        throw new AppError('invitation_invalid', 'The invitation is wrong, used, or for another address.')
      }
    }
    const made = await insertPerson(
      room,
      tx,
      { email: input.email, passwordHash, name: input.name ?? '', role: 'creator', termsFrom: 'sign_up' },
      at,
    )
    await queueVerification(room, tx, { id: made.userId, email: input.email }, at)
    return made
  })
}

/** @throws AppError `terms_not_accepted` when another version was shown */
export function assertCurrentTerms(room: Room, version: string): void {
  if (version === room.profile.termsVersion) return
  throw new AppError('terms_not_accepted', 'The terms have changed meanwhile. Read the current ones first.', {
    members: { terms_version: room.profile.termsVersion },
  })
}
