import type { ErrorCode, GenerationState } from '@backlot/contract'
import type { Queryable } from '../../platform/db/index.ts'

const sample = 50
const sampleMin = 3

/** Median seconds from start to delivered over the newest deliveries; null while there are too few to tell. */
export async function selectTypicalSeconds(db: Queryable, modelId: string): Promise<number | null> {
  const [row] = await db.query<{ seconds: number | null; samples: number }>(
    `select percentile_cont(0.5) within group (order by seconds) as seconds, count(*) as samples from
       (select extract(epoch from finished_at - started_at)::float8 as seconds from generations
        where finished_at is not null and state = 'delivered' and model_id = $1
        order by finished_at desc limit ${sample}) recent`,
    [modelId],
    'typical-seconds',
  )
  return row && row.samples >= sampleMin && row.seconds !== null ? Math.max(1, Math.round(row.seconds)) : null
}

export interface LineStatistics {
  readonly queued: number
  readonly running: number
  readonly uncertain: number
  readonly oldestQueuedAt: Date | null
}

export async function selectLineStatistics(db: Queryable): Promise<LineStatistics> {
  const [row] = await db.query<{ queued: number; running: number; uncertain: number; oldest: Date | null }>(
    `select count(*) filter (where state = 'queued') as queued,
       count(*) filter (where state in ('starting', 'running', 'collecting')) as running,
       count(*) filter (where state = 'uncertain') as uncertain,
       min(created_at) filter (where state = 'queued') as oldest
     from generations where line_state <> 'done'`,
  )
  return {
    queued: row?.queued ?? 0,
    running: row?.running ?? 0,
    uncertain: row?.uncertain ?? 0,
    oldestQueuedAt: row?.oldest ?? null,
  }
}

export interface EndedStatistics {
  readonly delivered: number
  readonly failed: number
  readonly blocked: number
  readonly canceled: number
  readonly creditsCaptured: number
}

export async function selectEndedSince(db: Queryable, since: Date): Promise<EndedStatistics> {
  const [row] = await db.query<{
    delivered: number
    failed: number
    blocked: number
    canceled: number
    charged: number
  }>(
    `select count(*) filter (where state = 'delivered') as delivered,
       count(*) filter (where state = 'failed') as failed,
       count(*) filter (where state = 'blocked') as blocked,
       count(*) filter (where state = 'canceled') as canceled,
       coalesce(sum(charged), 0)::bigint as charged
     from generations where finished_at > $1`,
    [since],
  )
  return {
    delivered: row?.delivered ?? 0,
    failed: row?.failed ?? 0,
    blocked: row?.blocked ?? 0,
    canceled: row?.canceled ?? 0,
    creditsCaptured: row?.charged ?? 0,
  }
}

export interface RecentFailure {
  readonly accountId: string
  readonly id: string
  readonly modelId: string
  readonly state: GenerationState
  readonly faultCode: ErrorCode | null
  readonly faultMessage: string | null
  readonly finishedAt: Date
}

export async function selectRecentFailures(db: Queryable, limit: number): Promise<RecentFailure[]> {
  const rows = await db.query<{
    account_id: string
    id: string
    model_id: string
    state: GenerationState
    fault_code: ErrorCode | null
    fault_message: string | null
    finished_at: Date
  }>(
    `select account_id, id, model_id, state, fault_code, fault_message, finished_at from generations
     where finished_at is not null and state in ('failed', 'blocked') order by finished_at desc limit $1`,
    [limit],
  )
  return rows.map((row) => ({
    accountId: row.account_id,
    id: row.id,
    modelId: row.model_id,
    state: row.state,
    faultCode: row.fault_code,
    faultMessage: row.fault_message,
    finishedAt: row.finished_at,
  }))
}
