import { createHash } from 'node:crypto'
import { finalStates, type Generation } from '@backlot/contract'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts'
import { createGenerationRoom, type GenerationRoomOptions } from '../../../test/generation-room.ts'
import type { Behaviour } from '../../../test/standins/scripted-provider.ts'
import { until } from '../../../test/until.ts'
import { manualClock } from '../../platform/clock.ts'
import { forgetGenerations, sweepGenerations } from './sweep.ts'

type World = Awaited<ReturnType<typeof createGenerationRoom>>

let database: TestDatabase
const opened: { close(): Promise<void> }[] = []

beforeEach(async () => {
  database = await createTestDatabase()
})

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
  await database.drop()
})

async function open(options: GenerationRoomOptions = {}): Promise<World> {
  const world = await createGenerationRoom(database, options)
  opened.push(world)
  return world
}

async function run(world: World): Promise<void> {
  const worker = world.worker()
  await worker.start()
  opened.push({ close: () => worker.stop(2_000) })
}

async function ended(world: World, generation: Generation, accountId: string): Promise<Generation> {
  return until(async () => {
    const now = await world.generations.get({ accountId, id: generation.id })
    return finalStates.includes(now.state) && now
  }, 'the generation to end')
}

async function assertBooks(world: World): Promise<void> {
  const check = await world.credits.verify()
  expect(check.violation).toBeNull()
  await until(async () => (await world.records.sealPending()) === 0, 'the log to be sealed')
  expect((await world.records.verify()).fault).toBeNull()
  const lanes = await database.db.query('select id from lanes where running <> 0')
  expect(lanes).toEqual([])
  const lines = await database.db.query('select * from line_accounts where open <> 0 or outstanding <> 0')
  expect(lines).toEqual([])
}

test('a generation is delivered and charged at the price that was quoted', async () => {
  const world = await open()
  const who = await world.account(10)
  const accepted = await world.generations.create(who, world.request({ seconds: 4 }), null)
  expect(accepted).toMatchObject({
    state: 'queued',
    credits: { quoted: 4, held: 4, charged: 0 },
    queue_place: 1,
  })
  expect(await world.credits.balance(who.accountId)).toMatchObject({ available: 6, held: 4 })

  await run(world)
  const delivered = await ended(world, accepted, who.accountId)
  expect(delivered).toMatchObject({ state: 'delivered', fault: null, credits: { held: 0, charged: 4 } })
  expect(await world.credits.balance(who.accountId)).toMatchObject({ available: 6, held: 0 })
  expect(world.assets.inserted).toHaveLength(1)
  await assertBooks(world)
})

describe('what upstreams do', () => {
  const cases: {
    name: string
    moves: Behaviour[]
    state: Generation['state']
    code?: string
    jobs: number
  }[] = [
    {
      name: 'a failure of the upstream is tried again',
      moves: ['fail', 'deliver'],
      state: 'delivered',
      jobs: 2,
    },
    { name: 'it fails for good', moves: ['fail'], state: 'failed', code: 'provider_failed', jobs: 3 },
    {
      name: 'it refuses by policy',
      moves: ['refuse_policy'],
      state: 'blocked',
      code: 'output_blocked',
      jobs: 1,
    },
    {
      name: 'it refuses the settings',
      moves: ['refuse_user'],
      state: 'failed',
      code: 'provider_failed',
      jobs: 1,
    },
    { name: 'it cannot be reached at first', moves: ['unreachable', 'deliver'], state: 'delivered', jobs: 1 },
    { name: 'it has no room', moves: ['busy'], state: 'failed', code: 'provider_unavailable', jobs: 0 },
    {
      name: 'the answer is lost, but it has the request',
      moves: ['lose_answer_sent'],
      state: 'delivered',
      jobs: 1,
    },
    {
      name: 'the answer is lost, and it never had the request',
      moves: ['lose_answer_not_sent', 'deliver'],
      state: 'delivered',
      jobs: 1,
    },
  ]

  test.each(cases)('$name', async ({ moves, state, code, jobs }) => {
    const world = await open()
    world.provider.behave((_request, call) => moves[Math.min(call, moves.length - 1)] ?? 'deliver')
    await run(world)
    const who = await world.account(10)
    const accepted = await world.generations.create(who, world.request({ seconds: 3 }), null)
    const lost = moves[0] === 'lose_answer_sent'
    if (lost) {
      await until(() => world.provider.runs.size > 0, 'the upstream to have it')
      world.provider.complete()
    }
    const end = await ended(world, accepted, who.accountId)
    expect(end.state).toBe(state)
    expect(end.fault?.code).toBe(code)
    expect(world.provider.started).toHaveLength(jobs)
    const charged = state === 'delivered' ? 3 : 0
    expect(end.credits.charged).toBe(charged)
    if (end.fault) expect(end.fault.message).toContain('Nothing was charged')
    expect(await world.credits.balance(who.accountId)).toMatchObject({ available: 10 - charged, held: 0 })
    await assertBooks(world)
  })
})

describe('what we are not sure of', () => {
  test('is held, never sent again, and given up at its deadline without a charge', async () => {
    const clock = manualClock(new Date('2026-11-20T12:00:00Z'))
    const world = await open({ clock, uncertainMs: 60_000 })
    world.provider.canReconcile = false
    world.provider.behave('lose_answer_sent')
    await run(world)
    const who = await world.account(10)
    const accepted = await world.generations.create(who, world.request({ seconds: 3 }), null)
    const get = () => world.generations.get({ accountId: who.accountId, id: accepted.id })
    await until(async () => (await get()).state === 'uncertain', 'it to be uncertain')
    expect(await world.credits.balance(who.accountId)).toMatchObject({ available: 7, held: 3 })
    clock.advance(61_000)
    const end = await ended(world, accepted, who.accountId)
    expect(end).toMatchObject({
      state: 'failed',
      fault: { code: 'provider_timeout' },
      credits: { charged: 0 },
    })
    expect(world.provider.started).toHaveLength(1)
    await assertBooks(world)
  })

  test('a run past its deadline is uncertain, and its late success is delivered and charged once', async () => {
    const clock = manualClock(new Date('2026-11-20T12:00:00Z'))
    const world = await open({ clock })
    world.provider.behave('run')
    await run(world)
    const who = await world.account(10)
    const accepted = await world.generations.create(who, world.request({ seconds: 3 }), null)
    const get = () => world.generations.get({ accountId: who.accountId, id: accepted.id })
    await until(async () => (await get()).state === 'running', 'it to run')
    clock.advance(120_000)
    await until(async () => (await get()).state === 'uncertain', 'it to be uncertain')
    expect(await world.credits.balance(who.accountId)).toMatchObject({ held: 3 })
    world.provider.complete()
    clock.advance(5_000)
    const end = await ended(world, accepted, who.accountId)
    expect(end).toMatchObject({ state: 'delivered', credits: { charged: 3 } })
    expect(world.provider.started).toHaveLength(1)
    await assertBooks(world)
  })
})

describe('cancel', () => {
  test('of a queued one gives everything back at once', async () => {
    const world = await open()
    const who = await world.account(10)
    const accepted = await world.generations.create(who, world.request(), null)
    const canceled = await world.generations.cancel({ accountId: who.accountId, id: accepted.id })
    expect(canceled).toMatchObject({ state: 'canceled', credits: { charged: 0, held: 0 } })
    expect(await world.credits.balance(who.accountId)).toMatchObject({ available: 10, held: 0 })
    await assertBooks(world)
  })

  test('of a running one stops the upstream', async () => {
    const world = await open()
    world.provider.behave('run')
    await run(world)
    const who = await world.account(10)
    const accepted = await world.generations.create(who, world.request(), null)
    const key = { accountId: who.accountId, id: accepted.id }
    await until(async () => (await world.generations.get(key)).state === 'running', 'it to run')
    expect(await world.generations.cancel(key)).toMatchObject({ can_cancel: false, phase: 'stopping' })
    expect(await ended(world, accepted, who.accountId)).toMatchObject({
      state: 'canceled',
      credits: { charged: 0 },
    })
    expect(world.provider.running()).toBe(0)
    await assertBooks(world)
  })

  test('of one that the upstream does not stop ends in delivery, charged once', async () => {
    const world = await open()
    world.provider.behave('run')
    world.provider.canCancel = false
    await run(world)
    const who = await world.account(10)
    const accepted = await world.generations.create(who, world.request({ seconds: 5 }), null)
    const key = { accountId: who.accountId, id: accepted.id }
    await until(async () => (await world.generations.get(key)).state === 'running', 'it to run')
    await world.generations.cancel(key)
    world.provider.complete()
    expect(await ended(world, accepted, who.accountId)).toMatchObject({
      state: 'delivered',
      credits: { charged: 5 },
    })
    await expect(world.generations.cancel(key)).rejects.toMatchObject({ code: 'state_conflict' })
    await assertBooks(world)
  })
})

test('several outputs: what was delivered is charged by its share', async () => {
  const world = await open()
  world.provider.behave((request) => (request.seed === 102 ? 'refuse_policy' : 'deliver'))
  await run(world)
  const who = await world.account(20)
  const accepted = await world.generations.create(who, world.request({ seconds: 3, n: 4, seed: 100 }), null)
  expect(accepted.credits.quoted).toBe(12)
  const end = await ended(world, accepted, who.accountId)
  expect(end).toMatchObject({ state: 'delivered', credits: { charged: 9 } })
  expect(world.assets.inserted.map((output) => output.outputIndex).sort()).toEqual([0, 1, 3])
  expect(await world.credits.balance(who.accountId)).toMatchObject({ available: 11, held: 0 })
  await assertBooks(world)
})

test('a reference image that is deleted while its generation waits ends it at once, and costs nothing', async () => {
  const world = await open()
  world.assets.hasReference = true
  const who = await world.account(10)
  const request = world.request({ reference_asset_id: 'ast_01m7wj059erp1pbpamx8hd05sj' })
  const accepted = await world.generations.create(who, request, null)
  await run(world)
  expect(await ended(world, accepted, who.accountId)).toMatchObject({
    state: 'failed',
    fault: { code: 'provider_failed' },
    credits: { charged: 0 },
  })
  expect(world.provider.started).toEqual([])
  await assertBooks(world)
})

test('a failed store is tried again and never makes the video anew', async () => {
  const world = await open()
  world.assets.failIngest = 2
  await run(world)
  const who = await world.account(10)
  const accepted = await world.generations.create(who, world.request(), null)
  expect(await ended(world, accepted, who.accountId)).toMatchObject({ state: 'delivered' })
  expect(world.provider.started).toHaveLength(1)
  await assertBooks(world)
})

test('a price of zero needs no credits', async () => {
  const world = await open()
  await world.room.models.setPrice('draft', 0)
  await run(world)
  const who = await world.account(0)
  const accepted = await world.generations.create(who, world.request(), null)
  expect(await ended(world, accepted, who.accountId)).toMatchObject({
    state: 'delivered',
    credits: { charged: 0 },
  })
  await assertBooks(world)
})

describe('Idempotency-Key', () => {
  test('ten presses at once make one generation', async () => {
    const world = await open()
    const who = await world.account(100)
    const request = world.request()
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => world.generations.create(who, request, 'press-1')),
    )
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(1)
    expect(await world.credits.balance(who.accountId)).toMatchObject({ available: 98, held: 2 })
    await expect(
      world.generations.create(who, world.request({ seconds: 5 }), 'press-1'),
    ).rejects.toMatchObject({
      code: 'idempotency_conflict',
    })
  })

  test('what is kept of the request is worth nothing to whoever guesses prompts', async () => {
    const world = await open()
    const request = world.request()
    await world.generations.create(await world.account(10), request, 'press-1')
    const [row] = await database.db.query<{ request_hash: Buffer }>(
      'select request_hash from generation_keys',
    )
    const inOrder = Object.entries(request).sort(([a], [b]) => (a < b ? -1 : 1))
    const guess = createHash('sha256').update(JSON.stringify(Object.fromEntries(inOrder)))
    expect(row?.request_hash).toHaveLength(32)
    expect(row?.request_hash.equals(guess.digest())).toBe(false)
  })

  test('a key of another account is another key', async () => {
    const world = await open()
    const [one, two] = [await world.account(10), await world.account(10)]
    const first = await world.generations.create(one, world.request(), 'same')
    const second = await world.generations.create(two, world.request(), 'same')
    expect(first.id).not.toBe(second.id)
  })
})

describe('what is refused writes nothing', () => {
  test.each([
    ['credits_insufficient', { seconds: 12 }],
    ['model_unknown', { model: 'sora-2' }],
    ['parameter_unsupported', { seconds: 60 }],
    ['max_cost_exceeded', { max_cost: 1 }],
    ['quote_changed', { price_version: 9 }],
    ['request_invalid', { reference_asset_id: 'ast_01m7wj059erp1pbpamx8hd05sj' }],
  ])('%s', async (code, fields) => {
    const world = await open()
    const who = await world.account(5)
    const count = () => database.db.query<{ count: number }>('select count(*) from generations')
    await expect(world.generations.create(who, world.request(fields), 'key')).rejects.toMatchObject({ code })
    expect(await count()).toEqual([{ count: 0 }])
    expect(await database.db.query('select 1 from generation_keys')).toEqual([])
    expect(await world.credits.balance(who.accountId)).toMatchObject({ available: 5, held: 0 })
  })

  test('200 at once against credit for 7 are 7', async () => {
    const world = await open()
    const who = await world.account(14)
    const answers = await Promise.allSettled(
      Array.from({ length: 200 }, () => world.generations.create(who, world.request({ seconds: 2 }), null)),
    )
    const codes = answers.map((answer) => (answer.status === 'fulfilled' ? 'accepted' : answer.reason.code))
    expect(codes.filter((code) => code === 'accepted')).toHaveLength(7)
    expect(codes.filter((code) => code === 'credits_insufficient')).toHaveLength(193)
    expect(await world.credits.balance(who.accountId)).toMatchObject({ available: 0, held: 14 })
  })

  test('more than may wait', async () => {
    const world = await open({ outstandingMax: 3 })
    const who = await world.account(100)
    for (let count = 0; count < 3; count += 1) await world.generations.create(who, world.request(), null)
    await expect(world.generations.create(who, world.request(), null)).rejects.toMatchObject({
      code: 'too_many_outstanding',
    })
    expect(await world.credits.balance(who.accountId)).toMatchObject({ held: 6 })
  })
})

test('what waits too long for a slot fails and costs nothing', async () => {
  const clock = manualClock(new Date('2026-11-20T12:00:00Z'))
  const world = await open({ clock, queuedMs: 60_000 })
  const who = await world.account(10)
  const accepted = await world.generations.create(who, world.request(), null)
  expect(await sweepGenerations(world.room)).toBe(0)
  clock.advance(61_000)
  expect(await sweepGenerations(world.room)).toBe(1)
  const end = await world.generations.get({ accountId: who.accountId, id: accepted.id })
  expect(end).toMatchObject({ state: 'failed', fault: { code: 'provider_timeout' } })
  await assertBooks(world)
})

test('deleting takes the prompt away; another account sees nothing of it all', async () => {
  const world = await open()
  await run(world)
  const [owner, other] = [await world.account(10), await world.account(10)]
  const accepted = await world.generations.create(owner, world.request(), null)
  const foreign = { accountId: other.accountId, id: accepted.id }
  await expect(world.generations.get(foreign)).rejects.toMatchObject({ code: 'not_found' })
  await expect(world.generations.cancel(foreign)).rejects.toMatchObject({ code: 'not_found' })
  await expect(world.generations.delete(foreign)).rejects.toMatchObject({ code: 'not_found' })
  await ended(world, accepted, owner.accountId)
  const key = { accountId: owner.accountId, id: accepted.id }
  await world.generations.delete(key)
  await expect(world.generations.get(key)).rejects.toMatchObject({ code: 'not_found' })
  expect(await database.db.query('select prompt from generations where id = $1', [accepted.id])).toEqual([
    { prompt: null },
  ])
  expect(await database.db.query('select 1 from attempts where operation is not null')).toEqual([])
})

test('what came to nothing is forgotten when the profile says so, and what upstreams told us soon after', async () => {
  const clock = manualClock(new Date('2026-11-20T12:00:00Z'))
  const world = await open({ clock })
  world.provider.behave((_request, call) => (call === 0 ? 'refuse_policy' : 'deliver'))
  const who = await world.account(10)
  const refused = await world.generations.create(who, world.request(), null)
  await run(world)
  await ended(world, refused, who.accountId)
  const delivered = await world.generations.create(who, world.request(), null)
  await until(async () => {
    clock.advance(10)
    const { state } = await world.generations.get({ accountId: who.accountId, id: delivered.id })
    return state === 'delivered'
  }, 'the second to be delivered')
  const prompts = () => database.db.query('select id from generations where prompt is not null order by id')
  const operations = () => database.db.query('select 1 from attempts where operation is not null')
  expect(await forgetGenerations(world.room, 7)).toBe(0)
  expect(await operations()).toHaveLength(1)
  clock.advance(25 * 3_600_000)
  expect(await forgetGenerations(world.room, 7)).toBe(1)
  expect(await operations()).toEqual([])
  expect(await prompts()).toHaveLength(2)
  clock.advance(7 * 24 * 3_600_000)
  expect(await forgetGenerations(world.room, 7)).toBe(1)
  expect(await prompts()).toEqual([{ id: delivered.id }])
})
