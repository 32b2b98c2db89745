import { createHash } from 'node:crypto'
import type { CreditBalance, GrantKind, Page, StatementLine } from '@backlot/contract'
import { AppError } from '../../platform/app-error.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Queryable, Transaction } from '../../platform/db/index.ts'
import type { Logger } from '../../platform/log.ts'
import { monthlyKey, monthlyPeriod } from './credit-periods.ts'
import { type CostClass, costClasses, type ReturnCause } from './credit-rules.ts'
import { presentStatement, readCursor } from './credit-statement.ts'
import * as store from './credit-store.ts'
import { type LedgerCheck, verifyLedger } from './credit-verify.ts'

/** The part of `platform/events` that the ledger needs. */
export interface CreditEvents {
  append(
    tx: Queryable,
    event: {
      accountId: string
      type: 'credits.changed'
      subjectId: string
      at: Date
      data?: Readonly<Record<string, number>>
    },
  ): Promise<void>
}

export interface CreditsOptions {
  readonly db: Database
  readonly events: CreditEvents
  readonly clock: Clock
  readonly log: Logger
  /** Credits that every account gets each month, from the profile; 0: none. Read each time, so it may change. */
  readonly freeMonthly?: () => number
  /** How long credits live that came back to a grant whose time was over. Seven days by default. */
  readonly restoreForMs?: number
}

export interface GrantRequest {
  readonly accountId: string
  readonly kind: Exclude<GrantKind, 'restored'>
  readonly costClass: CostClass
  /** Whole credits, above 0. */
  readonly amount: number
  /** What it is for, once per account: the same key again answers the same grant. */
  readonly sourceKey: string
  /** Null: never expires. */
  readonly expiresAt: Date | null
  readonly now: Date
  /** An operator's words; the account sees them on its statement. */
  readonly reason?: string
  readonly paymentId?: string
}

export interface Grant {
  readonly bucketId: number
  readonly kind: GrantKind
  readonly amount: number
  readonly expiresAt: Date | null
  /** True when the grant had been made before. */
  readonly repeated: boolean
}

export interface Balance {
  readonly available: number
  readonly held: number
  readonly frozen: number
  readonly debt: number
}

/** How a hold ended. */
export interface Settlement {
  /** `none`: nothing was ever held under this id, as for a generation whose price is 0. */
  readonly state: 'captured' | 'released' | 'none'
  readonly captured: number
  readonly released: number
  /** True when it had ended before, and this call changed nothing. */
  readonly repeated: boolean
}

export type Credits = ReturnType<typeof createCredits>

const dayMs = 86_400_000
const closedHoldsKeptMs = 35 * dayMs

export function createCredits(options: CreditsOptions) {
  const { db, events, clock, log } = options
  const freeMonthly = options.freeMonthly ?? (() => 0)
  const restoreForMs = options.restoreForMs ?? 7 * dayMs

  async function changed(
    tx: Queryable,
    accountId: string,
    standing: store.Standing,
    at: Date,
  ): Promise<void> {
    const { seq, available, held } = standing
    await events.append(tx, {
      accountId,
      type: 'credits.changed',
      subjectId: accountId,
      at,
      data: { seq, available, held },
    })
  }

  /** Runs `work` once per key; asked again with the same request it answers what it answered then. */
  async function once<Result>(
    tx: Transaction,
    operation: { accountId: string; key: string; request: unknown; reason: string | null; now: Date },
    work: () => Promise<{ result: Result; seq: number }>,
  ): Promise<{ result: Result; repeated: boolean }> {
    const { accountId, key, reason } = operation
    if (!(await store.lockAccount(tx, accountId))) throw noAccount()
    const requestHash = createHash('sha256').update(JSON.stringify(operation.request)).digest()
    const before = await store.selectOperation(tx, accountId, key)
    if (before) {
      if (!requestHash.equals(before.request_hash)) {
        throw new AppError('idempotency_conflict', 'This key was used for another request before.')
      }
      return { result: before.result as Result, repeated: true }
    }
    const { result, seq } = await work()
    await store.insertOperation(tx, { accountId, key, requestHash, seq, result, reason, at: operation.now })
    return { result, repeated: false }
  }

  /** Opens the account's ledger and gives it the first month's free credits. Safe to repeat. */
  async function openAccount(tx: Queryable, accountId: string, at: Date): Promise<void> {
    await store.openAccount(tx, accountId, at)
    await ensureMonthlyGrant(tx, { accountId, now: at })
  }

  /**
   * Gives the free credits of the month that `now` falls into, once. Months are counted from the day on which the
   * account was opened (`anchor` overrides it); the credits end with the month.
   */
  async function ensureMonthlyGrant(
    tx: Queryable,
    request: { accountId: string; amount?: number; anchor?: Date; now: Date },
  ): Promise<{ granted: boolean; start: Date; end: Date }> {
    const account = await store.selectAccount(tx, request.accountId)
    if (!account) throw noAccount()
    const amount = request.amount ?? freeMonthly()
    assertCredits(amount)
    // The account's own time, which never goes back: another machine's clock may be a little ahead.
    const at = new Date(Math.max(request.now.getTime(), account.last_at.getTime()))
    const period = monthlyPeriod(request.anchor ?? account.opened_at, at)
    const row = await store.drip(tx, account.id, amount, monthlyKey(period), period.end, request.now)
    if (row.outcome === 'ok') await changed(tx, account.id, row, request.now)
    return { granted: row.outcome === 'ok', start: period.start, end: period.end }
  }

  /**
   * Gives credits. The same `sourceKey` again answers the grant that exists.
   *
   * @throws AppError `idempotency_conflict` when the key stands for another grant, `not_found` without an account
   */
  async function grant(tx: Queryable, request: GrantRequest): Promise<Grant> {
    const made = await makeGrant(tx, request)
    const sameExpiry = made.expiresAt?.getTime() === request.expiresAt?.getTime()
    if (made.repeated && (made.amount !== request.amount || made.kind !== request.kind || !sameExpiry)) {
      throw new AppError('idempotency_conflict', `The grant ${request.sourceKey} was made with other values.`)
    }
    return made
  }

  async function makeGrant(tx: Queryable, request: GrantRequest): Promise<Grant & { seq: number }> {
    assertCredits(request.amount, 1)
    const row = await store.grant(tx, {
      ...request,
      rank: 100,
      costClass: costClasses[request.costClass],
      paymentId: request.paymentId ?? null,
      reason: request.reason ?? null,
    })
    if (row.outcome === 'no_account') throw noAccount()
    if (row.outcome === 'expired') throw new RangeError('a grant cannot expire before it is made')
    if (row.outcome === 'ok') await changed(tx, request.accountId, row, request.now)
    return {
      bucketId: row.bucket_id,
      kind: row.kind,
      amount: row.granted,
      expiresAt: row.expires_at,
      repeated: row.outcome === 'repeated',
      seq: row.seq,
    }
  }

  /**
   * An operator gives credits. `key` makes it happen once; `request` is what the key stands for.
   *
   * @throws AppError `idempotency_conflict` when the key was used for another request
   */
  async function grantByOperator(
    tx: Transaction,
    request: {
      accountId: string
      amount: number
      reason: string
      expiresInDays?: number
      key: string
      now: Date
    },
  ): Promise<Grant> {
    const { accountId, amount, reason, expiresInDays, key, now } = request
    const asked = { operation: 'grant', amount, reason, expiresInDays: expiresInDays ?? null }
    const { result, repeated } = await once(tx, { accountId, key, request: asked, reason, now }, async () => {
      const expiresAt = expiresInDays === undefined ? null : new Date(now.getTime() + expiresInDays * dayMs)
      const made = await makeGrant(tx, {
        accountId,
        kind: 'admin',
        costClass: 'free',
        amount,
        sourceKey: `operation:${key}`,
        expiresAt,
        reason,
        now,
      })
      return {
        result: { bucketId: made.bucketId, expiresAt: made.expiresAt?.toISOString() ?? null },
        seq: made.seq,
      }
    })
    return {
      bucketId: result.bucketId,
      kind: 'admin',
      amount,
      expiresAt: result.expiresAt === null ? null : new Date(result.expiresAt),
      repeated,
    }
  }

  /**
   * Sets credits aside for a generation, before anything is sent. A price of 0 holds nothing and leaves no row.
   *
   * @param request.holdId the generation's id; the same id with the same amount changes nothing
   * @param request.openHoldsMax refuses beyond so many open holds (those of price 0 do not count)
   * @throws AppError `credits_insufficient`, `too_many_outstanding`, `idempotency_conflict` (same id, another
   *   amount). Nothing is held then, and the transaction may go on.
   */
  async function hold(
    tx: Queryable,
    request: {
      accountId: string
      holdId: string
      amount: number
      deadline: Date
      now: Date
      openHoldsMax?: number
    },
  ): Promise<{ repeated: boolean }> {
    const { accountId, amount, now } = request
    assertCredits(amount)
    if (amount === 0) return { repeated: false }
    const asked = { ...request, openHoldsMax: request.openHoldsMax ?? null }
    let row = await store.hold(tx, asked)
    if (row.outcome === 'drip_due') {
      await ensureMonthlyGrant(tx, { accountId, now })
      row = await store.hold(tx, asked)
    }
    switch (row.outcome) {
      case 'ok':
        await changed(tx, accountId, row, now)
        return { repeated: false }
      case 'repeated':
        return { repeated: true }
      case 'conflict':
        throw new AppError('idempotency_conflict', 'Another amount is held for this generation already.')
      case 'insufficient':
        throw new AppError('credits_insufficient', `needs ${amount} credits, has ${row.available}`, {
          members: { needed: amount, available: row.available },
        })
      case 'too_many':
        throw new AppError(
          'too_many_outstanding',
          `At most ${request.openHoldsMax} generations may be waiting or running at once.`,
        )
      case 'no_account':
        throw noAccount()
      case 'drip_due':
        throw new Error(`the monthly credits of ${accountId} stay due`)
    }
  }

  /**
   * Charges a hold when its generation is delivered. What exceeds the hold is written off; what is left of it goes
   * back. Of capture and release the first one wins; the other changes nothing and answers how it ended.
   *
   * @param request.amount what the generation came to, at most what was held
   * @param request.restCause why the rest was not needed; `failure` when a part of several was not delivered
   */
  async function capture(
    tx: Queryable,
    request: { accountId: string; holdId: string; amount: number; now: Date; restCause?: ReturnCause },
  ): Promise<Settlement> {
    assertCredits(request.amount)
    const row = await store.capture(tx, {
      ...request,
      restCause: request.restCause ?? 'unused',
      restoreForMs,
    })
    if (row.outcome === 'missing' && request.amount > 0) {
      throw new Error(
        `${request.holdId} is to be charged ${request.amount} credits, but nothing is held for it`,
      )
    }
    return settled(tx, request, row)
  }

  /** Gives a hold back when its generation ends in any other way than delivered. As `capture` otherwise. */
  async function release(
    tx: Queryable,
    request: { accountId: string; holdId: string; cause: ReturnCause; now: Date },
  ): Promise<Settlement> {
    return settled(tx, request, await store.release(tx, { ...request, restoreForMs }))
  }

  async function settled(
    tx: Queryable,
    request: { accountId: string; holdId: string; now: Date },
    row: Awaited<ReturnType<typeof store.capture>>,
  ): Promise<Settlement> {
    if (row.outcome === 'no_account') throw noAccount()
    if (row.outcome === 'ok') await changed(tx, request.accountId, row, request.now)
    if (row.state === null) return { state: 'none', captured: 0, released: 0, repeated: false }
    return {
      state: row.state,
      captured: row.captured ?? 0,
      released: row.released ?? 0,
      repeated: row.outcome === 'closed',
    }
  }

  /**
   * Gives back what a captured hold was charged, or a part of it, to the grants that it came from.
   *
   * @throws AppError `state_conflict` when it is more than was charged and not yet given back
   */
  async function refund(
    tx: Transaction,
    request: {
      accountId: string
      holdId: string
      amount: number
      cause: ReturnCause
      key: string
      now: Date
    },
  ): Promise<{ repeated: boolean }> {
    const { accountId, holdId, amount, cause, key, now } = request
    assertCredits(amount, 1)
    const asked = { operation: 'refund', holdId, amount, cause }
    const { repeated } = await once(tx, { accountId, key, request: asked, reason: null, now }, async () => {
      const row = await store.refund(tx, { ...request, restoreForMs })
      if (row.outcome !== 'ok') {
        throw new AppError(
          'state_conflict',
          `At most ${row.refundable ?? 0} credits of this generation can be given back.`,
        )
      }
      await changed(tx, accountId, row, now)
      return { result: {}, seq: row.seq }
    })
    return { repeated }
  }

  /**
   * An operator corrects a balance: above 0 is a grant that never expires, below 0 takes available credits back.
   *
   * @throws AppError `credits_insufficient` when more is to be taken than is available
   */
  async function adjust(
    tx: Transaction,
    request: { accountId: string; amount: number; reason: string; key: string; now: Date },
  ): Promise<{ repeated: boolean }> {
    const { accountId, amount, reason, key, now } = request
    if (amount > 0) return { repeated: (await grantByOperator(tx, request)).repeated }
    assertCredits(-amount, 1)
    const asked = { operation: 'adjust', amount, reason }
    const { repeated } = await once(tx, { accountId, key, request: asked, reason, now }, async () => {
      const row = await store.takeBack(tx, accountId, -amount, key, now)
      if (row.outcome !== 'ok') {
        throw new AppError('credits_insufficient', `cannot take ${-amount} credits, has ${row.available}`)
      }
      await changed(tx, accountId, row, now)
      return { result: {}, seq: row.seq }
    })
    return { repeated }
  }

  /** Expires what is due and gives the monthly credits if their time has come. */
  async function settle(tx: Queryable, accountId: string, now: Date): Promise<void> {
    const row = await store.expire(tx, accountId, now)
    if (row.outcome === 'no_account') throw noAccount()
    if (row.outcome === 'ok') await changed(tx, accountId, row, now)
    if (row.drip_due) await ensureMonthlyGrant(tx, { accountId, now })
  }

  async function current(accountId: string, now: Date): Promise<store.AccountRow> {
    const account = await store.selectAccount(db, accountId)
    if (!account) throw noAccount()
    if (now.getTime() < account.next_expiry.getTime()) return account
    await db.transaction((tx) => settle(tx, accountId, now))
    return (await store.selectAccount(db, accountId)) ?? account
  }

  /** What the account has at `now`: one row read, unless something expires just then. */
  async function balance(accountId: string, now: Date = clock.now()): Promise<Balance> {
    const { available, held, frozen, debt } = await current(accountId, now)
    return { available, held, frozen, debt }
  }

  /** The balance with the grants behind it, in the order in which they will be spent. */
  async function overview(accountId: string, now: Date = clock.now()): Promise<CreditBalance> {
    const totals = await balance(accountId, now)
    const buckets = await store.selectOpenBuckets(db, accountId)
    return {
      ...totals,
      grants: buckets.map((bucket) => ({ ...bucket, expires_at: bucket.expires_at?.toISOString() ?? null })),
    }
  }

  /** Every change of the balance, newest first. `after` is the `next` of the page before. */
  async function statement(
    accountId: string,
    page: { limit: number; after?: string | undefined },
  ): Promise<Page<StatementLine>> {
    const account = await current(accountId, clock.now())
    const cursor = page.after === undefined ? { seq: account.seq + 1, ord: 0 } : readCursor(page.after)
    if (!cursor) {
      throw new AppError('request_invalid', 'The cursor is none of this statement.', {
        fields: [{ field: 'after', code: 'invalid', message: 'Pass the `next` of the page before.' }],
      })
    }
    // Groups are numbered without gaps, so so many of them hold at least so many lines.
    const entries = await store.selectEntries(db, accountId, cursor.seq - page.limit, cursor.seq)
    return presentStatement(entries, cursor, page.limit)
  }

  /**
   * For the sweeper: settles up to `limit` accounts on which something is due. Reads settle by themselves, so this
   * only keeps the books current. Safe to run in many processes at once.
   *
   * @returns how many were settled; call again while it is `limit`
   */
  async function expireDue(now: Date, limit: number): Promise<number> {
    let count = 0
    for (const accountId of await store.selectDueAccounts(db, now, limit)) {
      try {
        const done = await db.transaction(async (tx) => {
          const due = await store.lockDueAccount(tx, accountId, now)
          if (due) await settle(tx, accountId, now)
          return due
        })
        if (done) count += 1
      } catch (error) {
        log.error({ accountId, err: error }, 'the due credits of an account could not be settled')
      }
    }
    return count
  }

  return {
    openAccount,
    ensureMonthlyGrant,
    grant,
    grantByOperator,
    hold,
    capture,
    release,
    refund,
    adjust,
    balance,
    overview,
    statement,
    expireDue,
    /** Balances of many accounts as last settled, for lists. */
    async balances(accountIds: readonly string[]): Promise<Map<string, { available: number; held: number }>> {
      const rows = await store.selectBalances(db, accountIds)
      return new Map(rows.map(({ id, available, held }) => [id, { available, held }]))
    },
    /** Moves an open hold's deadline while its generation is alive. False when the hold is not open. */
    extendHold(
      tx: Queryable,
      request: { accountId: string; holdId: string; deadline: Date },
    ): Promise<boolean> {
      return store.updateDeadline(tx, request.accountId, request.holdId, request.deadline)
    },
    /** Open holds past their deadline: whoever owns their generations decides what becomes of them. */
    overdueHolds(now: Date, limit: number): Promise<store.OverdueHold[]> {
      return store.selectOverdueHolds(db, now, limit)
    },
    /** Makes room ahead of time (partitions) and forgets holds that ended long ago. Daily, and at every start. */
    async maintain(now: Date): Promise<void> {
      await store.prepareEntries(db, now)
      await store.deleteClosedHolds(db, new Date(now.getTime() - closedHoldsKeptMs), 10_000)
    },
    /** Checks the whole ledger; see README.md for the invariants. Bounded memory, no locks. */
    verify(database: Database = db): Promise<LedgerCheck> {
      return verifyLedger(database)
    },
  }
}

function noAccount(): AppError {
  return new AppError('not_found', 'There is no such account.')
}

function assertCredits(amount: number, least = 0): void {
  if (!Number.isSafeInteger(amount) || amount < least) {
    throw new RangeError(`${amount} is not a whole number of credits of at least ${least}`)
  }
}
