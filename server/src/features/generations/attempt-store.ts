import type { Queryable } from '../../platform/db/index.ts'
import type { ErrorKind } from '../../providers/provider.ts'
import type { Attempt, AttemptState } from './attempt.ts'
import type { Claim, GenerationKey } from './generation.ts'

interface Row {
  id: string
  output_index: number
  number: number
  state: AttemptState
  provider: string
  operation: Buffer | null
  asset_id: string | null
  error_kind: ErrorKind | null
  checks_failed: number
  created_at: Date
  accepted_at: Date | null
}

export async function selectAttempts(db: Queryable, key: GenerationKey): Promise<Attempt[]> {
  const rows = await db.query<Row>(
    `select id, output_index, number, state, provider, operation, asset_id, error_kind, checks_failed, created_at,
       accepted_at
     from attempts where account_id = $1 and generation_id = $2 order by output_index, number`,
    [key.accountId, key.id],
    'select-attempts',
  )
  return rows.map((row) => ({
    id: row.id,
    outputIndex: row.output_index,
    number: row.number,
    state: row.state,
    provider: row.provider,
    operation: row.operation,
    assetId: row.asset_id,
    errorKind: row.error_kind,
    checksFailed: row.checks_failed,
    createdAt: row.created_at,
    acceptedAt: row.accepted_at,
  }))
}

/**
 * Writes down what we are about to send, and only as long as the claim holds: committed before the network call, it
 * is how a restart knows that the upstream may have something.
 *
 * @returns false when the lease was lost
 */
export async function insertAttempt(
  db: Queryable,
  claim: Claim,
  attempt: {
    id: string
    outputIndex: number
    number: number
    provider: string
    providerAccount: string
    createdAt: Date
  },
): Promise<boolean> {
  const rows = await db.query(
    `insert into attempts (account_id, id, generation_id, output_index, number, state, provider, provider_account,
       created_at)
     select $1, $4, $2, $5, $6, 'intended', $7, $8, $9
     from generations where account_id = $1 and id = $2 and lease_token = $3 and line_state = 'leased' for key share
     on conflict do nothing returning 1`,
    [
      claim.accountId,
      claim.id,
      claim.leaseToken,
      attempt.id,
      attempt.outputIndex,
      attempt.number,
      attempt.provider,
      attempt.providerAccount,
      attempt.createdAt,
    ],
    'insert-attempt',
  )
  return rows.length === 1
}

export interface AttemptChange {
  readonly state: AttemptState
  readonly operation?: Buffer | undefined
  readonly assetId?: string | undefined
  readonly errorKind?: ErrorKind | undefined
  readonly errorMessage?: string | undefined
  readonly at: Date
}

const endStates: ReadonlySet<AttemptState> = new Set([
  'succeeded',
  'failed',
  'never_sent',
  'canceled',
  'abandoned',
])

/** Compare and set: nothing happens when the attempt is no longer in `from`. @returns whether it was */
export async function updateAttempt(
  db: Queryable,
  accountId: string,
  id: string,
  from: AttemptState,
  change: AttemptChange,
): Promise<boolean> {
  const rows = await db.query(
    `update attempts set state = $4, operation = coalesce($5, operation), asset_id = coalesce($6, asset_id),
       error_kind = $7, error_message = $8, checks_failed = 0,
       accepted_at = case when $4 = 'accepted' then $9 else accepted_at end,
       ended_at = case when $10 then $9 else null end
     where account_id = $1 and id = $2 and state = $3 returning 1`,
    [
      accountId,
      id,
      from,
      change.state,
      change.operation ?? null,
      change.assetId ?? null,
      change.errorKind ?? null,
      change.errorMessage ?? null,
      change.at,
      endStates.has(change.state),
    ],
    'update-attempt',
  )
  return rows.length === 1
}

export async function countFailedCheck(db: Queryable, accountId: string, id: string): Promise<void> {
  await db.query(
    'update attempts set checks_failed = checks_failed + 1 where account_id = $1 and id = $2',
    [accountId, id],
    'count-failed-check',
  )
}

/** Forgets what upstreams gave us for one generation: it may hold the prompt. */
export async function forgetOperationsOf(tx: Queryable, key: GenerationKey): Promise<void> {
  await tx.query('update attempts set operation = null where account_id = $1 and generation_id = $2', [
    key.accountId,
    key.id,
  ])
}

/** Forgets what upstreams gave us for runs that ended before `before`: it may hold the prompt. @returns how many */
export async function forgetOperations(db: Queryable, before: Date, limit: number): Promise<number> {
  const rows = await db.query(
    `update attempts a set operation = null
     from (select a.account_id, a.id from attempts a
           join generations g on g.account_id = a.account_id and g.id = a.generation_id
           where a.operation is not null and g.finished_at < $1 limit $2) old
     where a.account_id = old.account_id and a.id = old.id returning 1`,
    [before, limit],
  )
  return rows.length
}
