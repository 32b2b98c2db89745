import { selectPerson, selectPersonByEmail } from './account-store.ts'
import type { AuthHooks } from './auth.ts'
import { ensureAccount } from './create-account.ts'
import { redeemInvitation, redeemInvitationOfEmail } from './invitation-store.ts'
import { linkTokenHash } from './link-token.ts'
import { providerInvitation } from './provider-sign-in.ts'
import type { Room } from './room.ts'
import { noteChallenge } from './second-factor-challenge.ts'

/** What Better Auth asks us while somebody comes from a provider, and before any session begins. */
export function authHooks(room: () => Room): AuthHooks {
  return {
    async mayRegister({ email, emailVerified }) {
      const { profile, db, clock } = room()
      // An address that the provider itself does not vouch for could be anybody's.
      if (!emailVerified) return 'email_unverified'
      if (profile.registration === 'closed') return 'registration_closed'
      if (profile.registration === 'open') return null
      const at = clock.now()
      const invitation = await providerInvitation()
      const redeemed = invitation
        ? await redeemInvitation(db, { tokenHash: linkTokenHash(invitation), email, at })
        : await redeemInvitationOfEmail(db, email, at)
      return redeemed ? null : 'invitation_invalid'
    },
    async mayLink({ email }) {
      const person = await selectPersonByEmail(room().db, email)
      // Whoever set up a second factor does not want a provider to be able to do without it.
      return person?.two_factor_enabled ? 'account_not_linked' : null
    },
    async onUserCreated(userId) {
      await ensureAccount(room(), userId)
    },
    async maySignIn(userId, { atProvider }) {
      const person = await selectPerson(room().db, userId)
      if (person?.suspended_at) return 'account_suspended'
      if (atProvider && person?.two_factor_enabled) {
        noteChallenge(userId)
        return 'second_factor_required'
      }
      return null
    },
  }
}
