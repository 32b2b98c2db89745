import { createSecretKey, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDiskStore } from './index.ts'

const megabyte = 1024 * 1024
let directory: string

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'backlot-large-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

test('200 MB go in and out in bounded memory, and an abandoned reader closes its file', async () => {
  const key = createSecretKey(randomBytes(32))
  const store = await openDiskStore({ directory, keyring: { dataKey: async () => key } })
  const piece = randomBytes(megabyte)
  let peak = 0
  const startRss = process.memoryUsage().rss
  const note = () => {
    peak = Math.max(peak, process.memoryUsage().rss - startRss)
  }
  async function* pieces() {
    for (let count = 0; count < 200; count += 1) {
      note()
      yield piece
    }
  }
  const stored = await store.put('acc_a', 'large', Readable.from(pieces()))
  expect(stored.bytes).toBe(200 * megabyte)
  let received = 0
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      received += chunk.length
      note()
      done()
    },
  })
  await pipeline(await store.read('acc_a', 'large'), sink)
  expect(received).toBe(200 * megabyte)
  expect(peak).toBeLessThan(150 * megabyte)

  const abandoned = await store.read('acc_a', 'large')
  const halfRead = await store.read('acc_a', 'large')
  await new Promise((resolve) => halfRead.once('data', resolve))
  for (const reader of [abandoned, halfRead]) {
    const closed = new Promise((resolve) => reader.once('close', resolve))
    reader.destroy()
    await closed
  }
  if (process.platform === 'linux') {
    const { readlink } = await import('node:fs/promises')
    const targets = await Promise.all(
      (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
    )
    expect(targets.filter((target) => target.startsWith(directory))).toEqual([])
  }
})
