import type { CreditBalance, Page, StatementLine } from '@backlot/contract'
import { AppError } from '../../platform/app-error.ts'
import type { Database, Queryable } from '../../platform/db/index.ts'
import { createGrants } from './credit-grants.ts'
import { createHolds } from './credit-holds.ts'
import { type CreditsOptions, createRoom, dayMs, noAccount } from './credit-room.ts'
import { presentStatement, readCursor } from './credit-statement.ts'
import * as store from './credit-store.ts'
import { type LedgerCheck, verifyLedger } from './credit-verify.ts'

export interface Balance {
  readonly available: number
  readonly held: number
  readonly frozen: number
  readonly debt: number
}

export type Credits = ReturnType<typeof createCredits>

const closedHoldsKeptMs = 35 * dayMs

export function createCredits(options: CreditsOptions) {
  const room = createRoom(options)
  const { db, clock, log, changed } = room
  const grants = createGrants(room)
  const { ensureMonthlyGrant } = grants

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
    ...grants,
    ...createHolds(room, grants),
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
