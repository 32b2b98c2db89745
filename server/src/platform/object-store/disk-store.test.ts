import { createHash, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '../app-error.ts'
import { type ListedObject, type ObjectStore, ObjectStoreError, openDiskStore } from './index.ts'
import { headerBytes, sealedSegmentBytes, segmentBytes } from './segments.ts'

let directory: string
let store: ObjectStore
const keys = new Map<string, KeyObject>()
const keyring = {
  async dataKey(accountId: string) {
    const key = keys.get(accountId)
    if (!key) throw new AppError('gone', 'no key')
    return key
  },
}

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'backlot-objects-'))
  for (const account of ['acc_a', 'acc_b', 'acc_c']) keys.set(account, createSecretKey(randomBytes(32)))
  store = await openDiskStore({ directory, keyring })
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const read = async (key: string, range?: { start: number; end: number }) =>
  buffer(await store.read('acc_a', key, range))

function inPieces(bytes: Buffer, pieceBytes: number): Readable {
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.subarray(at, at + pieceBytes))
  return Readable.from(pieces)
}

async function fileOf(key: string): Promise<string> {
  const found = (await readdir(directory, { recursive: true })).find((name) => path.basename(name) === key)
  if (!found) throw new Error(`no file ${key}`)
  return path.join(directory, found)
}

async function listed(objects: AsyncIterable<ListedObject>): Promise<ListedObject[]> {
  const all: ListedObject[] = []
  for await (const object of objects) all.push(object)
  return all
}

const incoming = () => readdir(path.join(directory, 'incoming'))

describe('what is put comes back', () => {
  test('whole, whatever its size and however it arrives', async () => {
    const edge = fc.constantFrom(0, 1, segmentBytes - 1, segmentBytes, segmentBytes + 1, 2 * segmentBytes)
    const size = fc.oneof(edge, fc.nat({ max: 5 * segmentBytes }))
    await fc.assert(
      fc.asyncProperty(size, fc.integer({ min: 700, max: 200_000 }), async (bytes, pieceBytes) => {
        const plain = randomBytes(bytes)
        const stored = await store.put('acc_a', 'whole', inPieces(plain, pieceBytes))
        expect(stored).toEqual({ bytes, sha256: sha256(plain) })
        expect(await store.stat('acc_a', 'whole')).toEqual({ bytes })
        expect((await read('whole')).equals(plain)).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  test('in every range, as from a plain buffer', async () => {
    const plain = randomBytes(9 * segmentBytes + 1234)
    await store.put('acc_a', 'ranges', inPieces(plain, 50_000))
    const near = fc
      .tuple(fc.nat({ max: 9 }), fc.integer({ min: -2, max: 2 }))
      .map(([segment, off]) => Math.min(plain.length - 1, Math.max(0, segment * segmentBytes + off)))
    const place = fc.oneof(near, fc.nat({ max: plain.length - 1 }))
    await fc.assert(
      fc.asyncProperty(place, place, async (one, other) => {
        const range = { start: Math.min(one, other), end: Math.max(one, other) }
        const part = await read('ranges', range)
        expect(part.equals(plain.subarray(range.start, range.end + 1))).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  test('from a file, and into one', async () => {
    const source = path.join(directory, 'source.bin')
    const target = path.join(directory, 'target.bin')
    await writeFile(source, randomBytes(100_000))
    await store.put('acc_a', 'from-file', source)
    await store.copyToFile('acc_a', 'from-file', target)
    expect((await readFile(target)).equals(await readFile(source))).toBe(true)
  })

  test('replaced as a whole, while a reader of the old one reads on', async () => {
    const old = randomBytes(8 * segmentBytes)
    await store.put('acc_a', 'replaced', inPieces(old, 100_000))
    const reader = await store.read('acc_a', 'replaced')
    await store.put('acc_a', 'replaced', inPieces(Buffer.from('new'), 10))
    expect((await buffer(reader)).equals(old)).toBe(true)
    expect((await read('replaced')).toString()).toBe('new')
  })
})

describe('a range outside of the object', () => {
  test('is refused', async () => {
    await store.put('acc_a', 'short', Readable.from([Buffer.from('12345')]))
    for (const range of [
      { start: 0, end: 5 },
      { start: 3, end: 2 },
      { start: -1, end: 2 },
    ]) {
      await expect(store.read('acc_a', 'short', range)).rejects.toThrow(RangeError)
    }
  })
})

describe('a changed file', () => {
  const plain = randomBytes(4 * segmentBytes + 500)
  const put = async (key: string) => {
    await store.put('acc_a', key, inPieces(plain, 70_000))
    return fileOf(key)
  }
  const damaged = expect.objectContaining({ code: 'damaged' })

  test('that was cut anywhere is noticed, also by a range before the cut', async () => {
    const whole = await readFile(await put('cut'))
    const ends = [0, 10, headerBytes, headerBytes + 16, whole.length - 1]
    for (let segment = 1; segment <= 4; segment += 1) ends.push(headerBytes + segment * sealedSegmentBytes)
    for (const end of ends) {
      const file = await put('cut')
      await truncate(file, end)
      await expect(read('cut', { start: 0, end: 0 })).rejects.toEqual(damaged)
    }
  })

  test('with segments in another order is noticed', async () => {
    const file = await put('swapped')
    const sealed = await readFile(file)
    const segment = (index: number) =>
      sealed.subarray(
        headerBytes + index * sealedSegmentBytes,
        headerBytes + (index + 1) * sealedSegmentBytes,
      )
    const parts = [
      sealed.subarray(0, headerBytes),
      segment(1),
      segment(0),
      segment(2),
      segment(3),
      segment(4),
    ]
    await writeFile(file, Buffer.concat(parts))
    await expect(read('swapped')).rejects.toEqual(damaged)
    // What lies in untouched segments is still authentic.
    const part = await read('swapped', { start: 2 * segmentBytes, end: 2 * segmentBytes + 9 })
    expect(part.equals(plain.subarray(2 * segmentBytes, 2 * segmentBytes + 10))).toBe(true)
  })

  test('with any bit flipped is noticed', async () => {
    const file = await put('flipped')
    const sealed = await readFile(file)
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: sealed.length * 8 - 1 }), async (place) => {
        const changed = Buffer.from(sealed)
        changed.writeUInt8(changed.readUInt8(place >> 3) ^ (1 << (place & 7)), place >> 3)
        await writeFile(file, changed)
        await expect(read('flipped')).rejects.toEqual(damaged)
      }),
      { numRuns: 60 },
    )
  })

  test('moved to another key or account does not open', async () => {
    const sealed = await readFile(await put('mine'))
    await put('other')
    await writeFile(await fileOf('other'), sealed)
    await expect(read('other')).rejects.toEqual(damaged)
    await store.put('acc_b', 'theirs', Readable.from([Buffer.from('x')]))
    await writeFile(await fileOf('theirs'), sealed)
    await expect(store.read('acc_b', 'theirs')).rejects.toEqual(damaged)
  })
})

describe('what is not there', () => {
  test('is missing, has no size and may be deleted again', async () => {
    await store.put('acc_a', 'passing', Readable.from([Buffer.from('x')]))
    await store.delete('acc_a', 'passing')
    await store.delete('acc_a', 'passing')
    expect(await store.stat('acc_a', 'passing')).toBeNull()
    await expect(store.read('acc_a', 'passing')).rejects.toMatchObject({ code: 'missing' })
  })

  test('is everything of an account whose key was destroyed', async () => {
    await store.put('acc_c', 'secret', Readable.from([Buffer.from('x')]))
    keys.delete('acc_c')
    await expect(store.read('acc_c', 'secret')).rejects.toMatchObject({ code: 'gone' })
    await expect(store.put('acc_c', 'more', Readable.from(['x']))).rejects.toMatchObject({ code: 'gone' })
  })
})

describe('a put that does not end well', () => {
  test('leaves nothing when its source breaks', async () => {
    async function* breaking() {
      yield randomBytes(3 * segmentBytes)
      throw new Error('the line broke')
    }
    await expect(store.put('acc_a', 'broken', Readable.from(breaking()))).rejects.toThrow('the line broke')
    expect(await store.stat('acc_a', 'broken')).toBeNull()
    expect(await incoming()).toEqual([])
  })

  test('leaves nothing when it is aborted while the source is silent', async () => {
    const controller = new AbortController()
    const silent = new Readable({ read() {} })
    silent.push(randomBytes(segmentBytes))
    const put = store.put('acc_a', 'aborted', silent, { signal: controller.signal })
    silent.once('data', () => controller.abort(new Error('enough')))
    await expect(put).rejects.toThrow('enough')
    expect(silent.destroyed).toBe(true)
    expect(await incoming()).toEqual([])
  })

  test('says so when the place cannot be written', async () => {
    const blocked = path.join(directory, 'a-file')
    await writeFile(blocked, '')
    await expect(openDiskStore({ directory: blocked, keyring })).rejects.toMatchObject({ code: 'unwritable' })
    const lost = path.join(directory, 'lost')
    const other = await openDiskStore({ directory: lost, keyring })
    await rm(lost, { recursive: true })
    const put = other.put('acc_a', 'x', Readable.from(['x']))
    await expect(put).rejects.toThrow(ObjectStoreError)
    await expect(put).rejects.toMatchObject({ code: 'unwritable' })
  })
})

describe('names', () => {
  test('never lead out of the store', async () => {
    for (const name of [
      '',
      '..',
      '../x',
      'a/b',
      'a\\b',
      '.hidden',
      'a..b',
      'A',
      'ä',
      'a b',
      'a\0',
      'x'.repeat(121),
    ]) {
      await expect(store.stat('acc_a', name)).rejects.toThrow(RangeError)
      await expect(store.stat(name, 'key')).rejects.toThrow(RangeError)
    }
  })

  test('are listed with their account', async () => {
    await store.put('acc_b', 'ast_1.web', Readable.from(['x']))
    const ofOne = await listed(store.list('acc_b'))
    expect(ofOne).toContainEqual({ accountId: 'acc_b', key: 'ast_1.web', storedAt: expect.any(Date) })
    const all = await listed(store.list())
    expect(new Set(all.map((object) => object.accountId))).toContain('acc_a')
    expect(await listed(store.list('acc_nobody'))).toEqual([])
  })
})

test('nothing of the content stands readable on the disk', async () => {
  const marker = 'a very particular sentence'
  await store.put('acc_a', 'marked', Readable.from([Buffer.from(marker.repeat(9_000))]))
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    expect((await readFile(path.join(entry.parentPath, entry.name))).includes(marker)).toBe(false)
  }
})

test('a start removes what killed writers left and nothing that is being written', async () => {
  const folder = path.join(directory, 'incoming')
  const silent = new Readable({ read() {} })
  const put = store.put('acc_a', 'slow', silent)
  await expect.poll(incoming).toHaveLength(1)
  const [living = ''] = await incoming()
  const [host] = living.split('-')
  const now = new Date()
  await writeFile(path.join(folder, `${host}-999999999-00000000-dead`), 'left')
  await writeFile(path.join(folder, `${host}-${process.pid}-00000000-former`), 'left')
  await writeFile(path.join(folder, 'ffffffff-1-00000000-foreign'), 'young')
  await writeFile(path.join(folder, 'ffffffff-1-00000000-old'), 'left')
  const longAgo = new Date(now.getTime() - 7 * 60 * 60_000)
  await utimes(path.join(folder, 'ffffffff-1-00000000-old'), longAgo, longAgo)
  await openDiskStore({ directory, keyring, now })
  expect((await incoming()).sort()).toEqual([living, 'ffffffff-1-00000000-foreign'].sort())
  silent.push('done')
  silent.push(null)
  await put
  expect((await read('slow')).toString()).toBe('done')
})
