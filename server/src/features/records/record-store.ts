import type { Queryable } from '../../platform/db/index.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { ChainedRecord, ChainHead, Facts, RecordBody } from './record.ts'

interface RecordRow {
  id: number
  kind: string
  account_id: string
  subject_id: string
  at: Date
  facts: Facts
  content_commitment: Buffer | null
  content_sha256: Buffer | null
  sequence: number | null
  previous_hash: Buffer | null
  hash: Buffer | null
}

const columns =
  'r.id, r.kind, r.account_id, r.subject_id, r.at, r.facts, r.content_commitment, r.content_sha256, r.sequence, r.previous_hash, r.hash'

function fromRow(row: RecordRow): RecordBody {
  return {
    id: row.id,
    kind: row.kind,
    accountId: row.account_id,
    subjectId: row.subject_id,
    at: row.at,
    facts: row.facts,
    content:
      row.content_commitment && row.content_sha256
        ? { commitment: row.content_commitment, sha256: row.content_sha256 }
        : null,
  }
}

function chainedFromRow(row: RecordRow): ChainedRecord {
  if (row.sequence === null || row.previous_hash === null || row.hash === null) {
    throw new TypeError('an unsealed row among the sealed ones')
  }
  return { ...fromRow(row), sequence: row.sequence, previousHash: row.previous_hash, hash: row.hash }
}

export interface NewRecord {
  readonly kind: string
  readonly accountId: string
  readonly subjectId: string
  readonly at: Date
  readonly facts: Facts
  readonly content: {
    readonly commitment: Buffer
    readonly sha256: Buffer
    readonly salt: Buffer
    readonly sealed: Buffer
  } | null
}

/** The row and, where there is one, its sealed text: one statement, one round trip. */
export async function insertRecord(tx: Queryable, record: NewRecord): Promise<void> {
  const values = [
    record.kind,
    record.accountId,
    record.subjectId,
    record.at,
    JSON.stringify(record.facts),
    record.content?.commitment ?? null,
    record.content?.sha256 ?? null,
  ]
  const insert = `insert into records (kind, account_id, subject_id, at, facts, content_commitment, content_sha256)
    values ($1, $2, $3, $4, $5, $6, $7)`
  if (!record.content) {
    await tx.query(insert, values, 'insert_record')
    return
  }
  await tx.query(
    `with added as (${insert} returning id, account_id, at)
     insert into record_contents (record_id, account_id, at, salt, sealed)
     select id, account_id, at, $8, $9 from added`,
    [...values, record.content.salt, record.content.sealed],
    'insert_record_with_content',
  )
}

/** One sealer at a time, over all processes; false when another one is at work. */
export async function lockSealing(tx: Queryable): Promise<boolean> {
  const rows = await tx.query<{ locked: boolean }>(
    "select pg_try_advisory_xact_lock(hashtextextended('backlot.records.sealing', 0)) as locked",
  )
  return rows[0]?.locked === true
}

export async function findHead(db: Queryable): Promise<ChainHead | null> {
  const rows = await db.query<{ sequence: number; hash: Buffer }>(
    'select sequence, hash from records where sequence is not null order by sequence desc limit 1',
  )
  return rows[0] ?? null
}

export async function listPending(db: Queryable, limit: number): Promise<RecordBody[]> {
  const rows = await db.query<RecordRow>(
    `select ${columns} from records r where sequence is null order by id limit $1`,
    [limit],
  )
  return rows.map(fromRow)
}

export async function countPending(db: Queryable): Promise<number> {
  const rows = await db.query<{ count: number }>(
    'select count(*) as count from records where sequence is null',
  )
  return rows[0]?.count ?? 0
}

export async function storeSealing(tx: Queryable, entries: readonly ChainedRecord[]): Promise<void> {
  await tx.query(
    `update records r set sequence = s.sequence, previous_hash = s.previous_hash, hash = s.hash
       from unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[]) as s (id, sequence, previous_hash, hash)
      where r.id = s.id`,
    [
      entries.map((entry) => entry.id),
      entries.map((entry) => entry.sequence),
      entries.map((entry) => entry.previousHash),
      entries.map((entry) => entry.hash),
    ],
  )
}

/** A sealed entry together with what is known of its text. */
export interface EntryWithContent extends ChainedRecord {
  readonly stored: { readonly salt: Buffer; readonly sealed: Buffer } | null
  /** Whether a later entry says that texts of this account and time were erased. */
  readonly wasErased: boolean
}

/** Sealed entries behind `after`, in order. */
export async function listEntries(
  db: Queryable,
  after: number,
  limit: number,
  accountId: string | null = null,
): Promise<ChainedRecord[]> {
  const rows = await db.query<RecordRow>(
    `select ${columns} from records r
      where sequence > $1 and ($3::text is null or account_id = $3) order by sequence limit $2`,
    [after, limit, accountId],
  )
  return rows.map(chainedFromRow)
}

export async function listEntriesWithContent(
  db: Queryable,
  after: number,
  limit: number,
): Promise<EntryWithContent[]> {
  const rows = await db.query<
    RecordRow & { salt: Buffer | null; sealed: Buffer | null; was_erased: boolean }
  >(
    `select ${columns}, c.salt, c.sealed,
            (r.content_sha256 is not null and c.record_id is null and exists (
              select 1 from records e
               where e.kind = 'content.erased' and e.id > r.id and e.account_id in (r.account_id, '*')
                 and r.at < (e.facts->>'before')::timestamptz)) as was_erased
       from records r left join record_contents c on c.record_id = r.id
      where r.sequence > $1 order by r.sequence limit $2`,
    [after, limit],
  )
  return rows.map((row) => ({
    ...chainedFromRow(row),
    stored: row.salt && row.sealed ? { salt: row.salt, sealed: row.sealed } : null,
    wasErased: row.was_erased,
  }))
}

export async function findEntryHash(db: Queryable, sequence: number): Promise<Buffer | null> {
  const rows = await db.query<{ hash: Buffer }>('select hash from records where sequence = $1', [sequence])
  return rows[0]?.hash ?? null
}

/** Removes sealed texts, oldest first; `accountId` null means all accounts, `limit` null all texts. */
export async function deleteContents(
  tx: Queryable,
  scope: { accountId: string | null; before: Date; limit: number | null },
): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `with due as (
       select record_id from record_contents
        where at < $2 and ($1::text is null or account_id = $1) order by at limit $3),
     gone as (delete from record_contents c using due where c.record_id = due.record_id returning 1)
     select count(*) as count from gone`,
    [scope.accountId, scope.before, scope.limit],
  )
  return rows[0]?.count ?? 0
}

export async function insertCheckpoint(tx: Queryable, checkpoint: Checkpoint): Promise<void> {
  await tx.query(
    'insert into record_checkpoints (sequence, hash, at, key_id, signature) values ($1, $2, $3, $4, $5)',
    [checkpoint.sequence, checkpoint.hash, checkpoint.at, checkpoint.keyId, checkpoint.signature],
  )
}

interface CheckpointRow {
  sequence: number
  hash: Buffer
  at: Date
  key_id: string
  signature: Buffer
}

function checkpointFromRow(row: CheckpointRow): Checkpoint {
  return {
    sequence: row.sequence,
    hash: row.hash,
    at: row.at,
    keyId: row.key_id,
    signature: row.signature,
  }
}

export async function listCheckpoints(db: Queryable, after: number, limit: number): Promise<Checkpoint[]> {
  const rows = await db.query<CheckpointRow>(
    'select sequence, hash, at, key_id, signature from record_checkpoints where sequence > $1 order by sequence limit $2',
    [after, limit],
  )
  return rows.map(checkpointFromRow)
}

export async function findLastCheckpoint(db: Queryable): Promise<Checkpoint | null> {
  const rows = await db.query<CheckpointRow>(
    'select sequence, hash, at, key_id, signature from record_checkpoints order by sequence desc limit 1',
  )
  return rows[0] ? checkpointFromRow(rows[0]) : null
}
