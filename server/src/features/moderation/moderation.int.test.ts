import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts'
import { AppError } from '../../platform/app-error.ts'
import { manualClock } from '../../platform/clock.ts'
import { createKeyring, type Keyring } from '../../platform/keyring/index.ts'
import { silentLog } from '../../platform/log.ts'
import { loadProfile, redLineCategories } from '../policy/index.ts'
import type { RecordEntry } from '../records/index.ts'
import { createModeration, type Moderation } from './moderation.ts'
import { refusalDetail } from './refusal.ts'

const account = 'acc_one'
const prompt = 'a naked woman beside a heliotrope zeppelin'
const clock = manualClock(new Date('2026-11-20T12:00:00Z'))

let database: TestDatabase
let keyring: Keyring
let moderation: Moderation
let noted: RecordEntry[]

beforeEach(async () => {
  database = await createTestDatabase()
  clock.set(new Date('2026-11-20T12:00:00Z'))
  keyring = createKeyring({ masterKey: randomBytes(32), keyId: 'k1', db: database.db, cacheMs: 0 })
  await keyring.createAccountKey(database.db, account)
  noted = []
  moderation = createModeration({
    db: database.db,
    keyring,
    clock,
    log: silentLog,
    records: { append: async (_, entry) => void noted.push(entry as RecordEntry) },
    profile: loadProfile(),
  })
})

afterEach(() => database.drop())

async function refusal(text: string): Promise<AppError> {
  const error = await moderation.admit(account, text).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AppError)) throw new Error('it was not refused')
  return error
}

test('a harmless prompt passes and leaves no trace', async () => {
  expect(await moderation.admit(account, 'a red fox in the snow')).toMatchObject({ decision: 'allow' })
  expect(await database.db.query('select 1 from screenings')).toEqual([])
  expect(noted).toEqual([])
})

test('a refused prompt is answered with its rule and its price, recorded, and sealed', async () => {
  const error = await refusal(prompt)
  expect(error).toMatchObject({
    code: 'prompt_blocked',
    status: 422,
    members: { category: 'sexual_explicit' },
  })
  expect(error.message).toBe(refusalDetail('sexual_explicit'))
  expect(noted).toMatchObject([
    {
      kind: 'screening.blocked',
      accountId: account,
      facts: { category: 'sexual_explicit', rule: 'sexual.nudity' },
    },
  ])
  const [row] = await database.db.query<{ id: string; text: string }>(
    "select id, s::text || encode(prompt_sealed, 'escape') as text from screenings s",
  )
  expect(row?.text).not.toMatch(/heliotrope|zeppelin|naked/)
  expect(await moderation.find(row?.id ?? '')).toMatchObject({
    decision: 'block',
    prompt,
    accountId: account,
  })
  expect(await moderation.countBlocked(account, new Date('2026-11-20T00:00:00Z'))).toBe(1)
  expect(await moderation.countBlocked('acc_two', new Date('2026-11-20T00:00:00Z'))).toBe(0)
})

test('refused prompts are forgotten when the profile says, their decisions stay', async () => {
  await refusal(prompt)
  const days = loadProfile().retention.blocked_prompts_days
  clock.advance(days * 86_400_000)
  expect(await moderation.sweep()).toBe(0)
  clock.advance(1)
  expect(await moderation.sweep()).toBe(1)
  const [row] = await database.db.query<{ id: string }>('select id from screenings')
  expect(await moderation.find(row?.id ?? '')).toMatchObject({ decision: 'block', prompt: null })
})

test('every category has a sentence that says what it cost', () => {
  for (const category of redLineCategories) expect(refusalDetail(category)).toContain('Nothing was charged')
})
