import { AppError } from '../../platform/app-error.ts'
import type { Queryable, Transaction } from '../../platform/db/index.ts'
import type { CreditGrants } from './credit-grants.ts'
import { assertCredits, type CreditRoom, noAccount } from './credit-room.ts'
import type { ReturnCause } from './credit-rules.ts'
import * as store from './credit-store.ts'

/** How a hold ended. */
export interface Settlement {
  /** `none`: nothing was ever held under this id, as for a generation whose price is 0. */
  readonly state: 'captured' | 'released' | 'none'
  readonly captured: number
  readonly released: number
  /** True when it had ended before, and this call changed nothing. */
  readonly repeated: boolean
}

/** What a generation does to the credits: hold, then capture or release, and perhaps a refund. */
export function createHolds(
  { restoreForMs, changed, once }: CreditRoom,
  { ensureMonthlyGrant }: Pick<CreditGrants, 'ensureMonthlyGrant'>,
) {
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

  return { hold, capture, release, refund }
}
