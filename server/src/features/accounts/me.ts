import type { Me } from '@backlot/contract'
import { AppError } from '../../platform/app-error.ts'
import type { Identity } from '../../platform/http/index.ts'
import {
  insertTermsAcceptance,
  selectAcceptedTerms,
  selectPasswordHash,
  selectPerson,
} from './account-store.ts'
import type { Room } from './room.ts'
import { assertCurrentTerms } from './sign-up.ts'

/** Who is signed in. */
export async function describeMe(room: Room, identity: Identity): Promise<Me> {
  const [person, passwordHash, accepted] = await Promise.all([
    selectPerson(room.db, identity.userId),
    selectPasswordHash(room.db, identity.userId),
    selectAcceptedTerms(room.db, identity.userId),
  ])
  if (!person) throw new AppError('unauthenticated', 'Sign in first.')
  return {
    user: {
      id: person.id,
      email: person.email,
      email_verified: person.email_verified,
      name: person.name,
      role: person.role,
      two_factor: person.two_factor_enabled,
      has_password: passwordHash !== null,
      created_at: person.created_at.toISOString(),
    },
    account: { id: identity.accountId, member_role: 'owner' },
    terms: { current: room.profile.termsVersion, accepted },
  }
}

/** Records that somebody has accepted the terms and has reached the minimum age. */
export async function acceptTerms(room: Room, identity: Identity, version: string): Promise<void> {
  assertCurrentTerms(room, version)
  await insertTermsAcceptance(room.db, {
    userId: identity.userId,
    version,
    minimumAge: room.profile.minimumAge,
    source: 'interstitial',
    at: room.clock.now(),
  })
  room.cache.forget((cached) => cached.userId === identity.userId)
}
