import { createHash } from 'node:crypto'
import { type Asset, problem } from '@backlot/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { client, makeOperator } from './operator.ts'
import { type RunningServer, startServer } from './server.ts'

let server: RunningServer
let output: Asset
let content: string
let whole: Buffer

beforeAll(async () => {
  server = await startServer()
  const backlot = client(server, (await makeOperator(server)).key)
  const made = await backlot.generate({
    model: 'draft',
    prompt: 'a kite over the dunes',
    seconds: 2,
    resolution: '480p',
  })
  const end = await backlot.wait(made.id, { deadlineMs: 90_000 })
  const [first] = end.outputs
  if (!first) throw new Error(`nothing was delivered: ${JSON.stringify(end.fault)}`)
  output = first
  content = new URL(output.urls.content, server.origin).href
  whole = Buffer.from(await (await fetch(content)).arrayBuffer())
})

afterAll(async () => {
  await server?.stop().finally(() => server.dispose())
})

const get = (headers: Record<string, string> = {}, method = 'GET') => fetch(content, { method, headers })
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer())

test('the whole file, with everything that a player and a cache want to know', async () => {
  const response = await get()
  expect(response.status).toBe(200)
  const { headers } = response
  expect(headers.get('content-type')).toBe('video/mp4')
  expect(headers.get('content-length')).toBe(String(output.bytes))
  expect(headers.get('accept-ranges')).toBe('bytes')
  expect(headers.get('etag')).toBe(`"${output.sha256}"`)
  expect(headers.get('cache-control')).toMatch(/^private, max-age=\d+$/)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('content-security-policy')).toContain('sandbox')
  expect(headers.get('content-disposition')).toMatch(/^inline; filename="[^"]+\.mp4"/)
  const bytes = await bytesOf(response)
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(output.sha256)
})

test('the file is made to be played before it is there: its index stands in front of its media', () => {
  expect(whole.toString('latin1', 4, 8)).toBe('ftyp')
  expect(whole.indexOf('moov')).toBeGreaterThan(0)
  expect(whole.indexOf('moov')).toBeLessThan(whole.indexOf('mdat'))
})

describe('one range', () => {
  const cases: [string, (bytes: number) => [start: number, end: number]][] = [
    ['bytes=0-1', () => [0, 1]],
    ['bytes=0-0', () => [0, 0]],
    ['bytes=0-', (bytes) => [0, bytes - 1]],
    ['bytes=1000-1999', () => [1000, 1999]],
    ['bytes=65530-65545', () => [65_530, 65_545]],
    ['bytes=-1', (bytes) => [bytes - 1, bytes - 1]],
    ['bytes=-500', (bytes) => [bytes - 500, bytes - 1]],
    ['bytes=-99999999999', (bytes) => [0, bytes - 1]],
    ['bytes=100-99999999999', (bytes) => [100, bytes - 1]],
  ]
  test.each(cases)('%s', async (range, expected) => {
    const [start, end] = expected(whole.length)
    const response = await get({ range })
    expect(response.status).toBe(206)
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end}/${whole.length}`)
    expect(response.headers.get('content-length')).toBe(String(end - start + 1))
    expect(response.headers.get('etag')).toBe(`"${output.sha256}"`)
    expect((await bytesOf(response)).equals(whole.subarray(start, end + 1))).toBe(true)
  })

  test.each([(bytes: number) => `bytes=${bytes}-`, () => 'bytes=-0', () => 'bytes=999999999999-'])(
    'outside of the file is a problem that says how long it is: %s',
    async (range) => {
      const response = await get({ range: range(whole.length) })
      expect(response.status).toBe(416)
      expect(response.headers.get('content-range')).toBe(`bytes */${whole.length}`)
      expect(problem.parse(await response.json()).code).toBe('range_unsatisfiable')
    },
  )

  test.each([
    'bytes=0-1,5-9',
    'bytes=5-1',
    'bytes=-',
    'bytes=a-b',
    'lines=0-1',
    'bytes 0-1',
    'bytes=0-1-2',
    'bytes=0x0-0x5',
    `bytes=${'9'.repeat(400)}-`,
    `bytes=${'0-1,'.repeat(1_000)}2-3`,
  ])('that is none, or several: the whole file (%s)', async (range) => {
    const response = await get({ range })
    expect(response.status).toBe(200)
    expect((await bytesOf(response)).equals(whole)).toBe(true)
  })
})

describe('conditions', () => {
  test('a client that has it gets nothing again', async () => {
    const etag = `"${output.sha256}"`
    for (const wanted of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await get({ 'if-none-match': wanted })
      expect(response.status).toBe(304)
      expect(response.headers.get('etag')).toBe(etag)
      expect((await bytesOf(response)).length).toBe(0)
    }
    expect((await get({ 'if-none-match': '"other"' })).status).toBe(200)
  })

  test('dates', async () => {
    const modified = (await get({}, 'HEAD')).headers.get('last-modified') ?? ''
    expect((await get({ 'if-modified-since': modified })).status).toBe(304)
    expect((await get({ 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' })).status).toBe(200)
    expect((await get({ 'if-modified-since': 'yesterday' })).status).toBe(200)
  })

  test('If-Range gives a part of the same version, and never of another', async () => {
    const part = { range: 'bytes=10-19' }
    expect((await get({ ...part, 'if-range': `"${output.sha256}"` })).status).toBe(206)
    for (const other of ['"other"', `W/"${output.sha256}"`, 'Thu, 01 Jan 1970 00:00:00 GMT', 'nonsense']) {
      const response = await get({ ...part, 'if-range': other })
      expect(response.status).toBe(200)
      expect((await bytesOf(response)).length).toBe(whole.length)
    }
  })

  test('HEAD says the same as GET, without the bytes and without ranges', async () => {
    const [head, full] = [await get({ range: 'bytes=0-1' }, 'HEAD'), await get()]
    expect(head.status).toBe(200)
    expect((await bytesOf(head)).length).toBe(0)
    await full.body?.cancel()
    for (const name of ['content-length', 'content-type', 'etag', 'last-modified', 'accept-ranges'])
      expect(head.headers.get(name)).toBe(full.headers.get(name))
  })
})

test('saving gives it its name', async () => {
  const response = await fetch(`${content}&download=1`, { method: 'HEAD' })
  expect(response.headers.get('content-disposition')).toBe(
    `attachment; filename="${output.file_name}"; filename*=UTF-8''${output.file_name}`,
  )
})

test('each rendition has its own type and name', async () => {
  const { web, poster, preview } = output.urls
  const kinds = [
    { url: web, type: 'video/mp4', name: /\.mp4"/ },
    { url: preview, type: 'video/mp4', name: /-preview\.mp4"/ },
    { url: poster, type: 'image/jpeg', name: /-poster\.jpg"/ },
  ]
  for (const { url, type, name } of kinds) {
    const response = await fetch(new URL(url ?? '', server.origin))
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe(type)
    expect(response.headers.get('content-disposition')).toMatch(name)
    expect((await bytesOf(response)).length).toBeGreaterThan(500)
  }
})

test('50 readers of ranges at once get the right bytes', async () => {
  const readers = Array.from({ length: 50 }, async (_, reader) => {
    for (let turn = 0; turn < 4; turn += 1) {
      const start = Math.floor((whole.length * ((reader * 7 + turn * 13) % 50)) / 50)
      const end = Math.min(whole.length - 1, start + 1 + reader * 997 * (turn + 1))
      const response = await get({ range: `bytes=${start}-${end}` })
      expect(response.status).toBe(206)
      expect((await bytesOf(response)).equals(whole.subarray(start, end + 1))).toBe(true)
    }
  })
  await Promise.all(readers)
})

test('readers who go away in the middle leave the server well', async () => {
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      const abort = new AbortController()
      const response = await fetch(content, { signal: abort.signal })
      await response.body?.getReader().read()
      abort.abort()
    }),
  )
  expect((await bytesOf(await get())).equals(whole)).toBe(true)
  expect((await fetch(`${server.origin}/readyz`)).status).toBe(200)
})
