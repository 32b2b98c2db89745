import { readdir, readFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import path from 'node:path'
import type { Asset, Problem } from '@backlot/contract'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AssetRoom, createAssetRoom } from '../../../test/asset-room.ts'
import { until } from '../../../test/until.ts'

let room: AssetRoom
let photo: Buffer
const place = 'GPS-PLACE-OF-A-PERSON'

beforeAll(async () => {
  room = await createAssetRoom()
  photo = await sharp({ create: { width: 640, height: 360, channels: 3, background: '#3060a0' } })
    .withExif({ IFD0: { ImageDescription: place }, IFD3: { GPSLatitudeRef: 'N' } })
    .jpeg()
    .toBuffer()
})
afterAll(() => room.close())

const upload = (account: string, body: RequestInit['body'], type?: string, query = '') =>
  room.fetch(`/v1/uploads${query}`, account, {
    method: 'POST',
    body,
    headers: type ? { 'content-type': type } : {},
  })

/** Nothing written: no row, no object, no event, no temporary file. */
async function expectNothing(account: string): Promise<void> {
  expect(await room.db.query('select 1 from assets where account_id = $1', [account])).toEqual([])
  expect((await room.stored()).filter((name) => name.startsWith(account))).toEqual([])
  expect(await room.eventsOf(account)).toEqual([])
  expect(await room.working()).toEqual([])
}

describe('an image', () => {
  test('sent as the body is stored upright and without its metadata, and can be read back', async () => {
    const account = await room.createAccount()
    expect(photo.includes(place)).toBe(true)
    const answer = await upload(account, new Uint8Array(photo), 'image/jpeg', '?file_name=Mein%20Meer.JPG')
    expect(answer.status).toBe(201)
    const asset = (await answer.json()) as Asset
    expect(asset).toMatchObject({
      kind: 'image',
      source: 'upload',
      generation_id: null,
      file_name: 'Mein Meer.jpg',
      mime_type: 'image/jpeg',
      width: 640,
      height: 360,
      credentials: 'unsigned',
      deletes_at: new Date(room.clock.now().getTime() + 7 * 86_400_000).toISOString(),
    })
    const content = await room.fetch(asset.urls.content, null)
    const bytes = Buffer.from(await content.arrayBuffer())
    expect(bytes.length).toBe(asset.bytes)
    expect(bytes.includes(place)).toBe(false)
    expect((await sharp(bytes).metadata()).exif).toBeUndefined()
    expect(asset.urls.preview).toBeNull()
    for (const url of [asset.urls.web, asset.urls.poster]) {
      const shown = await room.fetch(url ?? '', null)
      expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
    }
    expect(await room.eventsOf(account)).toEqual([`asset.created ${asset.id}`])
    expect(await room.working()).toEqual([])
    expect(await room.assets.readImage(account, asset.id)).toEqual({ mediaType: 'image/jpeg', data: bytes })
  })

  test('sent as a form keeps the name of its file', async () => {
    const account = await room.createAccount()
    const form = new FormData()
    form.set('note', 'not a file')
    form.set('other', new Blob(['x']), 'ignored.txt')
    form.set('file', new Blob([new Uint8Array(photo)], { type: 'image/jpeg' }), 'Strand ä.png')
    const answer = await upload(account, form)
    expect(answer.status).toBe(201)
    expect(await answer.json()).toMatchObject({ file_name: 'Strand ä.jpg' })
  })

  test('stands nowhere readable: neither its bytes nor its name', async () => {
    const account = await room.createAccount()
    const name = 'a-very-particular-name'
    const asset = (await (
      await upload(account, new Uint8Array(photo), 'image/jpeg', `?file_name=${name}.jpg`)
    ).json()) as Asset
    const plain = Buffer.from(await (await room.fetch(asset.urls.content, null)).arrayBuffer())
    const part = plain.subarray(200, 264)
    for (const entry of await readdir(room.directory, { recursive: true, withFileTypes: true })) {
      expect(entry.name).not.toContain(name)
      if (!entry.isFile()) continue
      expect((await readFile(path.join(entry.parentPath, entry.name))).includes(part)).toBe(false)
    }
    const [row] = await room.db.query<{ text: string; name: Buffer }>(
      `select a::text || (select coalesce(string_agg(e::text, ' '), '') from events e) as text, file_name as name
       from assets a where id = $1`,
      [asset.id],
    )
    expect(row?.text).not.toContain(name)
    expect(row?.name.includes(name)).toBe(false)
  })
})

describe('what is no image that we take', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
  const cases: [string, () => Uint8Array | string, string, number, string][] = [
    ['an empty file', () => new Uint8Array(0), 'image/png', 422, 'upload_broken'],
    ['a script in SVG', () => svg, 'image/svg+xml', 415, 'upload_unsupported'],
    [
      'a page that calls itself PNG',
      () => '<html><body>hello</body></html>',
      'image/png',
      415,
      'upload_unsupported',
    ],
    [
      'a playlist',
      () => '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n',
      'image/jpeg',
      415,
      'upload_unsupported',
    ],
    ['a cut-off photo', () => new Uint8Array(photo.subarray(0, 900)), 'image/jpeg', 422, 'upload_broken'],
    ['a video', () => new Uint8Array(fakeMp4()), 'application/octet-stream', 422, 'upload_broken'],
    ['a document', () => '%PDF-1.7', 'application/pdf', 415, 'upload_unsupported'],
    ['JSON', () => '{}', 'application/json', 415, 'upload_unsupported'],
  ]

  test.each(cases)('%s is refused and leaves nothing', async (_name, body, type, status, code) => {
    const account = await room.createAccount()
    const answer = await upload(account, body() as RequestInit['body'], type)
    const problem = (await answer.json()) as Problem
    expect([answer.status, problem.code]).toEqual([status, code])
    await expectNothing(account)
  })

  test('is above the limit: refused by its announced size, and while it streams', async () => {
    const account = await room.createAccount()
    const large = new Uint8Array(room.uploadBytesMax + 1)
    expect((await upload(account, large, 'image/png')).status).toBe(413)
    let produced = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        produced += 65_536
        controller.enqueue(new Uint8Array(65_536))
      },
    })
    const sent = await room
      .fetch('/v1/uploads', account, {
        method: 'POST',
        body: endless,
        duplex: 'half',
        headers: { 'content-type': 'image/png' },
      } as RequestInit)
      .catch(() => null)
    // The server answers and closes while the client still sends; either may come first.
    if (sent) expect(sent.status).toBe(413)
    expect(produced).toBeLessThan(room.uploadBytesMax * 8)
    const form = new FormData()
    form.set('file', new Blob([large]), 'x.png')
    expect((await upload(account, form)).status).toBe(413)
    await expect.poll(() => room.working()).toEqual([])
    await expectNothing(account)
  })

  test('is a form without its file, without its boundary, or cut off', async () => {
    const account = await room.createAccount()
    const empty = new FormData()
    empty.set('note', 'x')
    expect((await upload(account, empty)).status).toBe(422)
    expect((await upload(account, 'x', 'multipart/form-data; x=y')).status).toBe(422)
    const head =
      '--b\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\ncontent-type: image/png\r\n\r\n'
    const broken = await upload(account, `${head}half of it`, 'multipart/form-data; boundary=b')
    expect(await broken.json()).toMatchObject({ status: 422, code: 'upload_broken' })
    await expectNothing(account)
  })

  test('breaks off in the middle', async () => {
    const account = await room.createAccount()
    const sending = httpRequest(`${room.origin}/v1/uploads`, {
      method: 'POST',
      headers: { 'x-account': account, 'content-type': 'image/jpeg', 'content-length': photo.length },
    })
    sending.on('error', () => undefined)
    sending.write(photo.subarray(0, 500))
    await expect.poll(() => room.working()).toHaveLength(1)
    sending.destroy()
    await expect.poll(() => room.working()).toEqual([])
    await expectNothing(account)
  })

  test('comes from nobody', async () => {
    const answer = await room.fetch('/v1/uploads', null, { method: 'POST', body: new Uint8Array(photo) })
    expect(answer.status).toBe(401)
  })
})

/** A file that sniffs as MP4 and holds nothing. */
function fakeMp4(): Buffer {
  return Buffer.concat([Buffer.from([0, 0, 0, 16]), Buffer.from('ftypisom'), Buffer.alloc(4)])
}

test('one account has four uploads under way at most; those that break off make room', async () => {
  const [account, other] = [await room.createAccount(), await room.createAccount()]
  const ending = new AbortController()
  const stalled = Array.from({ length: 4 }, () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(photo.subarray(0, 1000))),
    })
    const init = { method: 'POST', body, duplex: 'half', signal: ending.signal }
    const headers = { 'content-type': 'image/jpeg' }
    return room.fetch('/v1/uploads', account, { ...init, headers } as RequestInit).catch(() => null)
  })
  await until(async () => (await room.working()).length === 4, 'four uploads to be under way')
  const fifth = await upload(account, new Uint8Array(photo), 'image/jpeg')
  expect([fifth.status, ((await fifth.json()) as Problem).code]).toEqual([429, 'too_many_attempts'])
  expect((await upload(other, new Uint8Array(photo), 'image/jpeg')).status).toBe(201)
  ending.abort()
  await Promise.all(stalled)
  await until(async () => (await room.working()).length === 0, 'what broke off to be gone')
  expect((await upload(account, new Uint8Array(photo), 'image/jpeg')).status).toBe(201)
})
