import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { newId } from '@backlot/contract'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts'
import { insertGeneration, lockClaimed, lockGeneration, updateEnded } from './generation-store.ts'
import {
  claimDue,
  claimStarts,
  enterLine,
  handBack,
  leaveLine,
  promoteStranded,
  putBack,
  reapLeases,
  renewLeases,
  upsertLane,
} from './line-store.ts'

let database: TestDatabase
const t0 = new Date('2026-11-20T12:00:00Z')
const leaseMs = 10_000
const lane = 'upstream'

beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.drop())

async function enqueue(accountId: string, count: number, simultaneousMax = 4): Promise<string[]> {
  const ids: string[] = []
  for (let index = 0; index < count; index += 1) {
    const id = newId('gen')
    await database.db.transaction(async (tx) => {
      await insertGeneration(tx, {
        accountId,
        id,
        userId: 'usr_test',
        modelId: 'draft',
        lane,
        priceVersion: 1,
        credits: 0,
        parameters: {
          seconds: 2,
          aspect_ratio: '16:9',
          resolution: '480p',
          width: 854,
          height: 480,
          seed: 1,
          n: 1,
          audio: false,
        },
        prompt: Buffer.from('sealed'),
        referenceAssetId: null,
        deadline: new Date(t0.getTime() + 3_600_000),
        createdAt: t0,
      })
      expect(await enterLine(tx, { accountId, id }, lane, { simultaneousMax, outstandingMax: 10_000 })).toBe(
        true,
      )
    })
    ids.push(id)
  }
  return ids
}

const claim = (limit: number, worker = 'w1') =>
  claimStarts(database.db, {
    lane,
    worker,
    limit,
    now: t0,
    leaseMs,
    deadline: new Date(t0.getTime() + 60_000),
  })

async function end(key: { accountId: string; id: string }): Promise<void> {
  await database.db.transaction(async (tx) => {
    const generation = await lockGeneration(tx, key)
    if (!generation) throw new Error('it is gone')
    await updateEnded(tx, key, { state: 'canceled', charged: 0, fault: null, at: t0 })
    await leaveLine(tx, key.accountId, lane, generation.lineState)
  })
}

describe('caps', () => {
  test('a lane never runs more than its cap, and a lowered cap takes effect as runs end', async () => {
    await upsertLane(database.db, lane, 3)
    await enqueue('acc_a', 4)
    await enqueue('acc_b', 4)
    const first = await claim(20)
    expect(first).toHaveLength(3)
    expect(await claim(20)).toEqual([])
    await upsertLane(database.db, lane, 1)
    for (const key of first.slice(0, 2)) await end(key)
    expect(await claim(20)).toEqual([])
    for (const key of first.slice(2)) await end(key)
    expect(await claim(20)).toHaveLength(1)
  })

  test('an account never runs more than its own, whatever it has waiting', async () => {
    await upsertLane(database.db, lane, 100)
    await enqueue('acc_a', 50, 4)
    const first = await claim(100)
    expect(first).toHaveLength(4)
    expect(await claim(100)).toEqual([])
    for (const key of first) await end(key)
    expect(await claim(100)).toHaveLength(4)
  })

  test('four processes keep to the cap and lose nothing', async () => {
    await upsertLane(database.db, lane, 5)
    for (let account = 0; account < 20; account += 1) await enqueue(`acc_${account}`, 8, 3)
    const script = path.join(import.meta.dirname, '..', '..', '..', 'test', 'claim-process.ts')
    const results = await Promise.all(
      ['p1', 'p2', 'p3', 'p4'].map(async (worker) => {
        const { stdout } = await promisify(execFile)(process.execPath, [script, database.url, lane, worker], {
          timeout: 60_000,
        })
        return JSON.parse(stdout) as { most: number; ended: number }
      }),
    )
    expect(results.reduce((sum, result) => sum + result.ended, 0)).toBe(160)
    expect(Math.max(...results.map((result) => result.most))).toBeLessThanOrEqual(5)
    expect(await database.db.query('select running from lanes')).toEqual([{ running: 0 }])
    expect(
      await database.db.query('select 1 from line_accounts where open <> 0 or outstanding <> 0'),
    ).toEqual([])
  }, 90_000)
})

describe('order', () => {
  test('an account with hundreds waiting does not delay one that has a single one', async () => {
    await upsertLane(database.db, lane, 2)
    await enqueue('acc_busy', 300)
    const started: string[] = []
    let running = await claim(2)
    started.push(...running.map((key) => key.accountId))
    await enqueue('acc_single', 1)
    while (!started.includes('acc_single') && started.length < 300) {
      const [oldest] = running
      if (!oldest) throw new Error('the line ran dry')
      await end(oldest)
      const next = await claim(1)
      running = [...running.slice(1), ...next]
      started.push(...next.map((key) => key.accountId))
    }
    // Two ran already, and what the busy account had ready at the same virtual time may go first: one round.
    expect(started.indexOf('acc_single')).toBeLessThanOrEqual(3)
  })

  test('accounts take turns', async () => {
    await upsertLane(database.db, lane, 1)
    for (const account of ['acc_a', 'acc_b', 'acc_c']) await enqueue(account, 4)
    const order: string[] = []
    for (let turn = 0; turn < 12; turn += 1) {
      const [key] = await claim(1)
      if (!key) throw new Error('the line ran dry')
      order.push(key.accountId)
      await end(key)
    }
    for (let round = 0; round < 4; round += 1) {
      expect(new Set(order.slice(round * 3, round * 3 + 3)).size).toBe(3)
    }
  })
})

describe('leases', () => {
  test('a lost worker’s generation comes back with its slot, and the late worker can no longer write', async () => {
    await upsertLane(database.db, lane, 2)
    await enqueue('acc_a', 1)
    const [lost] = await claim(1, 'w1')
    if (!lost) throw new Error('nothing was claimed')
    const later = new Date(t0.getTime() + leaseMs + 1)
    expect(await reapLeases(database.db, t0, 10)).toBe(0)
    expect(await reapLeases(database.db, later, 10)).toBe(1)
    const [again] = await claimDue(database.db, { worker: 'w2', limit: 10, now: later, leaseMs })
    expect(again?.id).toBe(lost.id)
    expect(again?.leaseToken).toBeGreaterThan(lost.leaseToken)
    const next = {
      state: 'running',
      dueAt: later,
      deadline: later,
      phase: null,
      progress: null,
      collectTries: 0,
      cancelAsked: false,
    } as const
    expect(await putBack(database.db, lost, next)).toBe(false)
    expect(await database.db.transaction((tx) => lockClaimed(tx, lost))).toBeUndefined()
    expect(await database.db.query('select running from lanes')).toEqual([{ running: 1 }])
  })

  test('a renewed lease is not taken away', async () => {
    await upsertLane(database.db, lane, 2)
    await enqueue('acc_a', 1)
    await claim(1, 'w1')
    const later = new Date(t0.getTime() + leaseMs + 1)
    await renewLeases(database.db, 'w1', new Date(later.getTime() + leaseMs))
    expect(await reapLeases(database.db, later, 10)).toBe(0)
  })

  test('a stopping worker hands back what it holds', async () => {
    await upsertLane(database.db, lane, 2)
    await enqueue('acc_a', 2)
    await claim(2, 'w1')
    expect(await handBack(database.db, 'w1', t0)).toBe(2)
    expect(await claimDue(database.db, { worker: 'w2', limit: 10, now: t0, leaseMs })).toHaveLength(2)
  })
})

test('what a canceled ending left behind is promoted by the sweep', async () => {
  await upsertLane(database.db, lane, 10)
  const ids = await enqueue('acc_a', 6, 2)
  // Somebody holds the next held row while the slot becomes free: it is passed over.
  const [running] = await claim(1)
  if (!running) throw new Error('nothing was claimed')
  const blocker = await database.db.pool.connect()
  await blocker.query('begin')
  await blocker.query(`select 1 from generations where line_state = 'held' for update`)
  await end(running)
  await blocker.query('rollback')
  blocker.release()
  expect(await claim(10)).toHaveLength(1)
  expect(await promoteStranded(database.db, 10)).toBe(1)
  expect(await claim(10)).toHaveLength(1)
  expect(ids).toHaveLength(6)
})
