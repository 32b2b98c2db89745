import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../log.ts'
import { createOutbound } from './index.ts'

const file = randomBytes(300_000)
let directory: string
let target: string
const closers: (() => Promise<void>)[] = []

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'backlot-download-'))
})
beforeEach(() => {
  target = path.join(directory, randomUUID())
})
afterAll(() => rm(directory, { recursive: true, force: true }))
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function serving(answer: (request: IncomingMessage, response: ServerResponse, count: number) => void) {
  const ranges: (string | undefined)[] = []
  const ifRanges: (string | undefined)[] = []
  const server = createServer((request, response) => {
    ranges.push(request.headers.range)
    ifRanges.push(request.headers['if-range'] as string | undefined)
    answer(request, response, ranges.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = createOutbound({ log: silentLog, allowedOrigins: [origin], downloadPace: { pauseMs: 1 } })
  closers.push(async () => {
    await client.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { client, ranges, ifRanges, url: `${origin}/file.mp4` }
}

/** Sends the file from where it is asked, and breaks the line after `bytes` when that is given. */
function send(request: IncomingMessage, response: ServerResponse, etag: string | null, bytes?: number): void {
  const isSame = etag !== null && request.headers['if-range'] === etag
  const start = isSame ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0
  response.statusCode = start > 0 ? 206 : 200
  if (start > 0) response.setHeader('content-range', `bytes ${start}-${file.length - 1}/${file.length}`)
  if (etag !== null) response.setHeader('etag', etag)
  response.setHeader('content-type', 'Video/MP4; codecs=avc1')
  response.setHeader('content-length', file.length - start)
  if (bytes === undefined) {
    response.end(file.subarray(start))
    return
  }
  response.write(file.subarray(start, start + bytes))
  // What a client has received but not yet read is lost with the line, so it breaks when the part is on the disk.
  const arrived = expect.poll(async () => (await stat(target)).size, { interval: 5 })
  arrived.toBeGreaterThanOrEqual(start + bytes).then(
    () => response.destroy(),
    () => response.destroy(),
  )
}

test('goes on where the line broke', async () => {
  const { client, ranges, ifRanges, url } = await serving((request, response, count) =>
    send(request, response, '"v1"', count < 4 ? 70_000 : undefined),
  )
  const downloaded = await client.download(url, target, { bytesMax: 1_000_000 })
  expect(downloaded).toEqual({ bytes: file.length, mimeType: 'video/mp4' })
  expect((await readFile(target)).equals(file)).toBe(true)
  expect(ranges).toHaveLength(4)
  expect(ranges[0]).toBeUndefined()
  expect(ifRanges).toEqual([undefined, '"v1"', '"v1"', '"v1"'])
  expect(ranges.slice(1).every((range) => range !== undefined && range !== 'bytes=0-')).toBe(true)
})

test('starts anew when the file has changed, or nothing proves that it has not', async () => {
  for (const etagOf of [(count: number) => `"v${count}"`, () => 'W/"weak"', () => null]) {
    const { client, url } = await serving((request, response, count) =>
      send(request, response, etagOf(count), count < 3 ? 70_000 : undefined),
    )
    await client.download(url, target, { bytesMax: 1_000_000 })
    expect((await readFile(target)).equals(file)).toBe(true)
  }
})

test('does not join parts of two versions, even when the other side ignores If-Range', async () => {
  const { client, url } = await serving((request, response, count) => {
    if (count === 2) {
      // Another version than before, and as a part all the same.
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1])
      const headers = { 'content-range': `bytes ${start}-${file.length - 1}/${file.length}`, etag: '"v2"' }
      response.writeHead(206, headers).end(randomBytes(file.length - start))
    } else send(request, response, '"v1"', count === 1 ? 70_000 : undefined)
  })
  await client.download(url, target, { bytesMax: 1_000_000 })
  expect((await readFile(target)).equals(file)).toBe(true)
})

test('tries again what passes, and gives up on what does not', async () => {
  const passing = await serving((request, response, count) => {
    if (count === 1) response.writeHead(503).end()
    else send(request, response, '"v1"')
  })
  expect((await passing.client.download(passing.url, target, { bytesMax: 1e6 })).bytes).toBe(file.length)

  const gone = await serving((_request, response) => response.writeHead(404).end())
  const refused = gone.client.download(gone.url, target, { bytesMax: 1e6 })
  await expect(refused).rejects.toMatchObject({ code: 'status', status: 404 })
  expect(gone.ranges).toHaveLength(1)

  const dead = await serving((request) => request.socket.destroy())
  await expect(dead.client.download(dead.url, target, { bytesMax: 1e6 })).rejects.toMatchObject({
    code: 'network',
  })
  expect(dead.ranges).toHaveLength(4)
})

test('keeps the size limit and the hosts', async () => {
  const { client, url } = await serving((request, response) => send(request, response, '"v1"'))
  const large = client.download(url, target, { bytesMax: file.length - 1 })
  await expect(large).rejects.toMatchObject({ code: 'too_large' })
  const foreign = client
    .forOrigins([])
    .download('https://evil.test/x', target, { bytesMax: 1, hosts: ['a.test'] })
  await expect(foreign).rejects.toMatchObject({ code: 'address_refused' })
})

test('ends with the reason of the signal', async () => {
  const controller = new AbortController()
  const { client, url } = await serving((_request, response) => {
    response.write('x', () => controller.abort(new Error('enough')))
  })
  const download = client.download(url, target, { bytesMax: 1e6, signal: controller.signal })
  await expect(download).rejects.toThrow('enough')
})
