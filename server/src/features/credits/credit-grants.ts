import type { GrantKind } from '@backlot/contract'
import { AppError } from '../../platform/app-error.ts'
import type { Queryable, Transaction } from '../../platform/db/index.ts'
import { monthlyKey, monthlyPeriod } from './credit-periods.ts'
import { assertCredits, type CreditRoom, dayMs, noAccount } from './credit-room.ts'
import { type CostClass, costClasses } from './credit-rules.ts'
import * as store from './credit-store.ts'

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

export type CreditGrants = ReturnType<typeof createGrants>

/** Where credits come from, and how an operator corrects them. */
export function createGrants({ freeMonthly, changed, once }: CreditRoom) {
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

  return { openAccount, ensureMonthlyGrant, grant, grantByOperator, adjust }
}
