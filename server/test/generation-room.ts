import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type CreateGeneration, generationParameters, newId } from '@backlot/contract'
import type { Assets, StoredOutput } from '../src/features/assets/index.ts'
import { createCredits } from '../src/features/credits/index.ts'
import { createGenerations, createWaits, createWorker, type Room } from '../src/features/generations/index.ts'
import { catalogue, createModels } from '../src/features/models/index.ts'
import { createRecords } from '../src/features/records/index.ts'
import { AppError } from '../src/platform/app-error.ts'
import { type Clock, systemClock } from '../src/platform/clock.ts'
import { createEvents, localHints } from '../src/platform/events/index.ts'
import { createKeyring } from '../src/platform/keyring/index.ts'
import { silentLog } from '../src/platform/log.ts'
import type { TestDatabase } from './database.ts'
import { type ScriptedProvider, scriptedProvider } from './standins/scripted-provider.ts'

/** Outputs in memory: what is under test is the life cycle, not the making of posters. */
function memoryAssets(): Assets & {
  readonly inserted: StoredOutput[]
  failIngest: number
  hasReference: boolean
} {
  const inserted: StoredOutput[] = []
  const assets = {
    inserted,
    failIngest: 0,
    hasReference: false,
    async ingestOutput(
      file: string,
      facts: { accountId: string; assetId: string; generationId: string; outputIndex: number },
    ) {
      if (assets.failIngest > 0) {
        assets.failIngest -= 1
        throw new Error('the disk is full')
      }
      const sha256 = (await readFile(file)).toString('hex')
      return { ...facts, source: 'output', sha256, streamSha256: null } as unknown as StoredOutput
    },
    async insertOutput(_tx: unknown, output: StoredOutput) {
      inserted.push(output)
    },
    async listOfGenerations() {
      return new Map()
    },
    async deleteOfGeneration() {},
    async get() {
      if (assets.hasReference) return { kind: 'image' }
      throw new Error('no assets here')
    },
    async readImage() {
      throw new AppError('gone', 'The asset has been deleted.')
    },
  }
  return assets as unknown as Assets & {
    readonly inserted: StoredOutput[]
    failIngest: number
    hasReference: boolean
  }
}

export interface GenerationRoomOptions {
  readonly clock?: Clock
  readonly provider?: ScriptedProvider
  readonly runningMax?: number
  readonly simultaneousMax?: number
  readonly outstandingMax?: number
  readonly uncertainMs?: number
  readonly queuedMs?: number
}

/** The life cycle on a real database, with an upstream whose every move the test decides. */
export async function createGenerationRoom(database: TestDatabase, options: GenerationRoomOptions = {}) {
  const { db } = database
  const clock = options.clock ?? systemClock
  const log = silentLog
  const hints = localHints()
  const events = createEvents(hints)
  const keyring = createKeyring({ masterKey: randomBytes(32), keyId: 'test', db })
  const provider = options.provider ?? scriptedProvider()
  const workDirectory = await mkdtemp(path.join(tmpdir(), 'backlot-generations-'))
  const records = createRecords({
    db,
    keyring,
    clock,
    log,
    signingKey: generateKeyPairSync('ed25519').privateKey,
    headsFile: null,
  })
  const credits = createCredits({ db, events, clock, log, freeMonthly: () => 0 })
  const waits = createWaits(db)
  const models = createModels({ db, clock, typicalWaitSeconds: async () => null })
  await models.seed(catalogue)
  await credits.maintain(clock.now())
  const assets = memoryAssets()
  const room: Room = {
    db,
    clock,
    log,
    keyring,
    events,
    hints,
    records,
    credits,
    moderation: { async admit() {} } as unknown as Room['moderation'],
    models,
    assets,
    lanes: new Map([['draft', { id: 'draft', provider, runningMax: options.runningMax ?? 4 }]]),
    limits: {
      simultaneousMax: options.simultaneousMax ?? 4,
      outstandingMax: options.outstandingMax ?? 5_000,
    },
    deadlines: {
      queuedMs: options.queuedMs ?? 3_600_000,
      callMs: 5_000,
      uncertainMs: options.uncertainMs ?? 3_600_000,
      collectMs: 60_000,
    },
    workDirectory,
    download: async () => {
      throw new Error('nothing is downloaded here')
    },
    signOutput: null,
    reached: () => undefined,
  }
  const generations = createGenerations(room, waits, 30)

  return {
    room,
    generations,
    provider,
    credits,
    records,
    assets,
    worker: (leaseMs = 5_000) => createWorker(room, { leaseMs, concurrency: 32 }),
    /** An account with a key and this many credits. */
    async account(amount: number): Promise<{ accountId: string; userId: string }> {
      const accountId = newId('acc')
      await db.transaction(async (tx) => {
        await keyring.createAccountKey(tx, accountId)
        await credits.openAccount(tx, accountId, clock.now())
        if (amount > 0) {
          await credits.grant(tx, {
            accountId,
            kind: 'admin',
            costClass: 'free',
            amount,
            sourceKey: 'test',
            expiresAt: null,
            now: clock.now(),
          })
        }
      })
      return { accountId, userId: newId('usr') }
    },
    request: (fields: Partial<CreateGeneration> = {}): CreateGeneration => ({
      ...generationParameters.parse({ model: 'draft', prompt: 'a harbour at dawn', seconds: 2 }),
      ...fields,
    }),
    async close() {
      await hints.close()
      await rm(workDirectory, { recursive: true, force: true })
    },
  }
}
