import type { Clock } from '../../platform/clock.ts'
import type { Database, Transaction } from '../../platform/db/index.ts'
import type { Events } from '../../platform/events/index.ts'
import type { Keyring } from '../../platform/keyring/index.ts'
import type { Logger } from '../../platform/log.ts'
import type { Auth } from './auth.ts'
import type { IdentityCache } from './identity-cache.ts'
import type { PasswordHashing } from './password-hashing.ts'

export type Registration = 'open' | 'invited' | 'closed'

/** What this room needs of the deployment's profile. */
export interface AccountsProfile {
  readonly name: string
  readonly minimumAge: number
  readonly termsVersion: string
  readonly registration: Registration
  readonly contactEmail: string
}

/** One way to sign in at somebody else's. */
export type SignInProvider =
  | { readonly id: 'google' | 'github'; readonly clientId: string; readonly clientSecret: string }
  | {
      /** Short name in addresses: `oidc`, `company`. */
      readonly id: string
      readonly name: string
      readonly issuer: string
      readonly clientId: string
      readonly clientSecret: string
    }

/** How this room sends mail: into the notices' queue, in the caller's transaction. */
export interface NoticeQueue {
  queue(
    tx: Transaction,
    notice: { to: string; template: NoticeTemplate; values: Readonly<Record<string, string>>; at: Date },
  ): Promise<void>
}
export type NoticeTemplate =
  | 'verify_email'
  | 'reset_password'
  | 'password_changed'
  | 'new_device'
  | 'invitation'

export interface AccountsHooks {
  /** Runs in the transaction that makes the account: whoever keeps something per account opens it here. */
  onAccountCreated(tx: Transaction, account: { accountId: string; userId: string; at: Date }): Promise<void>
}

export interface AccountsOptions {
  readonly db: Database
  readonly keyring: Keyring
  readonly events: Events
  readonly clock: Clock
  readonly log: Logger
  readonly profile: AccountsProfile
  readonly notices: NoticeQueue
  /** Whether mails are really sent. */
  readonly sendsMail: boolean
  /** Scheme, host and port, without a slash at the end. */
  readonly publicOrigin: string
  /** Signs session cookies and encrypts second factors; at least 32 random characters, kept outside the database. */
  readonly secret: string
  readonly providers: readonly SignInProvider[]
  /** The one-time token that the first visitor must know; null where only this machine can reach us. */
  readonly setupToken: string | null
  readonly hooks: AccountsHooks
  /** Default: scrypt, two at once. Tests of other things take a cheaper one. */
  readonly passwordHashing?: PasswordHashing
}

/** What every ceremony of this room works with. */
export interface Room extends AccountsOptions {
  readonly auth: Auth
  /** Better Auth with the providers. @throws AppError `unavailable` while that one cannot be reached */
  readonly providerAuth: (providerId: string) => Promise<Auth>
  readonly cache: IdentityCache
  readonly hashing: PasswordHashing
  /** Work that an answer does not wait for; its failures are logged. */
  inBackground(work: Promise<unknown>): void
}
