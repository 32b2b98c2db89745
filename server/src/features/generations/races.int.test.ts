import { finalStates, type Generation } from '@backlot/contract'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts'
import { createGenerationRoom, type GenerationRoomOptions } from '../../../test/generation-room.ts'
import { until } from '../../../test/until.ts'
import { manualClock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/index.ts'
import { sweepGenerations } from './sweep.ts'

// Things that happen in the middle of others. Each test holds one of them at the worst moment.
let database: TestDatabase
const opened: (() => Promise<void>)[] = []

beforeEach(async () => {
  database = await createTestDatabase()
})

afterEach(async () => {
  vi.restoreAllMocks()
  for (const close of opened.splice(0).reverse()) await close()
  await database.drop()
})

async function open(options: GenerationRoomOptions = {}, db: Database = database.db) {
  const world = await createGenerationRoom({ ...database, db }, options)
  opened.push(() => world.close())
  return world
}
type World = Awaited<ReturnType<typeof open>>

async function hire(world: World, leaseMs?: number) {
  const worker = world.worker(leaseMs)
  await worker.start()
  opened.push(() => worker.stop(2_000))
  return worker
}

/** Lets the first who comes wait until it is opened; everybody after that passes. */
function gate() {
  let release: () => void = () => undefined
  let arrived: () => void = () => undefined
  const opening = new Promise<void>((resolve) => {
    release = resolve
  })
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve
  })
  let isFirst = true
  return {
    release: () => release(),
    arrival,
    async pass() {
      if (!isFirst) return
      isFirst = false
      arrived()
      await opening
    },
  }
}

/** The same database, but `before` is waited for ahead of each query of the pool, by its name or its text. */
function watched(before: (query: string) => Promise<void>): Database {
  const { db } = database
  return {
    ...db,
    async query<Row>(text: string, values?: readonly unknown[], name?: string) {
      await before(name ?? text)
      return db.query<Row>(text, values, name)
    },
  }
}

function end(world: World, generation: Generation, accountId: string): Promise<Generation> {
  return until(async () => {
    const now = await world.generations.get({ accountId, id: generation.id })
    return finalStates.includes(now.state) && now
  }, 'the generation to end')
}

test('a generation accepted while the worker asks how long it may sleep is not slept over', async () => {
  const asking = gate()
  const world = await open(
    {},
    watched(async (query) => {
      if (query === 'next-due') await asking.pass()
    }),
  )
  // The poll that would hide it never comes.
  const real = globalThis.setTimeout
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((work: () => void, ms?: number) =>
    real(work, ms === 1_000 ? 2_000_000 : ms)) as typeof setTimeout)
  await hire(world)
  await asking.arrival
  const who = await world.account(10)
  const accepted = await world.generations.create(who, world.request(), null)
  asking.release()
  expect(await end(world, accepted, who.accountId)).toMatchObject({ state: 'delivered' })
})

test('a worker that is told to stop while it claims takes nothing with it', async () => {
  const claiming = gate()
  let handedBack = false
  const world = await open(
    {},
    watched(async (query) => {
      if (query === 'line-claim') await claiming.pass()
      if (/lease_token = lease_token \+ 1/.test(query)) handedBack = true
    }),
  )
  const who = await world.account(10)
  await world.generations.create(who, world.request(), null)
  const worker = world.worker()
  await worker.start()
  await claiming.arrival
  const stopping = worker.stop(0)
  // Whoever hands back before the claim is through has forgotten it; whoever waits for it does not get that far.
  await until(() => handedBack, 'the worker to hand back', 300).catch(() => undefined)
  claiming.release()
  await stopping
  const states = () => database.db.query<{ state: string }>('select state from generations')
  await until(async () => (await states())[0]?.state !== 'queued', 'the claim to be through')
  await until(
    async () =>
      (await database.db.query(`select 1 from generations where line_state = 'leased'`)).length === 0,
    'the claim to be given up',
    2_000,
  )
  expect(world.provider.started).toEqual([])
  // Another worker goes on with it at once.
  await hire(world)
  await until(() => world.assets.inserted.length === 1, 'the delivery')
})

test('a wish to cancel that comes during a check is followed at once, not at the next check', async () => {
  const world = await open()
  const checking = gate()
  const { check } = world.provider
  world.provider.behave('run')
  Object.assign(world.provider, {
    pace: { firstMs: 600_000, longestMs: 600_000 },
    async check(...call: Parameters<typeof check>) {
      await checking.pass()
      return check(...call)
    },
  })
  await hire(world)
  const who = await world.account(10)
  const accepted = await world.generations.create(who, world.request(), null)
  const key = { accountId: who.accountId, id: accepted.id }
  await until(async () => (await world.generations.get(key)).state === 'running', 'it to run')
  await database.db.query('update generations set due_at = now()')
  world.room.hints.hint('line')
  await checking.arrival
  await world.generations.cancel(key)
  // Whoever watches elsewhere is told that it is stopping.
  const told = await database.db.query<{ type: string }>(
    `select type from events where subject_id = $1 order by transaction_id desc, id desc limit 1`,
    [accepted.id],
  )
  expect(told).toEqual([{ type: 'generation.progressed' }])
  checking.release()
  expect(await end(world, accepted, who.accountId)).toMatchObject({ state: 'canceled' })
  expect(world.provider.running()).toBe(0)
})

test('a run that was started too late, after it had been given up for never sent, is stopped', async () => {
  const world = await open()
  const starting = gate()
  const { start } = world.provider
  world.provider.behave((_request, call) => (call === 0 ? 'deliver' : 'run'))
  Object.assign(world.provider, {
    async start(...call: Parameters<typeof start>) {
      await starting.pass()
      return start(...call)
    },
  })
  await hire(world)
  const who = await world.account(10)
  const accepted = await world.generations.create(who, world.request(), null)
  await starting.arrival
  const [late] = await database.db.query<{ id: string }>('select id from attempts')
  await database.db.query(`update generations set lease_until = '-infinity'`)
  world.room.hints.hint('line')
  expect(await end(world, accepted, who.accountId)).toMatchObject({
    state: 'delivered',
    credits: { charged: 2 },
  })
  starting.release()
  await until(() => world.provider.runs.get(late?.id ?? '')?.canceled, 'the late run to be stopped')
  expect(world.provider.running()).toBe(0)
  expect((await world.credits.verify()).violation).toBeNull()
})

test('one generation that cannot be ended does not keep the sweep from the others', async () => {
  const clock = manualClock(new Date('2026-11-20T12:00:00Z'))
  const world = await open({ clock, queuedMs: 60_000 })
  const who = await world.account(10)
  const poisoned = await world.generations.create(who, world.request(), null)
  clock.advance(1_000)
  const other = await world.generations.create(who, world.request(), null)
  const { release } = world.credits
  vi.spyOn(world.credits, 'release').mockImplementation(async (tx, request) => {
    if (request.holdId === poisoned.id) throw new Error('this hold is broken')
    return release(tx, request)
  })
  clock.advance(120_000)
  expect(await sweepGenerations(world.room)).toBe(1)
  expect(await world.generations.get({ accountId: who.accountId, id: other.id })).toMatchObject({
    state: 'failed',
  })
})

test('what the upstream has made is not given up because it cannot be asked for a while', async () => {
  const clock = manualClock(new Date('2026-11-20T12:00:00Z'))
  const world = await open({ clock })
  world.assets.failIngest = 12
  await hire(world)
  const who = await world.account(10)
  const accepted = await world.generations.create(who, world.request(), null)
  const key = { accountId: who.accountId, id: accepted.id }
  await until(async () => {
    // Within the time that collecting may take, the clock goes on to each next try.
    await database.db.query(`update generations set due_at = '-infinity' where line_state = 'waiting'`)
    world.room.hints.hint('line')
    return finalStates.includes((await world.generations.get(key)).state)
  }, 'it to end')
  expect(await world.generations.get(key)).toMatchObject({ state: 'delivered', credits: { charged: 2 } })
  expect(world.provider.started).toHaveLength(1)
})
