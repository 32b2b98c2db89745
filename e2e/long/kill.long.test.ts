import { rm } from 'node:fs/promises'
import path from 'node:path'
import { finalStates } from '@backlot/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { steps } from '../../server/src/features/generations/index.ts'
import { client, grantCredits, makeOperator, succeed } from '../operator.ts'
import { type RunningServer, repository, startServer, temporaryDataFolder } from '../server.ts'

/** Short deadlines, so that what a dead process held is taken over within a moment. */
const environment = { BACKLOT_LEASE_SECONDS: '2', BACKLOT_SWEEP_SECONDS: '1' }
const crashServer = path.join(repository, 'server', 'test', 'crash-server.ts')
const settings = {
  model: 'draft',
  prompt: 'a lighthouse in a storm',
  seconds: 2,
  resolution: '480p',
} as const

let dataFolder: string
let key: string
let presses = 0

beforeAll(async () => {
  dataFolder = await temporaryDataFolder()
  const server = await startServer({ dataFolder, environment })
  try {
    key = (await makeOperator(server)).key
    await grantCredits(server, 10_000)
  } finally {
    await server.stop()
  }
})

afterAll(async () => {
  await rm(dataFolder, { recursive: true, force: true })
})

/** Sends the same press again until it is answered, as a client does that saw a connection break. */
async function press(server: RunningServer, idempotencyKey: string): Promise<string | null> {
  return client(server, key)
    .generate(settings, idempotencyKey)
    .then(
      (generation) => generation.id,
      () => null,
    )
}

/** After a restart everything ends, is charged once or not at all, can be fetched, and the books are whole. */
async function assertRecovered(idempotencyKey: string): Promise<void> {
  const server = await startServer({ dataFolder, environment })
  try {
    const backlot = client(server, key)
    // The same press once more: whatever became of the first, there is exactly one generation for it.
    const { id } = await backlot.generate(settings, idempotencyKey)
    const end = await backlot.wait(id, { deadlineMs: 90_000 })
    expect(finalStates).toContain(end.state)
    expect(end.state).toBe('delivered')
    expect(end.credits).toMatchObject({ held: 0, charged: 2 })
    const [output] = end.outputs
    if (!output) throw new Error('a delivered generation has no output')
    const content = await (await backlot.content(output)).arrayBuffer()
    expect(content.byteLength).toBe(output.bytes)

    const credits = await backlot.credits()
    expect(credits.held).toBe(0)
    const all = await backlot.generations({ limit: 100 })
    expect(all.data.every((one) => finalStates.includes(one.state))).toBe(true)
    const charged = all.data.reduce((sum, one) => sum + one.credits.charged, 0)
    const granted = credits.grants.reduce((sum, grant) => sum + grant.amount, 0)
    expect(credits.available).toBe(granted - charged)
    await succeed(['ledger', 'verify'], dataFolder)
    await succeed(['log', 'verify'], dataFolder)
  } finally {
    await server.stop()
  }
}

describe('kill -9 at each step of a generation', () => {
  test.each(steps.map((step) => [step]))('%s', async (step) => {
    presses += 1
    const idempotencyKey = `press-${presses}`
    const server = await startServer({ dataFolder, environment, program: [crashServer, step] })
    await press(server, idempotencyKey)
    await server.ended(60_000)
    await assertRecovered(idempotencyKey)
  })
})

test('kill -9 at 20 random moments, of the server or of the database', async () => {
  const seed = Number(process.env['BACKLOT_TEST_SEED'] ?? Date.now() % 100_000)
  console.log(`seed ${seed}`)
  let state = seed
  const random = () => {
    // A small linear congruential generator: a printed seed repeats the run.
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
  for (let round = 0; round < 20; round += 1) {
    presses += 1
    const idempotencyKey = `random-${presses}`
    const server = await startServer({ dataFolder, environment })
    const pressed = press(server, idempotencyKey)
    await new Promise((resolve) => setTimeout(resolve, random() * 3_000))
    await server.crash()
    await pressed
    if (round % 4 === 3) await assertRecovered(idempotencyKey)
  }
  await assertRecovered(`random-${presses}`)
})
