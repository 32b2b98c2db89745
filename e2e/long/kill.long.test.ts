import { createHash } from 'node:crypto'
import { glob, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Generation } from '@backlot/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Backlot } from '../../client/src/index.ts'
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

async function everyGeneration(backlot: Backlot): Promise<Generation[]> {
  const all: Generation[] = []
  let after: string | undefined
  do {
    const page = await backlot.generations({ limit: 100, ...(after ? { after } : {}) })
    all.push(...page.data)
    after = page.next ?? undefined
  } while (after)
  return all
}

/** SIGKILL of PostgreSQL's first process; the others end when they notice. */
async function killDatabase(): Promise<void> {
  for await (const file of glob('postgres/**/postmaster.pid', { cwd: dataFolder })) {
    const [pid] = (await readFile(path.join(dataFolder, file), 'utf8')).split('\n')
    process.kill(Number(pid), 'SIGKILL')
    return
  }
  throw new Error('no database is running')
}

/** After a restart everything ends, is charged once or not at all, can be fetched, and the books are whole. */
async function assertRecovered(idempotencyKey: string): Promise<void> {
  const server = await startServer({ dataFolder, environment })
  try {
    const backlot = client(server, key)
    // The same press once more: whatever became of the first, there is exactly one generation for it.
    const { id } = await backlot.generate(settings, idempotencyKey)
    const end = await backlot.wait(id, { deadlineMs: 90_000 })
    expect(end.state).toBe('delivered')
    expect(end.credits).toMatchObject({ held: 0, charged: 2 })
    // What earlier rounds left behind ends too: each delivered and charged once, or ended and free; no output lost.
    let charged = 0
    for (const earlier of await everyGeneration(backlot)) {
      const last = await backlot.wait(earlier.id, { deadlineMs: 90_000 })
      expect(last.credits).toMatchObject({ held: 0, charged: last.state === 'delivered' ? 2 : 0 })
      charged += last.credits.charged
      expect(last.outputs).toHaveLength(last.state === 'delivered' ? 1 : 0)
      for (const output of last.outputs) {
        const bytes = Buffer.from(await (await backlot.content(output)).arrayBuffer())
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(output.sha256)
      }
    }
    const credits = await backlot.credits()
    expect(credits.held).toBe(0)
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
    // Every other time the database goes first, and the server while it is bringing it back.
    if (round % 2 === 1) {
      await killDatabase()
      await new Promise((resolve) => setTimeout(resolve, random() * 1_000))
    }
    await server.crash()
    await pressed
    if (round % 4 === 3) await assertRecovered(idempotencyKey)
  }
  await assertRecovered(`random-${presses}`)
})
