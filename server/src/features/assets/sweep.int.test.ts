import { readdir, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { newId } from '@backlot/contract'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { type AssetRoom, createAssetRoom } from '../../../test/asset-room.ts'
import { fileNameContext, objectKey } from './asset.ts'
import { createAssets, type StoredOutput } from './index.ts'

let room: AssetRoom
const rooms: AssetRoom[] = []
const day = 86_400_000

beforeEach(async () => {
  room = await createAssetRoom()
  rooms.push(room)
})
afterAll(async () => {
  for (const each of rooms) await each.close()
})

async function insert(accountId: string, assets = room.assets): Promise<string> {
  const assetId = newId('ast')
  const original = objectKey(assetId, 'original')
  const stored = await room.objects.put(accountId, original, Readable.from([Buffer.from(assetId)]))
  const asset: StoredOutput = {
    ...stored,
    accountId,
    assetId,
    kind: 'video',
    source: 'output',
    generationId: newId('gen'),
    outputIndex: 0,
    fileName: await room.keyring.seal(accountId, fileNameContext(assetId), 'x.mp4'),
    mimeType: 'video/mp4',
    streamSha256: null,
    width: 16,
    height: 9,
    durationMs: 1,
    frameRate: 1,
    videoCodec: 'avc',
    audioCodec: null,
    bitrate: 1,
    credentials: 'unsigned',
    renditions: {},
  }
  await room.db.transaction((tx) => assets.insertOutput(tx, asset))
  return assetId
}

test('what has outlived its retention goes, row and event first, then the files; the rest stays', async () => {
  const account = await room.createAccount()
  const old = [await insert(account), await insert(account)]
  room.clock.advance(day)
  const young = await insert(account)
  const now = new Date(room.clock.now().getTime() + 29 * day)
  room.clock.set(now)
  expect(await room.assets.sweepExpired(now, 100)).toEqual({ expired: 2, purged: 2, failed: 0 })
  expect(await room.stored()).toEqual([`${account}/${young}.original`])
  for (const id of old) {
    await expect(room.assets.get(account, id)).rejects.toMatchObject({ code: 'gone' })
    expect(await room.eventsOf(account)).toContain(`asset.deleted ${id}`)
  }
  expect((await room.assets.get(account, young)).id).toBe(young)
  // Nothing of its name is left either.
  expect(
    await room.db.query('select 1 from assets where deleted_at is not null and file_name is not null'),
  ).toEqual([])
  expect(await room.assets.sweepExpired(now, 100)).toEqual({ expired: 0, purged: 0, failed: 0 })
})

test('a sweep takes no more than it is told, and two at once share the work', async () => {
  const account = await room.createAccount()
  for (let count = 0; count < 6; count += 1) await insert(account)
  const now = new Date(room.clock.now().getTime() + 31 * day)
  const both = await Promise.all([room.assets.sweepExpired(now, 3), room.assets.sweepExpired(now, 3)])
  expect(both[0].expired + both[1].expired).toBe(6)
  await room.assets.sweepExpired(now, 10)
  expect(await room.stored()).toEqual([])
  expect((await room.eventsOf(account)).filter((event) => event.startsWith('asset.deleted'))).toHaveLength(6)
})

test('a crash between row and files is healed by the next sweep', async () => {
  const account = await room.createAccount()
  await insert(account)
  const now = new Date(room.clock.now().getTime() + 31 * day)
  const crashing = createAssets({
    ...room.options,
    objects: {
      ...room.objects,
      delete: async () => {
        throw new Error('killed')
      },
    },
  })
  expect(await crashing.sweepExpired(now, 10)).toEqual({ expired: 1, purged: 0, failed: 1 })
  expect(await room.stored()).toHaveLength(1)
  expect(await room.assets.sweepExpired(now, 10)).toEqual({ expired: 0, purged: 1, failed: 0 })
  expect(await room.stored()).toEqual([])
})

test('without a retention nothing ends', async () => {
  const account = await room.createAccount()
  const keeping = createAssets({ ...room.options, retention: { outputsDays: null, uploadsDays: null } })
  const id = await insert(account, keeping)
  const far = new Date(room.clock.now().getTime() + 100_000 * day)
  expect((await room.assets.sweepExpired(far, 10)).expired).toBe(0)
  expect((await room.assets.get(account, id)).deletes_at).toBeNull()
})

test('objects that no row names go after a day; living ones, young ones and those of others stay', async () => {
  const account = await room.createAccount()
  const alive = await insert(account)
  const stray = newId('ast')
  for (const key of [`${stray}.original`, `${stray}.web`, 'export-1.zip', `${newId('ast')}.unknown`]) {
    await room.objects.put(account, key, Readable.from([Buffer.from('x')]))
  }
  const today = new Date(Date.now() + day - 60_000)
  expect(await room.assets.sweepOrphans(today, 10)).toBe(0)
  const tomorrow = new Date(Date.now() + day + 60_000)
  expect(await room.assets.sweepOrphans(tomorrow, 1)).toBe(1)
  expect(await room.assets.sweepOrphans(tomorrow, 10)).toBe(1)
  const left = await room.stored()
  expect(left).toHaveLength(3)
  expect(left).toContain(`${account}/${alive}.original`)
  // An object that came back after its asset was purged is one too.
  await room.assets.delete(account, alive)
  await room.assets.settle()
  await room.objects.put(account, `${alive}.original`, Readable.from([Buffer.from('late')]))
  expect(await room.assets.sweepOrphans(tomorrow, 10)).toBe(1)
})

test('plaintext that a killed process left in the work directory goes at the next start', async () => {
  const left = path.join(room.workDirectory, 'assets-ffffffff-1-00000000-dead')
  await writeFile(left, 'plaintext')
  const longAgo = new Date(Date.now() - day)
  await utimes(left, longAgo, longAgo)
  expect(await room.assets.sweepWork(new Date())).toBe(1)
  expect(await readdir(room.workDirectory)).toEqual([])
})
