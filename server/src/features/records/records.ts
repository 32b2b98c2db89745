import { createHash, type KeyObject, randomBytes } from 'node:crypto'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Transaction } from '../../platform/db/index.ts'
import type { Keyring } from '../../platform/keyring/index.ts'
import type { Logger } from '../../platform/log.ts'
import { type Checkpoint, signCheckpoint } from './checkpoint.ts'
import { appendHead } from './heads-file.ts'
import {
  type ChainedRecord,
  type ChainHead,
  canonicalEntry,
  chain,
  commitTo,
  contentContext,
  type Facts,
  genesis,
  type RecordKind,
} from './record.ts'
import * as store from './record-store.ts'
import { type Verification, verifyChain } from './verify-chain.ts'

export interface RecordEntry {
  readonly kind: RecordKind
  readonly accountId: string
  readonly subjectId: string
  readonly at: Date
  /** Ids, numbers, fingerprints, outcomes: never what a person wrote. */
  readonly facts: Facts
  /** Text to be kept sealed under the account's key, such as the prompt. */
  readonly sealed?: string
}

/** An entry whose text is sealed already. */
export interface PreparedEntry {
  readonly prepared: store.NewRecord
}

export interface Records {
  /**
   * Seals the entry's text. Call it before the transaction opens: reading the account's key takes a connection of
   * its own. Entries without a text need no preparation.
   */
  prepare(entry: RecordEntry): Promise<PreparedEntry>
  /** Adds an entry in the transaction that causes it. It is chained after the commit; a rollback leaves nothing. */
  append(tx: Transaction, entry: RecordEntry | PreparedEntry): Promise<void>
  /**
   * Chains what has committed, at most `limit` entries, and signs a head when one is due.
   *
   * @returns how many were chained; 0 also when another process is at it
   */
  sealPending(limit?: number): Promise<number>
  /** Signs the present head now, whatever is due; null when nothing is new since the last one. */
  checkpoint(): Promise<Checkpoint | null>
  /** Checks everything there is, with bounded memory. Entries of running transactions are not waited for. */
  verify(): Promise<Verification>
  head(): Promise<ChainHead & { readonly pending: number }>
  /** Chained entries, oldest first; `next` is the place to go on behind, null at the end. */
  list(page: { after?: number; limit: number; accountId?: string }): Promise<{
    data: ChainedRecord[]
    next: number | null
  }>
  /**
   * Erases sealed texts for good and notes that it did: of one account, or of all when it is null. The chain stays
   * valid, because it holds commitments only.
   *
   * @returns how many texts were erased
   */
  eraseContents(
    tx: Transaction,
    scope: {
      accountId: string | null
      before: Date
      cause: 'retention' | 'account_closed' | 'request'
      at: Date
      /** At most so many, oldest first; all when absent. */
      limit?: number
    },
  ): Promise<number>
  /**
   * Erases the texts whose time (`contentDays`) is over.
   *
   * @returns how many; call again while it is not 0
   */
  sweep(limit?: number): Promise<number>
}

export interface RecordsOptions {
  readonly db: Database
  readonly keyring: Keyring
  readonly clock: Clock
  readonly log: Logger
  /** Ed25519 private key of the deployment. */
  readonly signingKey: KeyObject
  /** Public halves of keys that signed earlier heads. */
  readonly earlierKeys?: readonly KeyObject[]
  /** File outside the database to which every signed head is appended; null: none. */
  readonly headsFile: string | null
  /** How long sealed texts are kept, in days (`retention.log_prompts_days`); null: until they are erased. */
  readonly contentDays?: number | null
  /** A head is signed after so many new entries … */
  readonly checkpointEntries?: number
  /** … or when the last one is so old and there is something new. */
  readonly checkpointIntervalMs?: number
}

const dayMs = 24 * 60 * 60_000

export function createRecords(options: RecordsOptions): Records {
  const { db, keyring, clock, log, signingKey, headsFile } = options
  const contentDays = options.contentDays ?? null
  const checkpointEntries = options.checkpointEntries ?? 1_000
  const checkpointIntervalMs = options.checkpointIntervalMs ?? 10 * 60_000

  async function prepare(entry: RecordEntry): Promise<PreparedEntry> {
    const { kind, accountId, subjectId, at, facts } = entry
    // Refuses what cannot be hashed while the caller can still hear about it, not in the sealer.
    canonicalEntry({ id: 0, kind, accountId, subjectId, at, facts, content: null }, 0)
    if (entry.sealed === undefined) {
      return { prepared: { kind, accountId, subjectId, at, facts, content: null } }
    }
    const salt = randomBytes(32)
    const sealed = await keyring.seal(accountId, contentContext(entry), entry.sealed)
    return {
      prepared: {
        kind,
        accountId,
        subjectId,
        at,
        facts,
        content: {
          salt,
          sealed,
          commitment: commitTo(salt, entry.sealed),
          sha256: createHash('sha256').update(sealed).digest(),
        },
      },
    }
  }

  async function sign(tx: Transaction, head: ChainHead): Promise<Checkpoint> {
    const checkpoint = signCheckpoint(head, clock.now(), signingKey)
    await store.insertCheckpoint(tx, checkpoint)
    return checkpoint
  }

  async function eraseContents(
    tx: Transaction,
    { accountId, before, cause, at, limit }: Parameters<Records['eraseContents']>[1],
  ): Promise<number> {
    const count = await store.deleteContents(tx, { accountId, before, limit: limit ?? null })
    if (count > 0) {
      await store.insertRecord(tx, {
        kind: 'content.erased' satisfies RecordKind,
        accountId: accountId ?? '*',
        subjectId: accountId ?? '*',
        at,
        facts: { before: before.toISOString(), cause, count },
        content: null,
      })
    }
    return count
  }

  async function publish(checkpoint: Checkpoint | null): Promise<void> {
    if (!checkpoint || headsFile === null) return
    try {
      await appendHead(headsFile, checkpoint)
    } catch (error) {
      // The head stands in the database; the next one reaches the file again. Someone must look at the disk.
      log.error(
        { err: error, sequence: checkpoint.sequence },
        'a signed head could not be written to its file',
      )
    }
  }

  return {
    prepare,
    async append(tx, entry) {
      const { prepared } = 'prepared' in entry ? entry : await prepare(entry)
      await store.insertRecord(tx, prepared)
    },
    async sealPending(limit = 1_000) {
      let checkpoint: Checkpoint | null = null
      const count = await db.transaction(async (tx) => {
        checkpoint = null
        if (!(await store.lockSealing(tx))) return 0
        const start = (await store.findHead(tx)) ?? genesis
        const entries: ChainedRecord[] = []
        let head: ChainHead = start
        for (const body of await store.listPending(tx, limit)) {
          const entry = chain(head, body)
          entries.push(entry)
          head = entry
        }
        if (entries.length > 0) await store.storeSealing(tx, entries)
        const last = await store.findLastCheckpoint(tx)
        const ageMs = clock.now().getTime() - (last?.at.getTime() ?? 0)
        const fresh = head.sequence - (last?.sequence ?? 0)
        if (fresh >= checkpointEntries || (fresh > 0 && ageMs >= checkpointIntervalMs)) {
          checkpoint = await sign(tx, head)
        }
        return entries.length
      })
      await publish(checkpoint)
      return count
    },
    async checkpoint() {
      const checkpoint = await db.transaction(async (tx) => {
        if (!(await store.lockSealing(tx))) return null
        const head = await store.findHead(tx)
        const last = await store.findLastCheckpoint(tx)
        return head && head.sequence > (last?.sequence ?? 0) ? sign(tx, head) : null
      })
      await publish(checkpoint)
      return checkpoint
    },
    verify: () => verifyChain({ db, keyring, signingKey, earlierKeys: options.earlierKeys ?? [], headsFile }),
    async head() {
      const head = (await store.findHead(db)) ?? genesis
      return { sequence: head.sequence, hash: head.hash, pending: await store.countPending(db) }
    },
    async list({ after = 0, limit, accountId }) {
      const data = await store.listEntries(db, after, limit, accountId ?? null)
      return { data, next: data.length === limit ? (data.at(-1)?.sequence ?? null) : null }
    },
    eraseContents,
    async sweep(limit = 1_000) {
      if (contentDays === null) return 0
      const at = clock.now()
      const before = new Date(at.getTime() - contentDays * dayMs)
      return db.transaction((tx) =>
        eraseContents(tx, { accountId: null, before, cause: 'retention', at, limit }),
      )
    },
  }
}
