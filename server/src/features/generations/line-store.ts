import type { GenerationState } from '@backlot/contract'
import type { Queryable } from '../../platform/db/index.ts'
import type { Claim, GenerationKey, LineState } from './generation.ts'

/** Makes the lane known and sets its cap. A lower cap takes effect as running ones end. */
export async function upsertLane(db: Queryable, id: string, runningMax: number): Promise<void> {
  await db.query(
    `insert into lanes (id, running_max) values ($1, $2)
     on conflict (id) do update set running_max = excluded.running_max
     where lanes.running_max <> excluded.running_max`,
    [id, runningMax],
  )
}

/** @returns false when the account has too many outstanding; the caller rolls back */
export async function enterLine(
  tx: Queryable,
  key: GenerationKey,
  lane: string,
  limits: { simultaneousMax: number; outstandingMax: number },
): Promise<boolean> {
  const [row] = await tx.query<{ entered: boolean }>(
    'select line_enter($1, $2, $3, $4, $5) as entered',
    [key.accountId, key.id, lane, limits.simultaneousMax, limits.outstandingMax],
    'line-enter',
  )
  return row?.entered ?? false
}

export async function leaveLine(
  tx: Queryable,
  accountId: string,
  lane: string,
  before: LineState,
): Promise<void> {
  await tx.query('select line_leave($1, $2, $3)', [accountId, lane, before], 'line-leave')
}

interface ClaimRow {
  account_id: string
  id: string
  lease_token: number
}

export async function claimStarts(
  db: Queryable,
  options: { lane: string; worker: string; limit: number; now: Date; leaseMs: number; deadline: Date },
): Promise<Claim[]> {
  const rows = await db.query<ClaimRow>(
    `select * from line_claim($1, $2, $3, $4, make_interval(secs => $5), $6)`,
    [options.lane, options.worker, options.limit, options.now, options.leaseMs / 1000, options.deadline],
    'line-claim',
  )
  return rows.map(fromRow)
}

export async function claimDue(
  db: Queryable,
  options: { worker: string; limit: number; now: Date; leaseMs: number },
): Promise<Claim[]> {
  const rows = await db.query<ClaimRow>(
    'select * from line_claim_due($1, $2, $3, make_interval(secs => $4))',
    [options.worker, options.limit, options.now, options.leaseMs / 1000],
    'line-claim-due',
  )
  return rows.map(fromRow)
}

/** Keeps every lease of a worker alive with one statement. @returns what it still holds */
export async function renewLeases(db: Queryable, worker: string, until: Date): Promise<Claim[]> {
  const rows = await db.query<ClaimRow>(
    `update generations set lease_until = $2 where worker = $1 and line_state = 'leased'
     returning account_id, id, lease_token`,
    [worker, until],
    'renew-leases',
  )
  return rows.map(fromRow)
}

/** Leases that ended without a word go back to be checked at once, keeping their slots. @returns how many */
export async function reapLeases(db: Queryable, now: Date, limit: number): Promise<number> {
  const rows = await db.query(
    `update generations g set line_state = 'waiting', due_at = $1, worker = null, lease_until = null,
       lease_token = g.lease_token + 1
     from (select account_id, id from generations where line_state = 'leased' and lease_until < $1
           order by lease_until limit $2 for update skip locked) lost
     where g.account_id = lost.account_id and g.id = lost.id returning 1`,
    [now, limit],
    'reap-leases',
  )
  return rows.length
}

/** Ends a worker's turn: the generation waits in `state` until `dueAt`. @returns false when the lease was lost */
export async function putBack(
  db: Queryable,
  claim: Claim,
  next: {
    state: GenerationState
    dueAt: Date
    deadline: Date
    phase: string | null
    progress: number | null
    collectTries: number
    /** Whether this turn knew of a wish to cancel. One that came meanwhile makes the generation due at once. */
    cancelAsked: boolean
  },
): Promise<boolean> {
  const rows = await db.query(
    `update generations set state = $4, line_state = 'waiting',
       due_at = case when cancel_asked_at is not null and not $10 then least($5, cancel_asked_at) else $5 end, deadline = $6, phase = $7, progress = $8,
       collect_tries = $9, worker = null, lease_until = null
     where account_id = $1 and id = $2 and lease_token = $3 and line_state = 'leased' returning 1`,
    [
      claim.accountId,
      claim.id,
      claim.leaseToken,
      next.state,
      next.dueAt,
      next.deadline,
      next.phase,
      next.progress,
      next.collectTries,
      next.cancelAsked,
    ],
    'put-back',
  )
  return rows.length === 1
}

/** Hands everything that a stopping worker still holds to the others. */
export async function handBack(db: Queryable, worker: string, now: Date): Promise<number> {
  const rows = await db.query(
    `update generations set line_state = 'waiting', due_at = $2, worker = null, lease_until = null,
       lease_token = lease_token + 1
     where worker = $1 and line_state = 'leased' returning 1`,
    [worker, now],
  )
  return rows.length
}

/** Milliseconds until the next check is due; null when nothing waits. */
export async function nextDueMs(db: Queryable, now: Date): Promise<number | null> {
  const [row] = await db.query<{ due_at: Date | null }>(
    `select min(due_at) as due_at from generations where line_state = 'waiting'`,
    [],
    'next-due',
  )
  return row?.due_at ? Math.max(0, row.due_at.getTime() - now.getTime()) : null
}

const placeMax = 1000

/** How many will start before this one, plus one; counting stops at a thousand. */
export async function selectPlace(
  db: Queryable,
  generation: GenerationKey & { lane: string; lineState: LineState; virtualTime: number | null },
): Promise<number> {
  const [row] =
    generation.lineState === 'ready'
      ? await db.query<{ ahead: number }>(
          `select count(*) as ahead from (select 1 from generations
             where lane = $1 and line_state = 'ready' and (virtual_time, id) < ($2, $3) limit ${placeMax}) ready`,
          [generation.lane, generation.virtualTime, generation.id],
          'place-ready',
        )
      : // Its own account's line decides, and those of the lane that compete already.
        await db.query<{ ahead: number }>(
          `select (select count(*) from (select 1 from generations
                   where lane = $1 and line_state = 'ready' limit ${placeMax}) ready)
                + (select count(*) from (select 1 from generations
                   where account_id = $2 and line_state = 'held' and id < $3 limit ${placeMax}) held) as ahead`,
          [generation.lane, generation.accountId, generation.id],
          'place-held',
        )
  return (row?.ahead ?? 0) + 1
}

/** Accounts that have room and something held back: what a rolled-back ending may leave behind. */
export async function promoteStranded(db: Queryable, limit: number): Promise<number> {
  const [row] = await db.query<{ promoted: number | null }>(
    `select sum(line_promote(account_id)) as promoted from
       (select account_id from line_accounts a where open < cap and outstanding > open
        and exists (select 1 from generations g where g.account_id = a.account_id and g.line_state = 'held')
        order by account_id limit $1) stranded`,
    [limit],
  )
  return Number(row?.promoted ?? 0)
}

function fromRow(row: ClaimRow): Claim {
  return { accountId: row.account_id, id: row.id, leaseToken: row.lease_token }
}
