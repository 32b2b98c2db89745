import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts'
import { manualClock } from '../../platform/clock.ts'
import { createKeyring, type Keyring } from '../../platform/keyring/index.ts'
import { silentLog } from '../../platform/log.ts'
import { createRecords, type RecordEntry, type Records, type RecordsOptions } from './records.ts'

const start = new Date('2026-11-20T12:00:00Z')
const signingKey = generateKeyPairSync('ed25519').privateKey
const account = 'acc_one'

let database: TestDatabase
let keyring: Keyring
let directory: string
let headsFile: string
let records: Records
const clock = manualClock(start)

function openRecords(changes: Partial<RecordsOptions> = {}): Records {
  return createRecords({
    db: database.db,
    keyring,
    clock,
    log: silentLog,
    signingKey,
    headsFile,
    checkpointEntries: 4,
    checkpointIntervalMs: 3_600_000,
    ...changes,
  })
}

beforeAll(async () => {
  database = await createTestDatabase({ connectionsMax: 16 })
})

afterAll(() => database.drop())

beforeEach(async () => {
  clock.set(start)
  await tamper('truncate records, record_contents, record_checkpoints, account_keys restart identity')
  keyring = createKeyring({ masterKey: randomBytes(32), keyId: 'k1', db: database.db, cacheMs: 0 })
  await keyring.createAccountKey(database.db, account)
  directory = await mkdtemp(path.join(tmpdir(), 'backlot-records-'))
  headsFile = path.join(directory, 'log-heads.jsonl')
  records = openRecords()
})

afterEach(async () => {
  await rm(directory, { recursive: true, force: true })
})

function entry(number: number, changes: Partial<RecordEntry> = {}): RecordEntry {
  return {
    kind: 'generation.accepted',
    accountId: account,
    subjectId: `gen_${number}`,
    at: start,
    facts: { model: 'draft', credits: number, parameters: { seconds: 4, aspect_ratio: '16:9' } },
    sealed: `a red fox number ${number}`,
    ...changes,
  }
}

async function append(one: RecordEntry): Promise<void> {
  const prepared = await records.prepare(one)
  await database.db.transaction((tx) => records.append(tx, prepared))
}

async function appendMany(count: number): Promise<void> {
  for (let number = 1; number <= count; number += 1) await append(entry(number))
  while ((await records.sealPending()) > 0) {
    // until nothing is left
  }
}

/** What somebody does who owns the database: the guards are gone. */
async function tamper(sql: string): Promise<void> {
  await database.db.transaction(async (tx) => {
    await tx.query('set local session_replication_role = replica')
    await tx.query(sql)
  })
}

test('entries are chained after their commit, and the whole log verifies', async () => {
  await appendMany(6)
  await append(entry(7))
  expect(await records.head()).toMatchObject({ sequence: 6, pending: 1 })
  const verification = await records.verify()
  expect(verification).toMatchObject({
    ok: true,
    fault: null,
    entries: 6,
    pending: 1,
    contents: { checked: 6, erased: 0, keyless: 0 },
    heads: { database: 1, file: 1 },
  })
  const page = await records.list({ limit: 4 })
  expect(page.data.map((one) => one.sequence)).toEqual([1, 2, 3, 4])
  expect(page.data[0]?.facts).toEqual(entry(1).facts)
  expect((await records.list({ after: page.next ?? 0, limit: 4 })).data).toHaveLength(2)
  expect((await records.list({ limit: 4, accountId: 'acc_other' })).data).toEqual([])
})

test('nothing that was written stands readable in the tables', async () => {
  await append(entry(1, { sealed: 'heliotrope zeppelin over a quiet harbour' }))
  await records.sealPending()
  const rows = await database.db.query<{ text: string }>(
    `select r::text || encode(coalesce(c.sealed, ''), 'escape') as text
       from records r left join record_contents c on c.record_id = r.id`,
  )
  expect(rows).toHaveLength(1)
  expect(rows[0]?.text).not.toMatch(/heliotrope|zeppelin|harbour/)
})

test('a rollback leaves no hole', async () => {
  await append(entry(1))
  await expect(
    database.db.transaction(async (tx) => {
      await records.append(tx, await records.prepare(entry(2)))
      throw new Error('changed my mind')
    }),
  ).rejects.toThrow('changed my mind')
  await append(entry(3))
  await records.sealPending()
  const { data } = await records.list({ limit: 10 })
  expect(data.map((one) => [one.sequence, one.subjectId])).toEqual([
    [1, 'gen_1'],
    [2, 'gen_3'],
  ])
  expect(await records.verify()).toMatchObject({ ok: true, entries: 2 })
})

test('what was committed before a crash is chained by the next start', async () => {
  await append(entry(1))
  await append(entry(2))
  const afterRestart = openRecords()
  expect(await afterRestart.head()).toMatchObject({ sequence: 0, pending: 2 })
  expect(await afterRestart.sealPending()).toBe(2)
  expect(await afterRestart.verify()).toMatchObject({ ok: true, entries: 2, pending: 0 })
})

test('eight writers and three sealers make one chain without holes', async () => {
  const writersAtWork = Promise.all(
    Array.from({ length: 8 }, async (_, writer) => {
      for (let number = 0; number < 12; number += 1) {
        const prepared = await records.prepare(entry(writer * 100 + number))
        await database.db
          .transaction(async (tx) => {
            await records.append(tx, prepared)
            if (number % 4 === 3) throw new Error('rolled back on purpose')
          })
          .catch((error: Error) => {
            if (error.message !== 'rolled back on purpose') throw error
          })
      }
    }),
  )
  let isWriting = true
  const sealers = Array.from({ length: 3 }, async () => {
    let sealed = 0
    while (isWriting) sealed += await records.sealPending(5)
    return sealed
  })
  await writersAtWork
  isWriting = false
  let sealed = (await Promise.all(sealers)).reduce((sum, count) => sum + count, 0)
  for (let count = 1; count > 0; ) {
    count = await records.sealPending(50)
    sealed += count
  }
  expect(sealed).toBe(8 * 9)
  expect(await records.verify()).toMatchObject({ ok: true, entries: 72, pending: 0 })
})

describe('the database refuses', () => {
  test.each([
    ['changing an entry', "update records set facts = '{}'"],
    ['changing an unchained entry', "update records set subject_id = 'gen_x' where sequence is null"],
    ['sealing twice', "update records set hash = '\\x00' where sequence is not null"],
    ['deleting an entry', 'delete from records'],
    ['emptying the log', 'truncate records'],
    ['changing a sealed text', "update record_contents set sealed = '\\x00'"],
    ['emptying the sealed texts', 'truncate record_contents'],
    ['changing a head', 'update record_checkpoints set at = now()'],
    ['deleting a head', 'delete from record_checkpoints'],
  ])('%s', async (_, sql) => {
    await appendMany(4)
    await append(entry(5))
    await expect(database.db.query(sql)).rejects.toThrow(/append-only/)
  })
})

describe('tampering by somebody who owns the database is named', () => {
  test.each([
    [
      'a changed fact',
      `update records set facts = jsonb_set(facts, '{credits}', '0') where sequence = 3`,
      'hash_mismatch',
      3,
    ],
    [
      'a changed time',
      `update records set at = at + interval '1 second' where sequence = 3`,
      'hash_mismatch',
      3,
    ],
    ['a changed account', `update records set account_id = 'acc_two' where sequence = 2`, 'hash_mismatch', 2],
    ['a removed entry', 'delete from records where sequence = 3', 'sequence_gap', 3],
    ['a removed first entry', 'delete from records where sequence = 1', 'sequence_gap', 1],
    [
      'a changed text',
      `update record_contents set sealed = sealed || '\\x00' where record_id = (select id from records where sequence = 5)`,
      'content_changed',
      5,
    ],
    [
      'a changed salt',
      `update record_contents set salt = '\\x00' where record_id = (select id from records where sequence = 5)`,
      'commitment_mismatch',
      5,
    ],
    [
      'a removed text',
      'delete from record_contents where record_id = (select id from records where sequence = 6)',
      'content_missing',
      6,
    ],
    [
      'a forged signature',
      `update record_checkpoints set signature = decode(repeat('00', 64), 'hex') where sequence = 6`,
      'head_signature_invalid',
      6,
    ],
    [
      'a head of another key',
      `update record_checkpoints set key_id = 'deadbeef' where sequence = 6`,
      'head_key_unknown',
      6,
    ],
    [
      'a head moved elsewhere',
      `update record_checkpoints set at = at + interval '1 second' where sequence = 6`,
      'head_signature_invalid',
      6,
    ],
  ] as const)('%s', async (_, sql, code, sequence) => {
    await appendMany(6)
    await tamper(sql)
    const verification = await records.verify()
    expect(verification.ok).toBe(false)
    expect(verification.fault).toMatchObject({ code, sequence })
  })

  test('a tail that was cut off, by the signed head', async () => {
    await appendMany(6)
    await tamper('delete from records where sequence > 4')
    expect((await records.verify()).fault).toMatchObject({ code: 'head_beyond_chain', sequence: 6 })
    await tamper('delete from record_checkpoints')
    const verification = await records.verify()
    expect(verification.fault).toMatchObject({ code: 'head_beyond_chain', sequence: 6 })
    expect(verification.fault?.detail).toContain('file')
  })

  test('a chain that was written anew from start to end, by the head outside the database', async () => {
    await appendMany(6)
    await tamper(`update records set sequence = null, previous_hash = null, hash = null`)
    await tamper(`update records set facts = '{"model":"other"}' where subject_id = 'gen_2'`)
    await tamper('delete from record_checkpoints')
    const forger = openRecords({
      headsFile: null,
      signingKey: generateKeyPairSync('ed25519').privateKey,
      checkpointEntries: 1_000,
      checkpointIntervalMs: Number.MAX_SAFE_INTEGER,
    })
    await forger.sealPending()
    expect((await records.verify()).fault).toMatchObject({ code: 'head_mismatch', sequence: 6 })
  })

  test('a changed line of the file of heads', async () => {
    await appendMany(6)
    const line = await readFile(headsFile, 'utf8')
    await writeFile(headsFile, `not a head\n${line}`)
    expect((await records.verify()).fault).toMatchObject({ code: 'heads_file_damaged' })
    await writeFile(headsFile, line.replace('"sequence":6', '"sequence":5'))
    expect((await records.verify()).fault).toMatchObject({ code: 'head_signature_invalid', sequence: 5 })
  })
})

describe('erasure', () => {
  test('removes the texts of one account, and the log stays whole and says so', async () => {
    await keyring.createAccountKey(database.db, 'acc_two')
    await appendMany(3)
    await append(entry(4, { accountId: 'acc_two' }))
    const at = new Date(start.getTime() + 1000)
    const erased = await database.db.transaction((tx) =>
      records.eraseContents(tx, { accountId: account, before: at, cause: 'request', at }),
    )
    expect(erased).toBe(3)
    await records.sealPending()
    expect(await records.verify()).toMatchObject({
      ok: true,
      entries: 5,
      contents: { checked: 1, erased: 3, keyless: 0 },
    })
  })

  test('by age spares what is younger', async () => {
    await appendMany(2)
    const later = new Date(start.getTime() + 86_400_000)
    await append(entry(3, { at: later }))
    await database.db.transaction((tx) =>
      records.eraseContents(tx, { accountId: null, before: later, cause: 'retention', at: later }),
    )
    await records.sealPending()
    expect(await records.verify()).toMatchObject({ ok: true, contents: { checked: 1, erased: 2 } })
  })

  test('happens by itself when the time of the texts is over, a part at a time', async () => {
    const kept = openRecords({ contentDays: 30 })
    await appendMany(3)
    clock.set(new Date(start.getTime() + 30 * 86_400_000))
    expect(await kept.sweep()).toBe(0)
    clock.advance(1)
    expect(await records.sweep()).toBe(0)
    expect(await kept.sweep(2)).toBe(2)
    expect(await kept.sweep(2)).toBe(1)
    expect(await kept.sweep(2)).toBe(0)
    await records.sealPending()
    expect(await records.verify()).toMatchObject({
      ok: true,
      entries: 5,
      contents: { checked: 0, erased: 3 },
    })
  })

  test('a destroyed account key leaves a log that verifies without the texts', async () => {
    await appendMany(2)
    await keyring.destroyAccountKey(database.db, account)
    expect(await records.verify()).toMatchObject({ ok: true, contents: { checked: 0, keyless: 2 } })
  })
})

describe('signed heads', () => {
  test('are made after enough entries or enough time, never twice for one head', async () => {
    for (let number = 1; number <= 3; number += 1) await append(entry(number))
    clock.set(start)
    const quiet = openRecords({ checkpointIntervalMs: Number.MAX_SAFE_INTEGER })
    await quiet.sealPending()
    expect((await records.verify()).heads).toEqual({ database: 0, file: 0 })
    expect(await records.checkpoint()).toMatchObject({ sequence: 3 })
    expect(await records.checkpoint()).toBeNull()
    await append(entry(4))
    await records.sealPending()
    expect((await records.verify()).heads.database).toBe(1)
    clock.advance(3_600_000)
    await records.sealPending()
    expect((await records.verify()).heads).toEqual({ database: 2, file: 2 })
    clock.set(start)
  })

  test('survive a line that a crash tore', async () => {
    await appendMany(4)
    await appendFile(headsFile, '{"sequence":9,"ha')
    expect(await records.verify()).toMatchObject({ ok: true, heads: { file: 1 } })
    await append(entry(5))
    await records.sealPending()
    expect(await records.checkpoint()).toMatchObject({ sequence: 5 })
    expect(await records.verify()).toMatchObject({ ok: true, heads: { database: 2, file: 2 } })
  })

  test('of an earlier key are accepted when that key is named', async () => {
    await appendMany(4)
    const next = generateKeyPairSync('ed25519').privateKey
    expect((await openRecords({ signingKey: next }).verify()).fault).toMatchObject({
      code: 'head_key_unknown',
    })
    const rotated = openRecords({ signingKey: next, earlierKeys: [createPublicKey(signingKey)] })
    expect(await rotated.verify()).toMatchObject({ ok: true })
  })
})

test('facts that JSON cannot say are refused before they are stored', async () => {
  await expect(append(entry(1, { facts: { credits: Number.NaN } }))).rejects.toThrow()
  expect(await records.head()).toMatchObject({ sequence: 0, pending: 0 })
})
