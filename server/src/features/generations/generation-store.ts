import type { ErrorCode, GenerationState } from '@backlot/contract'
import type { Queryable } from '../../platform/db/index.ts'
import type { Claim, Fault, GenerationKey, GenerationRow, LineState, StoredParameters } from './generation.ts'

interface Row {
  account_id: string
  id: string
  user_id: string
  state: GenerationState
  model_id: string
  lane: string
  price_version: number
  credits: number
  charged: number
  parameters: StoredParameters
  prompt: Buffer | null
  reference_asset_id: string | null
  phase: string | null
  progress: number | null
  fault_code: ErrorCode | null
  fault_message: string | null
  cancel_asked_at: Date | null
  deadline: Date
  collect_tries: number
  created_at: Date
  started_at: Date | null
  finished_at: Date | null
  line_state: LineState
  virtual_time: number | null
  lease_token: number
}

const columns = `account_id, id, user_id, state, model_id, lane, price_version, credits, charged, parameters, prompt,
  reference_asset_id, phase, progress, fault_code, fault_message, cancel_asked_at, deadline, collect_tries,
  created_at, started_at, finished_at, line_state, virtual_time, lease_token`

export interface NewGeneration extends GenerationKey {
  readonly userId: string
  readonly modelId: string
  readonly lane: string
  readonly priceVersion: number
  readonly credits: number
  readonly parameters: StoredParameters
  readonly prompt: Buffer
  readonly referenceAssetId: string | null
  readonly deadline: Date
  readonly createdAt: Date
}

/** Adds the row, held back: `enterLine` decides whether it may compete. */
export async function insertGeneration(tx: Queryable, generation: NewGeneration): Promise<void> {
  await tx.query(
    `insert into generations (account_id, id, user_id, state, model_id, lane, price_version, credits, parameters,
       prompt, reference_asset_id, deadline, created_at, line_state)
     values ($1, $2, $3, 'queued', $4, $5, $6, $7, $8, $9, $10, $11, $12, 'held')`,
    [
      generation.accountId,
      generation.id,
      generation.userId,
      generation.modelId,
      generation.lane,
      generation.priceVersion,
      generation.credits,
      JSON.stringify(generation.parameters),
      generation.prompt,
      generation.referenceAssetId,
      generation.deadline,
      generation.createdAt,
    ],
    'insert-generation',
  )
}

export async function selectGeneration(
  db: Queryable,
  key: GenerationKey,
): Promise<GenerationRow | undefined> {
  const rows = await db.query<Row>(
    `select ${columns} from generations where account_id = $1 and id = $2 and deleted_at is null`,
    [key.accountId, key.id],
    'select-generation',
  )
  return rows.map(fromRow)[0]
}

/** Newest first. `before` is the id of the last one of the page before. */
export async function selectGenerations(
  db: Queryable,
  accountId: string,
  options: { before: string | null; limit: number },
): Promise<GenerationRow[]> {
  const rows = await db.query<Row>(
    `select ${columns} from generations
     where account_id = $1 and deleted_at is null and ($2::text is null or id < $2)
     order by id desc limit $3`,
    [accountId, options.before, options.limit],
    'select-generations',
  )
  return rows.map(fromRow)
}

/** Locks the row; nothing when the lease was lost or the generation has ended. */
export async function lockClaimed(tx: Queryable, claim: Claim): Promise<GenerationRow | undefined> {
  const rows = await tx.query<Row>(
    `select ${columns} from generations
     where account_id = $1 and id = $2 and lease_token = $3 and line_state = 'leased' for no key update`,
    [claim.accountId, claim.id, claim.leaseToken],
    'lock-claimed-generation',
  )
  return rows.map(fromRow)[0]
}

export async function lockGeneration(tx: Queryable, key: GenerationKey): Promise<GenerationRow | undefined> {
  const rows = await tx.query<Row>(
    `select ${columns} from generations
     where account_id = $1 and id = $2 and deleted_at is null for no key update`,
    [key.accountId, key.id],
    'lock-generation',
  )
  return rows.map(fromRow)[0]
}

/** Ends the row. The caller holds its lock and takes it out of the line in the same transaction. */
export async function updateEnded(
  tx: Queryable,
  key: GenerationKey,
  end: {
    state: 'delivered' | 'failed' | 'blocked' | 'canceled'
    charged: number
    fault: Fault | null
    at: Date
  },
): Promise<void> {
  await tx.query(
    `update generations set state = $3, line_state = 'done', charged = $4, fault_code = $5, fault_message = $6,
       finished_at = $7, deadline = 'infinity', due_at = null, lease_until = null, worker = null, virtual_time = null,
       phase = null, progress = null
     where account_id = $1 and id = $2`,
    [
      key.accountId,
      key.id,
      end.state,
      end.charged,
      end.fault?.code ?? null,
      end.fault?.message ?? null,
      end.at,
    ],
    'end-generation',
  )
}

export async function updateCollecting(tx: Queryable, key: GenerationKey, deadline: Date): Promise<void> {
  await tx.query(
    `update generations set state = 'collecting', deadline = $3 where account_id = $1 and id = $2`,
    [key.accountId, key.id, deadline],
    'begin-collecting',
  )
}

/** Notes the wish; a generation that waits for its next check is looked at at once. */
export async function updateCancelAsked(tx: Queryable, key: GenerationKey, at: Date): Promise<void> {
  await tx.query(
    `update generations set cancel_asked_at = coalesce(cancel_asked_at, $3),
       due_at = case when line_state = 'waiting' then least(due_at, $3) else due_at end
     where account_id = $1 and id = $2`,
    [key.accountId, key.id, at],
    'ask-cancel',
  )
}

/** Takes what a person wrote out of the row; the generation log keeps its own sealed copy for as long as it must. */
export async function updateDeleted(tx: Queryable, key: GenerationKey, at: Date): Promise<void> {
  await tx.query(
    `update generations set deleted_at = $3, prompt = null where account_id = $1 and id = $2 and deleted_at is null`,
    [key.accountId, key.id, at],
  )
}

/** Forgets the prompts of generations that ended before `before` without a delivery. @returns how many */
export async function forgetUndelivered(db: Queryable, before: Date, limit: number): Promise<number> {
  const rows = await db.query(
    `update generations g set prompt = null
     from (select account_id, id from generations
           where finished_at < $1 and state in ('failed', 'blocked', 'canceled') and prompt is not null
           order by finished_at limit $2) old
     where g.account_id = old.account_id and g.id = old.id returning 1`,
    [before, limit],
  )
  return rows.length
}

/** Queued ones whose time is up, for the sweep. */
export async function selectOverdueQueued(db: Queryable, now: Date, limit: number): Promise<GenerationKey[]> {
  const rows = await db.query<{ account_id: string; id: string }>(
    `select account_id, id from generations where state = 'queued' and deadline <= $1 order by deadline limit $2`,
    [now, limit],
  )
  return rows.map((row) => ({ accountId: row.account_id, id: row.id }))
}

function fromRow(row: Row): GenerationRow {
  return {
    accountId: row.account_id,
    id: row.id,
    userId: row.user_id,
    state: row.state,
    modelId: row.model_id,
    lane: row.lane,
    priceVersion: row.price_version,
    credits: row.credits,
    charged: row.charged,
    parameters: row.parameters,
    prompt: row.prompt,
    referenceAssetId: row.reference_asset_id,
    phase: row.phase,
    progress: row.progress,
    faultCode: row.fault_code,
    faultMessage: row.fault_message,
    cancelAskedAt: row.cancel_asked_at,
    deadline: row.deadline,
    collectTries: row.collect_tries,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    lineState: row.line_state,
    virtualTime: row.virtual_time,
    leaseToken: row.lease_token,
  }
}
