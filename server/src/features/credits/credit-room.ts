import { createHash } from 'node:crypto'
import { AppError } from '../../platform/app-error.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Queryable, Transaction } from '../../platform/db/index.ts'
import type { Logger } from '../../platform/log.ts'
import * as store from './credit-store.ts'

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

export const dayMs = 86_400_000

/** What the parts of the ledger share. */
export type CreditRoom = ReturnType<typeof createRoom>

export function createRoom(options: CreditsOptions) {
  const { db, events, clock, log } = options

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

  return {
    db,
    clock,
    log,
    freeMonthly: options.freeMonthly ?? (() => 0),
    restoreForMs: options.restoreForMs ?? 7 * dayMs,
    changed,
    once,
  }
}

export function noAccount(): AppError {
  return new AppError('not_found', 'There is no such account.')
}

/** A number of credits that is none is a bug of the caller, not of a person. */
export function assertCredits(amount: number, least = 0): void {
  if (!Number.isSafeInteger(amount) || amount < least) {
    throw new RangeError(`${amount} is not a whole number of credits of at least ${least}`)
  }
}
