import type { Event, EventType } from '@backlot/contract'
import type { Queryable } from '../db/index.ts'

/** Where a reader stands in the outbox: everything up to and including it has been seen. */
export interface EventPosition {
  readonly transactionId: string
  readonly id: number
}

export interface NewEvent {
  readonly accountId: string
  readonly type: EventType
  readonly subjectId: string
  readonly at: Date
  /** Ids, counts and states. Never what a person wrote. */
  readonly data?: Readonly<Record<string, string | number | boolean | null>>
}

interface EventRow {
  transaction_id: string
  id: number
  account_id: string
  type: EventType
  subject_id: string
  at: Date
}

export interface StoredEvent extends Event {
  readonly accountId: string
  readonly position: EventPosition
}

export async function insertEvent(tx: Queryable, event: NewEvent): Promise<void> {
  await tx.query(
    'insert into events (account_id, type, subject_id, data, at) values ($1, $2, $3, $4, $5)',
    [event.accountId, event.type, event.subjectId, JSON.stringify(event.data ?? {}), event.at],
    'insert-event',
  )
}

// Only rows older than every transaction still running: nothing can appear before them any more.
const settled = 'transaction_id < pg_snapshot_xmin(pg_current_snapshot())'

/** The events after `position`, in order; of one account, or of all. */
export async function selectEvents(
  db: Queryable,
  position: EventPosition,
  options: { accountId?: string; limit: number },
): Promise<StoredEvent[]> {
  const rows = options.accountId
    ? await db.query<EventRow>(
        `select transaction_id::text, id, account_id, type, subject_id, at from events
         where account_id = $1 and (transaction_id, id) > ($2::text::xid8, $3) and ${settled}
         order by transaction_id, id limit $4`,
        [options.accountId, position.transactionId, position.id, options.limit],
        'select-account-events',
      )
    : await db.query<EventRow>(
        `select transaction_id::text, id, account_id, type, subject_id, at from events
         where (transaction_id, id) > ($1::text::xid8, $2) and ${settled}
         order by transaction_id, id limit $3`,
        [position.transactionId, position.id, options.limit],
        'select-events',
      )
  return rows.map(fromRow)
}

/** The position of "now": what is committed later comes after it. */
export async function selectHead(db: Queryable): Promise<EventPosition> {
  const [row] = await db.query<{ transaction_id: string }>(
    'select (pg_snapshot_xmin(pg_current_snapshot())::text) as transaction_id',
  )
  // The last transaction below the horizon, with an id above any that it can have.
  const horizon = BigInt(row?.transaction_id ?? '1')
  return { transactionId: (horizon - 1n).toString(), id: Number.MAX_SAFE_INTEGER }
}

/** @returns how many rows went */
export async function deleteEventsBefore(db: Queryable, before: Date, limit: number): Promise<number> {
  const rows = await db.query(
    `delete from events where (transaction_id, id) in
       (select transaction_id, id from events where at < $1 order by at limit $2) returning 1`,
    [before, limit],
  )
  return rows.length
}

function fromRow(row: EventRow): StoredEvent {
  return {
    id: formatPosition({ transactionId: row.transaction_id, id: row.id }),
    type: row.type,
    subject_id: row.subject_id,
    at: row.at.toISOString(),
    accountId: row.account_id,
    position: { transactionId: row.transaction_id, id: row.id },
  }
}

export function formatPosition(position: EventPosition): string {
  return `${position.transactionId}.${position.id}`
}

/** Null for anything that is not a position, e.g. a `Last-Event-ID` that somebody made up. */
export function parsePosition(text: string): EventPosition | null {
  const match = /^(\d{1,19})\.(\d{1,16})$/.exec(text)
  if (!match?.[1] || !match[2]) return null
  const id = Number(match[2])
  return Number.isSafeInteger(id) ? { transactionId: match[1], id } : null
}
