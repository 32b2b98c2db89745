import { newId } from '@backlot/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts'
import { manualClock } from '../../platform/clock.ts'
import { silentLog } from '../../platform/log.ts'
import { createCredits } from './credit-service.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase({ connectionsMax: 20 })
})
afterAll(() => database.drop())

const start = new Date('2026-11-20T10:00:00Z')
const later = (ms: number) => new Date(start.getTime() + ms)
const hour = 3_600_000

/** A ledger of its own account, with the events that it wrote. */
async function setUp(options: { freeMonthly?: number; credits?: number } = {}) {
  const { db } = database
  const clock = manualClock(start)
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
    await credits.openAccount(tx, accountId, start)
    if (options.credits) {
      await credits.grant(tx, {
        accountId,
        kind: 'pack',
        costClass: 'pack',
        amount: options.credits,
        sourceKey: 'pack:1',
        expiresAt: null,
        now: start,
      })
    }
  })
  return { db, clock, credits, accountId, events }
}

test('a hold is charged on delivery and given back otherwise', async () => {
  const { db, credits, accountId, events } = await setUp({ credits: 10 })
  const [delivered, failed] = [newId('gen'), newId('gen')]
  const deadline = later(hour)
  await db.transaction(async (tx) => {
    await credits.hold(tx, { accountId, holdId: delivered, amount: 4, deadline, now: start })
    await credits.hold(tx, { accountId, holdId: failed, amount: 5, deadline, now: start })
  })
  expect(await credits.balance(accountId)).toEqual({ available: 1, held: 9, frozen: 0, debt: 0 })
  await db.transaction(async (tx) => {
    const captured = await credits.capture(tx, { accountId, holdId: delivered, amount: 4, now: start })
    expect(captured).toEqual({ state: 'captured', captured: 4, released: 0, repeated: false })
    const released = await credits.release(tx, { accountId, holdId: failed, cause: 'failure', now: start })
    expect(released).toEqual({ state: 'released', captured: 0, released: 5, repeated: false })
  })
  expect(await credits.balance(accountId)).toEqual({ available: 6, held: 0, frozen: 0, debt: 0 })
  expect(events.map(({ data }) => data)).toEqual([
    { seq: 1, available: 10, held: 0 },
    { seq: 2, available: 6, held: 4 },
    { seq: 3, available: 1, held: 9 },
    { seq: 4, available: 1, held: 5 },
    { seq: 5, available: 6, held: 0 },
  ])
  expect(await credits.verify()).toMatchObject({ ok: true, violation: null })
})
