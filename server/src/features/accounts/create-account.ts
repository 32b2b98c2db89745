import { newId } from '@backlot/contract'
import { AppError } from '../../platform/app-error.ts'
import { isUniqueViolation, type Transaction } from '../../platform/db/index.ts'
import {
  insertAccount,
  insertPasswordMethod,
  insertTermsAcceptance,
  insertUser,
  lockUser,
  selectMembership,
} from './account-store.ts'
import type { Room } from './room.ts'

export interface NewPerson {
  readonly email: string
  readonly passwordHash: string
  readonly name: string
  readonly role: 'creator' | 'operator'
  /** Where the acceptance of the terms comes from; null leaves it to the person's first visit. */
  readonly termsFrom: 'setup' | 'sign_up' | 'operator' | null
}

/**
 * Makes a user with a password, their personal account, its key and whatever hangs on it, all in `tx`.
 *
 * @throws AppError `email_taken`; the transaction is then of no use any more
 */
export async function insertPerson(
  room: Room,
  tx: Transaction,
  person: NewPerson,
  at: Date,
): Promise<{ userId: string; accountId: string }> {
  const userId = newId('usr', at.getTime())
  try {
    await insertUser(tx, { id: userId, name: person.name, email: person.email, role: person.role, at })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new AppError(
      'email_taken',
      'There is an account with this e-mail address. Sign in, or reset its password.',
    )
  }
  await insertPasswordMethod(tx, {
    id: newId('sim', at.getTime()),
    userId,
    passwordHash: person.passwordHash,
    at,
  })
  if (person.termsFrom) {
    await insertTermsAcceptance(tx, {
      userId,
      version: room.profile.termsVersion,
      minimumAge: room.profile.minimumAge,
      source: person.termsFrom,
      at,
    })
  }
  return { userId, accountId: await openAccount(room, tx, userId, at) }
}

async function openAccount(room: Room, tx: Transaction, userId: string, at: Date): Promise<string> {
  const accountId = newId('acc', at.getTime())
  await insertAccount(tx, { id: accountId, userId, at })
  await room.keyring.createAccountKey(tx, accountId)
  await room.events.append(tx, { accountId, type: 'account.created', subjectId: accountId, at })
  await room.hooks.onAccountCreated(tx, { accountId, userId, at })
  return accountId
}

/**
 * The user's account, made now if they have none. People who come from a provider are written by Better Auth in a
 * transaction of its own, so a crash may leave a user alone; the first request of theirs repairs that.
 */
export async function ensureAccount(room: Room, userId: string): Promise<string> {
  return room.db.transaction(async (tx) => {
    if (!(await lockUser(tx, userId))) throw new AppError('unauthenticated', 'Sign in first.')
    return (await selectMembership(tx, userId)) ?? (await openAccount(room, tx, userId, room.clock.now()))
  })
}
