import { createHmac, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto'
import { AppError } from '../app-error.ts'
import type { Queryable } from '../db/index.ts'
import { deleteAccountKey, findAccountKey, insertAccountKey } from './account-key-store.ts'
import { KeyCache } from './key-cache.ts'
import { openBox, SealError, sealBox } from './sealed-box.ts'
import { deriveKey } from './subkeys.ts'

/**
 * All the keys of a deployment. The master key stays outside the database; each account has a data key of its own,
 * stored wrapped, and what the account owns is sealed with keys made from that one. Destroying it makes the account's
 * texts and media unreadable everywhere, backups included.
 *
 * A context says what a value is and whose, e.g. `generation.prompt:gen_…`: a value moved to another row or column
 * does not open there.
 */
export interface Keyring {
  /** Makes the account's key, in the transaction that creates the account. Sealing for it works from here on. */
  createAccountKey(tx: Queryable, accountId: string): Promise<void>
  /** Destroys the account's key. Every process stops opening its values within seconds of the commit. */
  destroyAccountKey(tx: Queryable, accountId: string): Promise<void>
  /**
   * Seals a text for an account. An account's key may have to be read first: call it before a transaction opens, or
   * the transaction holds one connection while it waits for a second.
   *
   * @throws AppError `gone` when the account's key was destroyed or never made
   */
  seal(accountId: string, context: string, text: string): Promise<Buffer>
  /** @throws SealError when it was changed or sealed for another account or context; AppError `gone` as in `seal` */
  open(accountId: string, context: string, sealed: Uint8Array): Promise<string>
  /** The key that wraps the keys of the account's objects. @throws AppError `gone` as in `seal` */
  dataKey(accountId: string): Promise<KeyObject>
  /** Seals what belongs to no account: unsent mails, settings, credentials of providers. */
  sealForDeployment(context: string, text: string): Buffer
  /** @throws SealError when it was changed, or sealed for another context or under another master key */
  openForDeployment(context: string, sealed: Uint8Array): string
  /** A keyed fingerprint (64 hexadecimal digits) by which a sealed value can be looked up. */
  blindIndex(context: string, text: string): string
  /** A signature (43 letters, safe in URLs) for links, cookies and tokens. */
  sign(context: string, text: string): string
  /** Whether `signature` is what `sign` gives, compared in constant time. */
  verify(context: string, text: string, signature: string): boolean
}

interface AccountKeys {
  readonly texts: KeyObject
  readonly objects: KeyObject
}

const accountKeyBytes = 32

/**
 * @param options.masterKey 32 random bytes, kept outside the database
 * @param options.keyId     a short name of the master key, stored beside what it wraps
 * @param options.cacheMs   how long an opened account key may be used without asking the database again
 */
export function createKeyring(options: {
  masterKey: Buffer
  keyId: string
  db: Queryable
  cacheMs?: number
  nowMs?: () => number
}): Keyring {
  const { masterKey, keyId, db } = options
  if (masterKey.length !== 32) throw new RangeError('the master key must have 32 bytes')
  const wrapping = deriveKey(masterKey, 'account-keys')
  const deployment = deriveKey(masterKey, 'deployment')
  const indexing = deriveKey(masterKey, 'blind-index')
  const signing = deriveKey(masterKey, 'signatures')

  const opened = new KeyCache<AccountKeys>({
    entriesMax: 2_000,
    lifeMs: options.cacheMs ?? 3_000,
    ...(options.nowMs ? { nowMs: options.nowMs } : {}),
  })
  // Simultaneous requests of one account share one look-up.
  const loading = new Map<string, Promise<AccountKeys>>()

  async function load(accountId: string): Promise<AccountKeys> {
    const row = await findAccountKey(db, accountId)
    if (!row) throw new AppError('gone', 'The key of this account does not exist any more.')
    if (row.keyId !== keyId) {
      throw new SealError(
        `the account key is wrapped by the master key ${row.keyId}, which is not configured`,
      )
    }
    const dataKey = openBox(wrapping, keyId, wrapContext(accountId), row.wrappedKey)
    const keys = accountKeys(dataKey)
    dataKey.fill(0)
    return keys
  }

  async function keysOf(accountId: string): Promise<AccountKeys> {
    const known = opened.get(accountId)
    if (known) return known
    const underWay = loading.get(accountId)
    if (underWay) return underWay
    const started = load(accountId)
      .then((keys) => {
        // A key destroyed while it was being read is not remembered.
        if (loading.get(accountId) === started) opened.set(accountId, keys)
        return keys
      })
      .finally(() => {
        if (loading.get(accountId) === started) loading.delete(accountId)
      })
    loading.set(accountId, started)
    return started
  }

  return {
    async createAccountKey(tx, accountId) {
      const dataKey = randomBytes(accountKeyBytes)
      const wrappedKey = sealBox(wrapping, keyId, wrapContext(accountId), dataKey)
      await insertAccountKey(tx, { accountId, wrappedKey, keyId })
      // Known at once, because the row is invisible to other connections until the caller commits. Should that roll
      // back, the entry opens nothing that was stored, and ends by itself.
      opened.set(accountId, accountKeys(dataKey))
      dataKey.fill(0)
    },
    async destroyAccountKey(tx, accountId) {
      await deleteAccountKey(tx, accountId)
      opened.delete(accountId)
      loading.delete(accountId)
    },
    async seal(accountId, context, text) {
      const keys = await keysOf(accountId)
      return sealBox(keys.texts, '', ownedContext(accountId, context), Buffer.from(text, 'utf8'))
    },
    async open(accountId, context, sealed) {
      const keys = await keysOf(accountId)
      return openBox(keys.texts, '', ownedContext(accountId, context), sealed).toString('utf8')
    },
    async dataKey(accountId) {
      return (await keysOf(accountId)).objects
    },
    sealForDeployment: (context, text) => sealBox(deployment, keyId, context, Buffer.from(text, 'utf8')),
    openForDeployment: (context, sealed) => openBox(deployment, keyId, context, sealed).toString('utf8'),
    blindIndex: (context, text) => authenticate(indexing, context, text).toString('hex'),
    sign: (context, text) => authenticate(signing, context, text).toString('base64url'),
    verify(context, text, signature) {
      const expected = Buffer.from(authenticate(signing, context, text).toString('base64url'))
      const given = Buffer.from(signature)
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
  }
}

function accountKeys(dataKey: Buffer): AccountKeys {
  return { texts: deriveKey(dataKey, 'account-texts'), objects: deriveKey(dataKey, 'account-objects') }
}

function wrapContext(accountId: string): string {
  return `account-key\0${accountId}`
}

function ownedContext(accountId: string, context: string): string {
  return `${accountId}\0${context}`
}

function authenticate(key: KeyObject, context: string, text: string): Buffer {
  // The length in front keeps (context, text) pairs apart that would join to the same string.
  return createHmac('sha256', key)
    .update(`${Buffer.byteLength(context)}:${context}`)
    .update(text)
    .digest()
}
