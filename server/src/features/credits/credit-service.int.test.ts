import { newId } from '@backlot/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts'
import { isAppError } from '../../platform/app-error.ts'
import { manualClock } from '../../platform/clock.ts'
import type { Database, Transaction } from '../../platform/db/index.ts'
import { silentLog } from '../../platform/log.ts'
import { createCredits } from './credit-service.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase({ connectionsMax: 20 })
})
afterAll(() => database.drop())

const start = new Date('2026-11-20T10:00:00Z')
const later = (ms: number) => new Date(start.getTime() + ms)
const hourMs = 3_600_000
const dayMs = 24 * hourMs
const deadline = later(hourMs)
const now = start

/** A ledger account of its own, with the events that were written for it. */
async function setUp(options: { freeMonthly?: number; pack?: number; openedAt?: Date; db?: Database } = {}) {
  const db = options.db ?? database.db
  const clock = manualClock(options.openedAt ?? start)
  const events: { accountId: string; data?: Readonly<Record<string, number>> }[] = []
  const credits = createCredits({
    db,
    clock,
    log: silentLog,
    freeMonthly: () => options.freeMonthly ?? 0,
    events: {
      async append(_tx, event) {
        events.push(event)
      },
    },
  })
  const accountId = newId('acc')
  await db.transaction(async (tx) => {
    await credits.openAccount(tx, accountId, clock.now())
    if (options.pack) await credits.grant(tx, packOf(options.pack))
  })
  function packOf(amount: number, sourceKey = 'pack:1') {
    return {
      accountId,
      kind: 'pack',
      costClass: 'pack',
      amount,
      sourceKey,
      expiresAt: null,
      now: clock.now(),
    } as const
  }
  const inTransaction = <Result>(work: (tx: Transaction) => Promise<Result>) => db.transaction(work)
  const counts = async () => {
    const balance = await credits.balance(accountId)
    return [balance.available, balance.held]
  }
  return { db, clock, credits, accountId, events, packOf, inTransaction, counts }
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => (isAppError(error) ? error.code : String(error)),
  )

test('a hold is charged on delivery and given back otherwise, with an event for every change', async () => {
  const { credits, accountId, events, inTransaction, counts } = await setUp({ pack: 10 })
  const [delivered, failed] = [newId('gen'), newId('gen')]
  await inTransaction(async (tx) => {
    await credits.hold(tx, { accountId, holdId: delivered, amount: 4, deadline, now })
    await credits.hold(tx, { accountId, holdId: failed, amount: 5, deadline, now })
  })
  expect(await counts()).toEqual([1, 9])
  await inTransaction(async (tx) => {
    const captured = await credits.capture(tx, { accountId, holdId: delivered, amount: 4, now })
    expect(captured).toEqual({ state: 'captured', captured: 4, released: 0, repeated: false })
    const released = await credits.release(tx, { accountId, holdId: failed, cause: 'failure', now })
    expect(released).toEqual({ state: 'released', captured: 0, released: 5, repeated: false })
  })
  expect(await counts()).toEqual([6, 0])
  expect(events.map(({ data }) => data)).toEqual([
    { seq: 1, available: 10, held: 0 },
    { seq: 2, available: 6, held: 4 },
    { seq: 3, available: 1, held: 9 },
    { seq: 4, available: 1, held: 5 },
    { seq: 5, available: 6, held: 0 },
  ])
})

test('a refused hold says what is needed and what is there, and its transaction may go on', async () => {
  const { credits, accountId, inTransaction, counts } = await setUp({ pack: 3 })
  await inTransaction(async (tx) => {
    const error = await credits
      .hold(tx, { accountId, holdId: 'gen_a', amount: 4, deadline, now })
      .catch((caught: unknown) => caught)
    expect(error).toMatchObject({
      code: 'credits_insufficient',
      message: 'needs 4 credits, has 3',
      members: { needed: 4, available: 3 },
    })
    await credits.hold(tx, { accountId, holdId: 'gen_b', amount: 3, deadline, now })
  })
  expect(await counts()).toEqual([0, 3])
})

test('200 holds at once against credit for 7 of them: 7 are taken', async () => {
  const { credits, accountId, inTransaction, counts } = await setUp({ pack: 7 * 5 + 4 })
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      codeOf(
        inTransaction((tx) =>
          credits.hold(tx, { accountId, holdId: `gen_${index}`, amount: 5, deadline, now }),
        ),
      ),
    ),
  )
  expect(outcomes.filter((code) => code === 'none')).toHaveLength(7)
  expect(outcomes.filter((code) => code === 'credits_insufficient')).toHaveLength(193)
  expect(await counts()).toEqual([4, 35])
})

test('the same hold, grant, capture and release twice change nothing the second time', async () => {
  const { credits, accountId, packOf, inTransaction, counts, db } = await setUp({ pack: 10 })
  const entries = async () =>
    (await db.query('select * from credit_entries where account_id = $1', [accountId])).length
  await inTransaction(async (tx) => {
    const first = await credits.grant(tx, packOf(5, 'pack:2'))
    const again = await credits.grant(tx, packOf(5, 'pack:2'))
    expect({ ...again, seq: 0 }).toEqual({ ...first, seq: 0, repeated: true })
    const hold = { accountId, holdId: 'gen_a', amount: 6, deadline, now }
    expect(await credits.hold(tx, hold)).toEqual({ repeated: false })
    expect(await credits.hold(tx, hold)).toEqual({ repeated: true })
    await credits.capture(tx, { accountId, holdId: 'gen_a', amount: 4, now })
  })
  const before = await entries()
  await inTransaction(async (tx) => {
    const ended = { state: 'captured', captured: 4, released: 2, repeated: true }
    expect(await credits.capture(tx, { accountId, holdId: 'gen_a', amount: 6, now })).toEqual(ended)
    expect(await credits.release(tx, { accountId, holdId: 'gen_a', cause: 'failure', now })).toEqual(ended)
    expect(await credits.hold(tx, { accountId, holdId: 'gen_a', amount: 6, deadline, now })).toEqual({
      repeated: true,
    })
    await credits.openAccount(tx, accountId, now)
  })
  expect(await entries()).toBe(before)
  expect(await counts()).toEqual([11, 0])
})

test('the same key with other values is a conflict and changes nothing', async () => {
  const { credits, accountId, packOf, inTransaction, counts } = await setUp({ pack: 10 })
  await inTransaction((tx) => credits.hold(tx, { accountId, holdId: 'gen_a', amount: 6, deadline, now }))
  const conflicts = [
    (tx: Transaction) => credits.hold(tx, { accountId, holdId: 'gen_a', amount: 5, deadline, now }),
    (tx: Transaction) => credits.grant(tx, packOf(11)),
    (tx: Transaction) => credits.grant(tx, { ...packOf(10), kind: 'promo' as const }),
    (tx: Transaction) => credits.grant(tx, { ...packOf(10), expiresAt: later(dayMs) }),
  ]
  for (const conflict of conflicts) {
    expect(await codeOf(inTransaction(conflict))).toBe('idempotency_conflict')
  }
  expect(await counts()).toEqual([4, 6])
})

test('a price of zero holds nothing, and everything about it answers', async () => {
  const { credits, accountId, inTransaction, events } = await setUp()
  await inTransaction(async (tx) => {
    const nothing = { state: 'none', captured: 0, released: 0, repeated: false }
    expect(await credits.hold(tx, { accountId, holdId: 'gen_a', amount: 0, deadline, now })).toEqual({
      repeated: false,
    })
    expect(await credits.capture(tx, { accountId, holdId: 'gen_a', amount: 0, now })).toEqual(nothing)
    expect(await credits.release(tx, { accountId, holdId: 'gen_a', cause: 'failure', now })).toEqual(nothing)
  })
  expect(events).toEqual([])
})

test('what is no whole number of credits, and a charge without a hold, are bugs', async () => {
  const { credits, accountId, packOf, inTransaction } = await setUp({ pack: 10 })
  for (const amount of [0.5, -1, Number.NaN, 2 ** 53]) {
    const hold = { accountId, holdId: 'gen_a', amount, deadline, now }
    await expect(inTransaction((tx) => credits.hold(tx, hold))).rejects.toThrow(RangeError)
    await expect(inTransaction((tx) => credits.grant(tx, packOf(amount)))).rejects.toThrow(RangeError)
  }
  await expect(
    inTransaction((tx) => credits.capture(tx, { accountId, holdId: 'gen_none', amount: 1, now })),
  ).rejects.toThrow('nothing is held')
})

test('an account that does not exist is not found by any operation', async () => {
  const { credits, packOf, inTransaction } = await setUp()
  const accountId = newId('acc')
  const operations: ((tx: Transaction) => Promise<unknown>)[] = [
    (tx: Transaction) => credits.grant(tx, { ...packOf(1), accountId }),
    (tx: Transaction) => credits.hold(tx, { accountId, holdId: 'gen_a', amount: 1, deadline, now }),
    (tx: Transaction) => credits.capture(tx, { accountId, holdId: 'gen_a', amount: 1, now }),
    (tx: Transaction) => credits.release(tx, { accountId, holdId: 'gen_a', cause: 'failure', now }),
    (tx: Transaction) => credits.adjust(tx, { accountId, amount: -1, reason: 'none', key: 'k', now }),
    (tx: Transaction) => credits.ensureMonthlyGrant(tx, { accountId, amount: 1, now }),
    () => credits.balance(accountId),
    () => credits.statement(accountId, { limit: 10 }),
  ]
  for (const operation of operations) expect(await codeOf(inTransaction(operation))).toBe('not_found')
})

test('at most so many holds are open at once', async () => {
  const { credits, accountId, inTransaction } = await setUp({ pack: 10 })
  const hold = (holdId: string) =>
    codeOf(
      inTransaction((tx) =>
        credits.hold(tx, { accountId, holdId, amount: 1, deadline, now, openHoldsMax: 2 }),
      ),
    )
  expect([await hold('a'), await hold('b'), await hold('c')]).toEqual([
    'none',
    'none',
    'too_many_outstanding',
  ])
  await inTransaction((tx) => credits.release(tx, { accountId, holdId: 'a', cause: 'canceled', now }))
  expect(await hold('c')).toBe('none')
})

test('nobody pays more than was held: the rest is written off', async () => {
  const { db, credits, accountId, inTransaction, counts } = await setUp({ pack: 10 })
  await inTransaction(async (tx) => {
    await credits.hold(tx, { accountId, holdId: 'gen_a', amount: 4, deadline, now })
    const ended = await credits.capture(tx, { accountId, holdId: 'gen_a', amount: 7, now })
    expect(ended).toMatchObject({ captured: 4, released: 0 })
  })
  expect(await counts()).toEqual([6, 0])
  expect(
    await db.query(
      `select kind, from_code, to_code, amount from credit_entries where account_id = $1 and kind = 'overrun'`,
      [accountId],
    ),
  ).toEqual([{ kind: 'overrun', from_code: 80, to_code: 30, amount: 3 }])
  const { data } = await credits.statement(accountId, { limit: 10 })
  expect(data.map(({ kind }) => kind)).toEqual(['capture', 'hold', 'grant'])
})

test('credits that expired while they were held are given anew after a failure, not after a cancel', async () => {
  const { clock, credits, accountId, inTransaction, counts } = await setUp()
  await inTransaction(async (tx) => {
    const expiresAt = later(hourMs)
    const promo = { accountId, kind: 'promo', costClass: 'free', expiresAt, now } as const
    await credits.grant(tx, { ...promo, amount: 10, sourceKey: 'promo' })
    for (const [holdId, amount] of [
      ['failed', 3],
      ['canceled', 4],
      ['delivered', 2],
    ] as const) {
      await credits.hold(tx, { accountId, holdId, amount, deadline, now })
    }
  })
  clock.set(later(2 * hourMs))
  expect(await counts()).toEqual([0, 9])
  await inTransaction(async (tx) => {
    const at = { accountId, now: clock.now() }
    await credits.release(tx, { ...at, holdId: 'failed', cause: 'failure' })
    await credits.release(tx, { ...at, holdId: 'canceled', cause: 'canceled' })
    await credits.capture(tx, { ...at, holdId: 'delivered', amount: 2 })
  })
  expect(await counts()).toEqual([3, 0])
  const { grants } = await credits.overview(accountId)
  const expires = later(2 * hourMs + 7 * dayMs).toISOString()
  expect(grants).toEqual([
    { id: expect.any(Number), kind: 'restored', amount: 3, remaining: 3, held: 0, expires_at: expires },
  ])
  clock.set(later(2 * hourMs + 7 * dayMs))
  expect(await counts()).toEqual([0, 0])
})

test('a refund goes back to where the credits came from, once, and never beyond the charge', async () => {
  const { credits, accountId, inTransaction, counts } = await setUp({ pack: 10 })
  await inTransaction(async (tx) => {
    await credits.hold(tx, { accountId, holdId: 'gen_a', amount: 6, deadline, now })
    await credits.capture(tx, { accountId, holdId: 'gen_a', amount: 5, now })
  })
  const refund = { accountId, holdId: 'gen_a', amount: 3, cause: 'failure', key: 'ticket', now } as const
  expect(await inTransaction((tx) => credits.refund(tx, refund))).toEqual({ repeated: false })
  expect(await inTransaction((tx) => credits.refund(tx, refund))).toEqual({ repeated: true })
  expect(await codeOf(inTransaction((tx) => credits.refund(tx, { ...refund, amount: 2 })))).toBe(
    'idempotency_conflict',
  )
  expect(await codeOf(inTransaction((tx) => credits.refund(tx, { ...refund, key: 'other' })))).toBe(
    'state_conflict',
  )
  expect(await counts()).toEqual([8, 0])
})

test('refunds in parts never give the same credits back twice', async () => {
  const { credits, accountId, inTransaction } = await setUp({ pack: 6 })
  await inTransaction(async (tx) => {
    const promo = { kind: 'promo', costClass: 'free', expiresAt: deadline, sourceKey: 'promo' } as const
    await credits.grant(tx, { accountId, amount: 4, now, ...promo })
    await credits.hold(tx, { accountId, holdId: 'gen_a', amount: 10, deadline, now })
    await credits.capture(tx, { accountId, holdId: 'gen_a', amount: 9, now })
  })
  const remaining = async () =>
    (await credits.overview(accountId)).grants.map((grant) => [grant.kind, grant.remaining])
  const refund = (amount: number, key: string) =>
    inTransaction((tx) =>
      credits.refund(tx, { accountId, holdId: 'gen_a', amount, cause: 'failure', key, now }),
    )
  // Five of the pack and four of the promo were charged: what was charged last comes back first.
  await refund(3, 'first')
  expect(await remaining()).toEqual([['pack', 4]])
  await refund(4, 'second')
  expect(await remaining()).toEqual([
    ['promo', 2],
    ['pack', 6],
  ])
  expect(await codeOf(refund(3, 'third'))).toBe('state_conflict')
})

test('an operator corrects a balance in both directions, once per key', async () => {
  const { credits, accountId, inTransaction, counts } = await setUp({ pack: 10 })
  const adjust = (amount: number, key: string) =>
    codeOf(inTransaction((tx) => credits.adjust(tx, { accountId, amount, reason: 'a mistake', key, now })))
  expect(await adjust(5, 'up')).toBe('none')
  expect(await adjust(5, 'up')).toBe('none')
  expect(await adjust(-7, 'down')).toBe('none')
  expect(await adjust(-7, 'down')).toBe('none')
  expect(await counts()).toEqual([8, 0])
  expect(await adjust(-9, 'too much')).toBe('credits_insufficient')
  expect(await adjust(6, 'up')).toBe('idempotency_conflict')
  expect(await counts()).toEqual([8, 0])
})

const granting = (credits: { statement: ReturnType<typeof createCredits>['statement'] }, accountId: string) =>
  credits.statement(accountId, { limit: 100 }).then(({ data }) => data.filter(({ kind }) => kind === 'grant'))

test('monthly credits come at opening, lazily on reading and on holding, and end with their month', async () => {
  const openedAt = new Date('2027-01-31T08:00:00Z')
  const { clock, credits, accountId, inTransaction, counts } = await setUp({ freeMonthly: 20, openedAt })
  expect(await counts()).toEqual([20, 0])
  await inTransaction((tx) =>
    credits.hold(tx, { accountId, holdId: 'gen_a', amount: 5, deadline, now: openedAt }),
  )
  clock.set(new Date('2027-02-28T07:59:59Z'))
  expect(await counts()).toEqual([15, 5])
  clock.set(new Date('2027-02-28T08:00:00Z'))
  expect(await counts()).toEqual([20, 5])
  // Two months later without a look: one grant, for the month that it is.
  clock.set(new Date('2027-05-01T00:00:00Z'))
  await inTransaction((tx) =>
    credits.hold(tx, { accountId, holdId: 'gen_b', amount: 20, deadline, now: clock.now() }),
  )
  expect(await counts()).toEqual([0, 25])
  expect((await granting(credits, accountId)).map(({ explanation }) => explanation)).toEqual([
    'Monthly free credits, good until 31 May 2027',
    'Monthly free credits, good until 31 March 2027',
    'Monthly free credits, good until 28 February 2027',
  ])
})

test('a month is granted once, whatever the profile says later', async () => {
  let amount = 20
  const { db } = database
  const events = { append: async () => undefined }
  const clock = manualClock(start)
  const credits = createCredits({ db, clock, log: silentLog, events, freeMonthly: () => amount })
  const accountId = newId('acc')
  await db.transaction((tx) => credits.openAccount(tx, accountId, start))
  amount = 30
  const again = await db.transaction((tx) => credits.ensureMonthlyGrant(tx, { accountId, now }))
  expect(again.granted).toBe(false)
  expect((await credits.balance(accountId)).available).toBe(20)
  amount = 0
  clock.set(new Date('2026-12-20T10:00:00Z'))
  expect((await credits.balance(accountId)).available).toBe(0)
})

test('the sweeper settles what is due, once, in any number of processes', async () => {
  const opened = new Date('2020-01-15T00:00:00Z')
  const accounts = await Promise.all(
    Array.from({ length: 12 }, () => setUp({ freeMonthly: 20, openedAt: opened })),
  )
  const sweepAt = new Date('2020-02-15T00:00:00Z')
  const [first] = accounts
  const sweeps = await Promise.all([1, 2, 3].map(() => first?.credits.expireDue(sweepAt, 500)))
  const settled = sweeps.reduce((sum: number, count) => sum + (count ?? 0), 0)
  expect(settled).toBe(12)
  expect(await first?.credits.expireDue(sweepAt, 500)).toBe(0)
  for (const { credits, accountId } of accounts) {
    const rows = await database.db.query<{ kind: string }>(
      'select kind from credit_entries where account_id = $1 order by seq',
      [accountId],
    )
    expect(rows.map(({ kind }) => kind)).toEqual(['grant', 'expire', 'grant'])
    expect((await credits.balance(accountId, sweepAt)).available).toBe(20)
  }
})

test('a clock that lags behind another one spends nothing that has expired', async () => {
  const { clock, credits, accountId, inTransaction } = await setUp({ freeMonthly: 20 })
  clock.set(new Date('2026-12-20T10:00:01Z'))
  expect(await credits.balance(accountId)).toMatchObject({ available: 20 })
  const lagging = new Date('2026-12-20T09:59:59Z')
  await inTransaction((tx) =>
    credits.hold(tx, { accountId, holdId: 'gen_a', amount: 20, deadline, now: lagging }),
  )
  const { data } = await credits.statement(accountId, { limit: 1 })
  expect(data[0]).toMatchObject({ kind: 'hold', at: '2026-12-20T10:00:01.000Z' })
})

test('deadlines are kept for whoever ends the generations', async () => {
  const { credits, accountId, inTransaction, db } = await setUp({ pack: 10 })
  const mine = async (at: Date) =>
    (await credits.overdueHolds(at, 1000)).filter((hold) => hold.accountId === accountId)
  await inTransaction((tx) => credits.hold(tx, { accountId, holdId: 'gen_a', amount: 1, deadline, now }))
  expect(await mine(later(hourMs - 1))).toEqual([])
  expect(await mine(deadline)).toEqual([{ accountId, holdId: 'gen_a', deadline }])
  expect(await credits.extendHold(db, { accountId, holdId: 'gen_a', deadline: later(dayMs) })).toBe(true)
  expect(await mine(deadline)).toEqual([])
  await inTransaction((tx) => credits.release(tx, { accountId, holdId: 'gen_a', cause: 'failure', now }))
  expect(await credits.extendHold(db, { accountId, holdId: 'gen_a', deadline })).toBe(false)
})

test('holds and captures leave the indexes of accounts and buckets alone', async () => {
  const fresh = await createTestDatabase({ connectionsMax: 1 })
  try {
    const { credits, accountId, inTransaction } = await setUp({ pack: 100, freeMonthly: 50, db: fresh.db })
    // In one transaction: between two of them the server may hand its counters over, and start anew.
    const [before, after] = await inTransaction(async (tx) => {
      const updates = () =>
        tx.query<{ relname: string; updates: number; hot: number }>(
          `select relname, n_tup_upd as updates, n_tup_hot_upd as hot from pg_stat_xact_user_tables
           where relname in ('credit_accounts', 'credit_buckets') order by relname`,
        )
      const first = await updates()
      for (const holdId of ['a', 'b', 'c']) {
        await credits.hold(tx, { accountId, holdId, amount: 10, deadline, now })
        await credits.capture(tx, { accountId, holdId, amount: 10, now })
      }
      return [first, await updates()]
    })
    const grown = after.map((row, index) => [
      row.relname,
      row.updates - (before[index]?.updates ?? 0),
      row.hot - (before[index]?.hot ?? 0),
    ])
    expect(grown).toEqual([
      ['credit_accounts', 6, 6],
      ['credit_buckets', 6, 6],
    ])
  } finally {
    await fresh.drop()
  }
})

test('the whole ledger is in order after all of it', async () => {
  const { credits } = await setUp()
  expect(await credits.verify()).toMatchObject({ ok: true, violation: null })
})
