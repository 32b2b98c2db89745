import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { isAppError } from '../../platform/app-error.ts'
import type { Database } from '../../platform/db/index.ts'
import { type Keyring, SealError } from '../../platform/keyring/index.ts'
import { type Checkpoint, isSignedBy, keyIdOf } from './checkpoint.ts'
import { readHeads } from './heads-file.ts'
import { type ChainFault, type ChainHead, commitTo, contentContext, faultOf, genesis } from './record.ts'
import * as store from './record-store.ts'

export interface Verification {
  readonly ok: boolean
  /** The first thing that is wrong, in the order of the chain; null when nothing is. */
  readonly fault: ChainFault | null
  /** Entries checked. */
  readonly entries: number
  /** Entries that have committed and are not chained yet. */
  readonly pending: number
  readonly head: ChainHead
  readonly contents: {
    /** Opened and found to be what the entry committed to. */
    readonly checked: number
    /** Removed, as a later entry says. */
    readonly erased: number
    /** There, but the key of the account was destroyed. */
    readonly keyless: number
  }
  /** Signed heads found in the database and in the file outside it, all consistent with the chain. */
  readonly heads: { readonly database: number; readonly file: number }
}

const batchEntries = 500

/**
 * Walks the whole chain once, a batch at a time: hashes, the texts that entries committed to, the signatures of all
 * heads and that each head lies on this chain. It stops at the first fault.
 */
export async function verifyChain(options: {
  db: Database
  keyring: Keyring
  signingKey: KeyObject
  earlierKeys: readonly KeyObject[]
  headsFile: string | null
}): Promise<Verification> {
  const { db, keyring } = options
  const keys = new Map<string, KeyObject>()
  for (const key of [createPublicKey(options.signingKey), ...options.earlierKeys]) keys.set(keyIdOf(key), key)
  const contents = { checked: 0, erased: 0, keyless: 0 }
  let entries = 0
  let head: ChainHead = genesis

  const heads = {
    database: new HeadWalk('database', keys, databaseHeads(db)),
    file: new HeadWalk('file', keys, options.headsFile === null ? none() : readHeads(options.headsFile)),
  }
  const finish = async (fault: ChainFault | null): Promise<Verification> => {
    await heads.database.close()
    await heads.file.close()
    return {
      ok: fault === null,
      fault,
      entries,
      pending: await store.countPending(db),
      head: { sequence: head.sequence, hash: head.hash },
      contents,
      heads: { database: heads.database.count, file: heads.file.count },
    }
  }

  for (;;) {
    const batch = await store.listEntriesWithContent(db, head.sequence, batchEntries)
    for (const entry of batch) {
      const fault =
        faultOf(head, entry) ??
        (await contentFault(keyring, entry, contents)) ??
        (await heads.database.reach(entry)) ??
        (await heads.file.reach(entry))
      if (fault) return finish(fault)
      head = entry
      entries += 1
    }
    if (batch.length < batchEntries) break
  }

  // Whatever heads are left speak of entries behind the end that was read: chained meanwhile, or cut off.
  for (const walk of [heads.database, heads.file]) {
    const fault = await walk.rest((sequence) => store.findEntryHash(db, sequence))
    if (fault) return finish(fault)
  }
  return finish(null)
}

async function contentFault(
  keyring: Keyring,
  entry: store.EntryWithContent,
  contents: { checked: number; erased: number; keyless: number },
): Promise<ChainFault | null> {
  if (!entry.content) return null
  const fault = (code: ChainFault['code'], detail: string): ChainFault => ({
    code,
    sequence: entry.sequence,
    recordId: entry.id,
    detail,
  })
  if (!entry.stored) {
    if (!entry.wasErased) return fault('content_missing', 'its text is gone and no entry says why')
    contents.erased += 1
    return null
  }
  const { salt, sealed } = entry.stored
  if (!createHash('sha256').update(sealed).digest().equals(entry.content.sha256)) {
    return fault('content_changed', 'its sealed text is not the one that was stored')
  }
  try {
    const text = await keyring.open(entry.accountId, contentContext(entry), sealed)
    if (!commitTo(salt, text).equals(entry.content.commitment)) {
      return fault('commitment_mismatch', 'its text is not the one that it committed to')
    }
    contents.checked += 1
    return null
  } catch (error) {
    if (isAppError(error, 'gone')) {
      contents.keyless += 1
      return null
    }
    if (error instanceof SealError) return fault('content_unreadable', error.message)
    throw error
  }
}

async function* none(): AsyncGenerator<Checkpoint | 'damaged'> {}

async function* databaseHeads(db: Database): AsyncGenerator<Checkpoint> {
  let after = 0
  for (;;) {
    const batch = await store.listCheckpoints(db, after, batchEntries)
    yield* batch
    const last = batch.at(-1)
    if (!last || batch.length < batchEntries) return
    after = last.sequence
  }
}

/** Goes through signed heads beside the chain: both are in order, so one look ahead is all that is kept. */
class HeadWalk {
  count = 0
  readonly #place: 'database' | 'file'
  readonly #keys: ReadonlyMap<string, KeyObject>
  readonly #heads: AsyncGenerator<Checkpoint | 'damaged'>
  #next: Checkpoint | 'damaged' | null | undefined
  #last = 0

  constructor(
    place: 'database' | 'file',
    keys: ReadonlyMap<string, KeyObject>,
    heads: AsyncGenerator<Checkpoint | 'damaged'>,
  ) {
    this.#place = place
    this.#keys = keys
    this.#heads = heads
  }

  /** Checks every head up to `entry`. */
  async reach(entry: ChainHead & { readonly id: number }): Promise<ChainFault | null> {
    for (;;) {
      const next = await this.#peek()
      if (next === null) return null
      if (next !== 'damaged' && next.sequence > entry.sequence) return null
      const fault = this.#check(next, entry)
      if (fault) return { ...fault, recordId: entry.id }
    }
  }

  /** Checks the heads that lie behind the chain as it was read. */
  async rest(hashOf: (sequence: number) => Promise<Buffer | null>): Promise<ChainFault | null> {
    for (;;) {
      const next = await this.#peek()
      if (next === null) return null
      if (next === 'damaged') return this.#check(next, genesis)
      const hash = await hashOf(next.sequence)
      if (!hash) {
        return {
          code: 'head_beyond_chain',
          sequence: next.sequence,
          recordId: null,
          detail: `the ${this.#place} holds a signed head of ${next.sequence} entries; the chain is shorter`,
        }
      }
      const fault = this.#check(next, { sequence: next.sequence, hash })
      if (fault) return fault
    }
  }

  async close(): Promise<void> {
    await this.#heads.return(undefined)
  }

  async #peek(): Promise<Checkpoint | 'damaged' | null> {
    if (this.#next === undefined) {
      const step = await this.#heads.next()
      this.#next = step.done ? null : step.value
    }
    return this.#next
  }

  #check(checkpoint: Checkpoint | 'damaged', entry: ChainHead): ChainFault | null {
    this.#next = undefined
    const at = { sequence: entry.sequence, recordId: null }
    if (checkpoint === 'damaged' || checkpoint.sequence < this.#last) {
      return { ...at, code: 'heads_file_damaged', detail: 'a line of the file of heads is not in its place' }
    }
    this.#last = checkpoint.sequence
    const key = this.#keys.get(checkpoint.keyId)
    const where = `the head at ${checkpoint.sequence} in the ${this.#place}`
    if (!key) {
      return { ...at, code: 'head_key_unknown', detail: `${where} was signed by an unknown key` }
    }
    if (!isSignedBy(checkpoint, key)) {
      return { ...at, code: 'head_signature_invalid', detail: `${where} has a wrong signature` }
    }
    if (checkpoint.sequence !== entry.sequence || !checkpoint.hash.equals(entry.hash)) {
      return { ...at, code: 'head_mismatch', detail: `${where} names another entry than the chain holds` }
    }
    this.count += 1
    return null
  }
}
