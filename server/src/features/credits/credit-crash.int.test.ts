import { newId } from '@backlot/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts'
import { manualClock } from '../../platform/clock.ts'
import type { Transaction } from '../../platform/db/index.ts'
import { silentLog } from '../../platform/log.ts'
import { createCredits } from './credit-service.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const start = new Date('2026-11-20T10:00:00Z')
const hourMs = 3_600_000
const now = new Date(start.getTime() + 2 * hourMs)
const deadline = new Date(start.getTime() + 24 * hourMs)
const nextMonth = new Date('2026-12-21T10:00:00Z')

const credits = () =>
  createCredits({
    db: database.db,
    clock: manualClock(now),
    log: silentLog,
    freeMonthly: () => 50,
    events: {
      // A statement of its own, as the real outbox: one more place to break at.
      append: async (tx) => {
        await tx.query('select 1')
      },
    },
  })

/** An account with free credits, a pack, a promo that is over by `now`, an open hold on it and a captured one. */
async function account(): Promise<string> {
  const accountId = newId('acc')
  const ledger = credits()
  await database.db.transaction(async (tx) => {
    await ledger.openAccount(tx, accountId, start)
    const common = { accountId, now: start, amount: 20 }
    const promo = { kind: 'promo', costClass: 'free', expiresAt: new Date(start.getTime() + hourMs) } as const
    await ledger.grant(tx, { ...common, ...promo, sourceKey: 'promo' })
    await ledger.grant(tx, { ...common, kind: 'pack', costClass: 'pack', sourceKey: 'pack', expiresAt: null })
    await ledger.hold(tx, { accountId, holdId: 'captured', amount: 6, deadline, now: start })
    await ledger.capture(tx, { accountId, holdId: 'captured', amount: 6, now: start })
    await ledger.hold(tx, { accountId, holdId: 'open', amount: 7, deadline, now: start })
  })
  return accountId
}

async function everything(accountId: string): Promise<unknown> {
  const tables = ['buckets', 'holds', 'entries', 'operations'].map((name) => `credit_${name}`)
  const rows = await Promise.all([
    database.db.query('select * from credit_accounts where id = $1', [accountId]),
    ...tables.map((table) =>
      database.db.query(`select t::text as row from ${table} t where account_id = $1 order by 1`, [
        accountId,
      ]),
    ),
  ])
  return rows
}

type Operation = (tx: Transaction, accountId: string) => Promise<unknown>
const key = 'ticket'
const operations: Record<string, Operation> = {
  open: (tx, accountId) => credits().openAccount(tx, `${accountId}x`, now),
  grant: (tx, accountId) =>
    credits().grant(tx, {
      accountId,
      kind: 'promo',
      costClass: 'free',
      amount: 3,
      sourceKey: 'new',
      expiresAt: null,
      now,
    }),
  'grant by an operator': (tx, accountId) =>
    credits().grantByOperator(tx, { accountId, amount: 3, reason: 'a test', key, now }),
  hold: (tx, accountId) => credits().hold(tx, { accountId, holdId: 'new', amount: 55, deadline, now }),
  'hold in a new month': (tx, accountId) =>
    credits().hold(tx, { accountId, holdId: 'new', amount: 5, deadline, now: nextMonth }),
  capture: (tx, accountId) => credits().capture(tx, { accountId, holdId: 'open', amount: 5, now }),
  release: (tx, accountId) => credits().release(tx, { accountId, holdId: 'open', cause: 'failure', now }),
  refund: (tx, accountId) =>
    credits().refund(tx, { accountId, holdId: 'captured', amount: 5, cause: 'failure', key, now }),
  'take back': (tx, accountId) => credits().adjust(tx, { accountId, amount: -9, reason: 'a test', key, now }),
  'monthly grant': (tx, accountId) => credits().ensureMonthlyGrant(tx, { accountId, now: nextMonth }),
}

test.each(Object.entries(operations))(
  '%s: a connection that dies between two statements leaves nothing',
  async (_name, operation) => {
    const accountId = await account()
    const before = await everything(accountId)
    let survived = 0
    // Dies after the first statement, after the second, … until the operation has fewer than that.
    for (let statements = 1; survived === 0 && statements < 20; statements += 1) {
      let count = 0
      const outcome = await database.db
        .transaction(async (tx) => {
          const query: Transaction['query'] = async (text, values, name) => {
            const rows = await tx.query(text, values, name)
            count += 1
            if (count === statements) await tx.query('select pg_terminate_backend(pg_backend_pid())')
            return rows as never
          }
          await operation({ ...tx, query }, accountId)
          throw new Error('rolled back')
        })
        .catch((error: unknown) => error)
      expect(outcome).toBeInstanceOf(Error)
      if ((outcome as Error).message === 'rolled back') survived = statements
      expect(await everything(accountId)).toEqual(before)
    }
    expect(survived).toBeGreaterThan(1)
    // The same operation, undisturbed, then does change the books, and leaves them in order.
    await database.db.transaction((tx) => operation(tx, accountId))
    if (_name !== 'open') expect(await everything(accountId)).not.toEqual(before)
    expect(await credits().verify()).toMatchObject({ ok: true })
  },
)
