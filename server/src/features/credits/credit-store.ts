import type { GrantKind } from '@backlot/contract'
import type { Queryable } from '../../platform/db/index.ts'
import type { ReturnCause } from './credit-rules.ts'
import type { StatementEntry } from './credit-statement.ts'

/** Where an account stands after an operation. `seq` is the number of its last posting group. */
export interface Standing {
  readonly seq: number
  readonly available: number
  readonly held: number
}

type Outcome<Name extends string> = Standing & { readonly outcome: Name | 'no_account' }

async function one<Row>(db: Queryable, text: string, values: readonly unknown[], name: string): Promise<Row> {
  const [row] = await db.query<Row>(text, values, name)
  if (!row) throw new Error(`${name} answered nothing`)
  return row
}

export async function openAccount(tx: Queryable, accountId: string, at: Date): Promise<boolean> {
  const row = await one<{ opened: boolean }>(
    tx,
    'select credit_open($1, $2) as opened',
    [accountId, at],
    'credit-open',
  )
  return row.opened
}

export interface GrantRow {
  readonly bucket_id: number
  readonly granted: number
  readonly kind: GrantKind
  readonly expires_at: Date | null
}

export function grant(
  tx: Queryable,
  request: {
    accountId: string
    kind: GrantKind
    rank: number
    costClass: number
    amount: number
    sourceKey: string
    paymentId: string | null
    reason: string | null
    expiresAt: Date | null
    now: Date
  },
): Promise<Outcome<'ok' | 'repeated' | 'expired'> & GrantRow> {
  return one(
    tx,
    `select outcome, seq, available, held, bucket_id, granted, kind, nullif(expires_at, 'infinity') as expires_at
     from credit_grant($1, $2, $3::smallint, $4::smallint, $5, $6, $7, $8, coalesce($9, 'infinity'::timestamptz), $10)`,
    [
      request.accountId,
      request.kind,
      request.rank,
      request.costClass,
      request.amount,
      request.sourceKey,
      request.paymentId,
      request.reason,
      request.expiresAt,
      request.now,
    ],
    'credit-grant',
  )
}

export function drip(
  tx: Queryable,
  accountId: string,
  amount: number,
  sourceKey: string,
  end: Date,
  now: Date,
): Promise<Outcome<'ok' | 'repeated' | 'none'> & { readonly bucket_id: number | null }> {
  return one(
    tx,
    'select * from credit_drip($1, $2, $3, $4, $5)',
    [accountId, amount, sourceKey, end, now],
    'credit-drip',
  )
}

export function hold(
  tx: Queryable,
  request: {
    accountId: string
    holdId: string
    amount: number
    deadline: Date
    openHoldsMax: number | null
    now: Date
  },
): Promise<Outcome<'ok' | 'repeated' | 'conflict' | 'insufficient' | 'too_many' | 'drip_due'>> {
  return one(
    tx,
    'select * from credit_hold($1, $2, $3, $4, $5, $6)',
    [request.accountId, request.holdId, request.amount, request.deadline, request.openHoldsMax, request.now],
    'credit-hold',
  )
}

export interface ClosedRow {
  readonly state: 'captured' | 'released' | null
  readonly captured: number | null
  readonly released: number | null
}

export function capture(
  tx: Queryable,
  request: {
    accountId: string
    holdId: string
    amount: number
    restCause: ReturnCause
    restoreForMs: number
    now: Date
  },
): Promise<Outcome<'ok' | 'closed' | 'missing'> & ClosedRow> {
  return one(
    tx,
    `select * from credit_capture($1, $2, $3, $4, $5 * interval '1 millisecond', $6)`,
    [request.accountId, request.holdId, request.amount, request.restCause, request.restoreForMs, request.now],
    'credit-capture',
  )
}

export function release(
  tx: Queryable,
  request: { accountId: string; holdId: string; cause: ReturnCause; restoreForMs: number; now: Date },
): Promise<Outcome<'ok' | 'closed' | 'missing'> & ClosedRow> {
  return one(
    tx,
    `select * from credit_release($1, $2, $3, $4 * interval '1 millisecond', $5)`,
    [request.accountId, request.holdId, request.cause, request.restoreForMs, request.now],
    'credit-release',
  )
}

export function refund(
  tx: Queryable,
  request: {
    accountId: string
    holdId: string
    amount: number
    cause: ReturnCause
    key: string
    restoreForMs: number
    now: Date
  },
): Promise<Outcome<'ok' | 'too_much' | 'missing'> & { readonly refundable: number | null }> {
  return one(
    tx,
    `select * from credit_refund($1, $2, $3, $4, $5, $6 * interval '1 millisecond', $7)`,
    [
      request.accountId,
      request.holdId,
      request.amount,
      request.cause,
      request.key,
      request.restoreForMs,
      request.now,
    ],
    'credit-refund',
  )
}

export function takeBack(
  tx: Queryable,
  accountId: string,
  amount: number,
  ref: string,
  now: Date,
): Promise<Outcome<'ok' | 'insufficient'>> {
  return one(
    tx,
    'select * from credit_take_back($1, $2, $3, $4)',
    [accountId, amount, ref, now],
    'credit-take-back',
  )
}

export function expire(
  tx: Queryable,
  accountId: string,
  now: Date,
): Promise<Outcome<'ok' | 'nothing'> & { readonly drip_due: boolean }> {
  return one(tx, 'select * from credit_expire($1, $2)', [accountId, now], 'credit-expire')
}

export interface AccountRow extends Standing {
  readonly id: string
  readonly frozen: number
  readonly debt: number
  readonly opened_at: Date
  readonly last_at: Date
  readonly next_drip: Date
  readonly next_expiry: Date
}

export async function selectAccount(db: Queryable, accountId: string): Promise<AccountRow | null> {
  const [row] = await db.query<AccountRow>(
    `select id, seq, available, held, frozen, debt, opened_at, last_at, next_drip, next_expiry
     from credit_accounts where id = $1`,
    [accountId],
    'credit-account',
  )
  return row ?? null
}

export async function selectBalances(
  db: Queryable,
  accountIds: readonly string[],
): Promise<{ id: string; available: number; held: number }[]> {
  return db.query('select id, available, held from credit_accounts where id = any($1)', [accountIds])
}

/** Locks the account until the transaction ends; false when there is none. */
export async function lockAccount(tx: Queryable, accountId: string): Promise<boolean> {
  const rows = await tx.query(
    'select 1 from credit_accounts where id = $1 for no key update',
    [accountId],
    'credit-lock',
  )
  return rows.length > 0
}

/** Locks the account if something is due on it and nobody else is at it. */
export async function lockDueAccount(tx: Queryable, accountId: string, now: Date): Promise<boolean> {
  const rows = await tx.query(
    'select 1 from credit_accounts where id = $1 and next_expiry <= $2 for no key update skip locked',
    [accountId, now],
    'credit-lock-due',
  )
  return rows.length > 0
}

export async function selectDueAccounts(db: Queryable, now: Date, limit: number): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    'select id from credit_accounts where next_expiry <= $1 order by next_expiry limit $2',
    [now, limit],
    'credit-due',
  )
  return rows.map((row) => row.id)
}

export interface BucketRow {
  readonly id: number
  readonly kind: GrantKind
  readonly amount: number
  readonly remaining: number
  readonly held: number
  readonly expires_at: Date | null
}

/** The grants that still have something in them, in the order in which they are spent. */
export function selectOpenBuckets(db: Queryable, accountId: string): Promise<BucketRow[]> {
  return db.query<BucketRow>(
    `select id, kind, amount, remaining, held, nullif(expires_at, 'infinity') as expires_at from credit_buckets
     where account_id = $1 and open order by rank, credit_buckets.expires_at, cost_class, id limit 500`,
    [accountId],
    'credit-open-buckets',
  )
}

export interface OverdueHold {
  readonly accountId: string
  readonly holdId: string
  readonly deadline: Date
}

export function selectOverdueHolds(db: Queryable, now: Date, limit: number): Promise<OverdueHold[]> {
  return db.query<OverdueHold>(
    `select account_id as "accountId", id as "holdId", deadline from credit_holds
     where state = 'open' and deadline <= $1 order by deadline limit $2`,
    [now, limit],
    'credit-overdue-holds',
  )
}

/** @returns false when the hold is not open */
export async function updateDeadline(
  tx: Queryable,
  accountId: string,
  holdId: string,
  deadline: Date,
): Promise<boolean> {
  const rows = await tx.query(
    `update credit_holds set deadline = $3 where account_id = $1 and id = $2 and state = 'open' returning 1`,
    [accountId, holdId, deadline],
    'credit-deadline',
  )
  return rows.length > 0
}

/** @returns how many went */
export async function deleteClosedHolds(db: Queryable, before: Date, limit: number): Promise<number> {
  const rows = await db.query(
    `delete from credit_holds where (account_id, id) in (
       select account_id, id from credit_holds where state <> 'open' and closed_at < $1 order by closed_at limit $2
     ) returning 1`,
    [before, limit],
  )
  return rows.length
}

export async function prepareEntries(db: Queryable, now: Date): Promise<number> {
  const row = await one<{ made: number }>(
    db,
    'select credit_prepare_entries($1) as made',
    [now],
    'credit-prepare',
  )
  return row.made
}

export interface OperationRow {
  readonly request_hash: Buffer
  readonly result: unknown
}

export async function selectOperation(
  tx: Queryable,
  accountId: string,
  key: string,
): Promise<OperationRow | null> {
  const [row] = await tx.query<OperationRow>(
    'select request_hash, result from credit_operations where account_id = $1 and key = $2',
    [accountId, key],
    'credit-operation',
  )
  return row ?? null
}

export async function insertOperation(
  tx: Queryable,
  operation: {
    accountId: string
    key: string
    requestHash: Buffer
    seq: number
    result: unknown
    reason: string | null
    at: Date
  },
): Promise<void> {
  await tx.query(
    `insert into credit_operations (account_id, key, request_hash, seq, result, reason, at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      operation.accountId,
      operation.key,
      operation.requestHash,
      operation.seq,
      JSON.stringify(operation.result),
      operation.reason,
      operation.at,
    ],
    'insert-credit-operation',
  )
}

/** The entries of the posting groups `fromSeq` to `toSeq` (both included), newest first. */
export function selectEntries(
  db: Queryable,
  accountId: string,
  fromSeq: number,
  toSeq: number,
): Promise<StatementEntry[]> {
  return db.query<StatementEntry>(
    `select e.seq, e.ord, e.kind, e.from_code, e.to_code, e.amount, e.ref, e.cause, e.available_after, e.held_after, e.at,
       b.kind as bucket_kind, b.source_key, nullif(b.expires_at, 'infinity') as expires_at, b.effective_at,
       coalesce(o.reason, b.reason) as reason
     from credit_entries e
     left join credit_buckets b on b.account_id = e.account_id and b.id = e.bucket_id
     left join credit_operations o on o.account_id = e.account_id and o.key = e.ref and e.kind = 'adjust'
     where e.account_id = $1 and e.seq between $2 and $3
     order by e.seq desc, e.ord desc`,
    [accountId, fromSeq, toSeq],
    'credit-entries',
  )
}
