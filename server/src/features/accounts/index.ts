import type { CreatedKey, KeyScope } from '@backlot/contract'
import type { Authenticate } from '../../platform/http/index.ts'
import {
  countOperatorsWithoutSecondFactor,
  operatorExists,
  type PersonRow,
  selectPersonByEmail,
} from './account-store.ts'
import { createAuth } from './auth.ts'
import { authenticate } from './authenticate.ts'
import { countAccounts } from './console-store.ts'
import { insertPerson } from './create-account.ts'
import { createIdentityCache } from './identity-cache.ts'
import { createApiKey } from './keys.ts'
import { createPasswordHashing } from './password-hashing.ts'
import { createProviderAuth } from './provider-auth.ts'
import { authHooks } from './registration.ts'
import type { AccountsOptions, Room } from './room.ts'
import { deleteExpiredSignIns } from './session-store.ts'

export type { Balances } from './console.ts'
export type {
  AccountsHooks,
  AccountsOptions,
  AccountsProfile,
  NoticeQueue,
  NoticeTemplate,
  SignInProvider,
} from './room.ts'
export { accountsRoutes } from './routes.ts'

/** What others may know of a person who has an account. */
export interface AccountHolder {
  readonly accountId: string
  readonly userId: string
  readonly email: string
  readonly name: string
  readonly role: 'creator' | 'operator'
  readonly suspended: boolean
}

export interface NewAccount {
  readonly email: string
  readonly password: string
  readonly name?: string
  /** The operator declares that the person has accepted the terms and reached the age; else they are asked later. */
  readonly termsAccepted?: boolean
}

export interface Accounts {
  /** For `createApi`. @throws AppError `account_suspended`, `terms_not_accepted` */
  readonly authenticate: Authenticate
  /** @throws AppError `email_taken` */
  createOperator(input: NewAccount): Promise<AccountHolder>
  /** @throws AppError `email_taken` */
  createAccount(input: NewAccount): Promise<AccountHolder>
  findAccountByEmail(email: string): Promise<AccountHolder | null>
  hasOperator(): Promise<boolean>
  /** How many operators a password alone lets in. */
  countOperatorsWithoutSecondFactor(): Promise<number>
  countAccounts(): Promise<number>
  /** The answer's `key` is the secret; it is stored nowhere. @throws AppError `not_found`, `state_conflict` */
  createApiKey(input: { accountId: string; name: string; scopes: readonly KeyScope[] }): Promise<CreatedKey>
  /** Removes expired sessions, links and counters; to be called about once an hour. */
  sweep(now: Date): Promise<void>
  /** Waits for work that answers did not wait for. */
  settle(): Promise<void>
  /** For this room's own routes. */
  readonly room: Room
}

const cacheMs = 5_000

export function createAccounts(options: AccountsOptions): Accounts {
  const background = new Set<Promise<unknown>>()
  const hashing = options.passwordHashing ?? createPasswordHashing({ running: 2, waiting: 100 })
  const authOptions = {
    db: options.db,
    log: options.log,
    hashing,
    publicOrigin: options.publicOrigin,
    secret: options.secret,
    serviceName: options.profile.name,
    hooks: authHooks(() => room),
  }
  const room: Room = {
    ...options,
    hashing,
    cache: createIdentityCache({ lifetimeMs: cacheMs, entriesMax: 10_000 }),
    auth: createAuth({ ...authOptions, providers: [] }),
    providerAuth: createProviderAuth({ ...authOptions, providers: options.providers }),
    inBackground(work) {
      const tracked = work.catch((error: unknown) =>
        options.log.warn({ err: error }, 'work behind an answer failed'),
      )
      background.add(tracked)
      void tracked.finally(() => background.delete(tracked))
    },
  }

  async function create(input: NewAccount, role: 'creator' | 'operator'): Promise<AccountHolder> {
    const email = input.email.trim().toLowerCase()
    const passwordHash = await hashing.hash(input.password)
    const name = input.name ?? ''
    const termsFrom = (input.termsAccepted ?? true) ? ('operator' as const) : null
    const made = await options.db.transaction((tx) =>
      insertPerson(room, tx, { email, passwordHash, name, role, termsFrom }, options.clock.now()),
    )
    return { ...made, email, name, role, suspended: false }
  }

  return {
    room,
    authenticate: (request) => authenticate(room, request),
    createOperator: (input) => create(input, 'operator'),
    createAccount: (input) => create(input, 'creator'),
    async findAccountByEmail(email) {
      const person = await selectPersonByEmail(options.db, email.trim())
      return person && holder(person)
    },
    hasOperator: () => operatorExists(options.db),
    countOperatorsWithoutSecondFactor: () => countOperatorsWithoutSecondFactor(options.db),
    countAccounts: () => countAccounts(options.db),
    createApiKey: (input) => createApiKey(room, input),
    sweep: (now) => deleteExpiredSignIns(options.db, now),
    async settle() {
      await Promise.all(background)
    },
  }
}

function holder(person: PersonRow): AccountHolder | null {
  if (person.account_id === null) return null
  return {
    accountId: person.account_id,
    userId: person.id,
    email: person.email,
    name: person.name,
    role: person.role,
    suspended: person.suspended_at !== null,
  }
}
