import { createHash, randomBytes } from 'node:crypto'
import { readdir, readlink } from 'node:fs/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { type Asset, newId, type Problem } from '@backlot/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AssetRoom, createAssetRoom } from '../../../test/asset-room.ts'
import { fileNameContext, objectKey } from './asset.ts'
import type { StoredOutput } from './ingest-output.ts'

let room: AssetRoom
let account: string
let asset: Asset
const video = randomBytes(400_000)

beforeAll(async () => {
  room = await createAssetRoom()
  account = await room.createAccount()
  asset = await insert(account, video)
})
afterAll(() => room.close())

/** An asset made without any media work: only the bytes matter here. */
async function insert(accountId: string, bytes: Buffer): Promise<Asset> {
  const assetId = newId('ast', room.clock.now().getTime())
  const original = objectKey(assetId, 'original')
  const poster = objectKey(assetId, 'poster')
  const stored = await room.objects.put(accountId, original, Readable.from([bytes]))
  const small = await room.objects.put(accountId, poster, Readable.from([Buffer.from('poster')]))
  const output: StoredOutput = {
    accountId,
    assetId,
    kind: 'video',
    source: 'output',
    generationId: newId('gen'),
    outputIndex: 0,
    fileName: await room.keyring.seal(accountId, fileNameContext(assetId), 'Füchse "im" Schnee.mp4'),
    mimeType: 'video/mp4',
    ...stored,
    streamSha256: null,
    width: 16,
    height: 9,
    durationMs: 1000,
    frameRate: 24,
    videoCodec: 'avc',
    audioCodec: null,
    bitrate: 1000,
    credentials: 'signed',
    renditions: {
      web: { objectKey: original, mimeType: 'video/mp4', ...stored },
      poster: { objectKey: poster, mimeType: 'image/jpeg', ...small },
    },
  }
  await room.db.transaction((tx) => room.assets.insertOutput(tx, output))
  return room.assets.get(accountId, assetId)
}

const get = (headers: Record<string, string> = {}, method = 'GET', url = asset.urls.content) =>
  room.fetch(url, null, { headers, method })
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer())

describe('the whole file', () => {
  test('comes with what players, caches and browsers need', async () => {
    const answer = await get()
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': String(video.length),
      'accept-ranges': 'bytes',
      etag: `"${createHash('sha256').update(video).digest('hex')}"`,
      'last-modified': new Date(asset.created_at).toUTCString(),
      'x-content-type-options': 'nosniff',
      'content-disposition':
        `inline; filename="F_chse _im_ Schnee.mp4"; ` +
        `filename*=UTF-8''F%C3%BCchse%20%22im%22%20Schnee.mp4`,
    })
    expect(answer.headers.get('cache-control')).toMatch(/^private, max-age=\d+$/)
    expect(answer.headers.get('content-security-policy')).toContain('sandbox')
    expect((await bytesOf(answer)).equals(video)).toBe(true)
  })

  test('is saved when asked to be, and other versions have names of their own', async () => {
    const saved = await get({}, 'HEAD', `${asset.urls.content}&download=1`)
    expect(saved.headers.get('content-disposition')).toMatch(/^attachment; /)
    const poster = await get({}, 'GET', asset.urls.poster ?? '')
    expect(poster.headers.get('content-type')).toBe('image/jpeg')
    expect(poster.headers.get('content-disposition')).toContain('-poster.jpg')
    expect(await poster.text()).toBe('poster')
    expect((await bytesOf(await get({}, 'GET', asset.urls.web ?? ''))).equals(video)).toBe(true)
    expect(asset.urls.preview).toBeNull()
  })

  test('HEAD gives the same headers and no body', async () => {
    const head = await get({ range: 'bytes=0-1' }, 'HEAD')
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(video.length)])
    expect((await bytesOf(head)).length).toBe(0)
  })
})

describe('a part', () => {
  test.each([
    ['bytes=0-1', 0, 1],
    ['bytes=399990-', 399_990, 399_999],
    ['bytes=-7', 399_993, 399_999],
    ['bytes=65530-65545', 65_530, 65_545],
    ['bytes=100000-999999', 100_000, 399_999],
  ])('%s', async (range, start, end) => {
    const answer = await get({ range })
    expect(answer.status).toBe(206)
    expect(answer.headers.get('content-range')).toBe(`bytes ${start}-${end}/${video.length}`)
    expect(answer.headers.get('content-length')).toBe(String(end - start + 1))
    expect((await bytesOf(answer)).equals(video.subarray(start, end + 1))).toBe(true)
  })

  test('outside of the file is refused with its size; several at once give the whole', async () => {
    const outside = await get({ range: `bytes=${video.length}-` })
    expect(outside.status).toBe(416)
    expect(outside.headers.get('content-range')).toBe(`bytes */${video.length}`)
    expect(((await outside.json()) as Problem).code).toBe('range_unsatisfiable')
    const several = await get({ range: 'bytes=0-1,5-6' })
    expect([several.status, (await bytesOf(several)).length]).toEqual([200, video.length])
  })

  test('is joined only to the version that it belongs to', async () => {
    const etag = (await get({}, 'HEAD')).headers.get('etag') ?? ''
    expect((await get({ range: 'bytes=0-1', 'if-range': etag })).status).toBe(206)
    const other = await get({ range: 'bytes=0-1', 'if-range': '"other"' })
    expect([other.status, (await bytesOf(other)).length]).toEqual([200, video.length])
    const known = await get({ 'if-none-match': etag })
    expect([known.status, known.headers.get('etag'), await known.text()]).toEqual([304, etag, ''])
  })
})

describe('an address', () => {
  const refused = async (url: string) => {
    const answer = await get({}, 'GET', url)
    return [answer.status, ((await answer.json()) as Problem).code]
  }

  test('counts only as it was made', async () => {
    const other = await insert(account, Buffer.from('another file'))
    const url = new URL(asset.urls.content, room.origin)
    const changes: ((changed: URL) => void)[] = [
      (changed) => changed.searchParams.set('rendition', 'poster'),
      (changed) => changed.searchParams.set('rendition', 'everything'),
      (changed) => changed.searchParams.set('expires', '99999999999'),
      (changed) => changed.searchParams.set('expires', 'never'),
      (changed) => changed.searchParams.set('account', newId('acc')),
      (changed) => changed.searchParams.set('signature', 'A'.repeat(43)),
      (changed) => changed.searchParams.delete('signature'),
      (changed) => changed.searchParams.delete('account'),
      (changed) => {
        changed.pathname = new URL(other.urls.content, room.origin).pathname
      },
    ]
    for (const change of changes) {
      const changed = new URL(url)
      change(changed)
      expect(await refused(`${changed.pathname}${changed.search}`)).toEqual([403, 'signature_invalid'])
    }
    expect(await refused(url.pathname)).toEqual([403, 'signature_invalid'])
  })

  test('ends when its time is over', async () => {
    const ending = await insert(account, Buffer.from('x'))
    room.clock.advance(899_000)
    expect((await get({}, 'GET', ending.urls.content)).status).toBe(200)
    room.clock.advance(452_000)
    expect(await refused(ending.urls.content)).toEqual([403, 'signature_invalid'])
    asset = await room.assets.get(account, asset.id)
  })

  test('of a deleted asset says that it is gone, and the files are', async () => {
    const doomed = await insert(account, Buffer.from('doomed'))
    await room.assets.delete(account, doomed.id)
    expect(await refused(doomed.urls.content)).toEqual([410, 'gone'])
    await room.assets.settle()
    expect((await room.stored()).filter((name) => name.includes(doomed.id))).toEqual([])
  })

  test('of an account whose key was destroyed opens nothing', async () => {
    const leaving = await room.createAccount()
    const left = await insert(leaving, Buffer.from('x'))
    await room.keyring.destroyAccountKey(room.db, leaving)
    expect(await refused(left.urls.content)).toEqual([410, 'gone'])
  })
})

describe('a client', () => {
  const openFiles = async () => {
    const fds = await readdir('/proc/self/fd')
    const targets = await Promise.all(fds.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')))
    return targets.filter((target) => target.startsWith(room.directory)).length
  }

  test('that goes away or stops reading neither leaks a file nor fills the memory', async () => {
    const large = await insert(account, randomBytes(24_000_000))
    const startRss = process.memoryUsage().rss
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => {
        return new Promise<IncomingMessage>((resolve, reject) => {
          httpRequest(`${room.origin}${large.urls.content}`, resolve).on('error', reject).end()
        })
      }),
    )
    for (const answer of answers) await new Promise((resolve) => answer.once('readable', resolve))
    if (process.platform === 'linux') expect(await openFiles()).toBe(5)
    // Five readers that stand still: the 120 MB are not read ahead.
    expect(process.memoryUsage().rss - startRss).toBeLessThan(100_000_000)
    for (const answer of answers) answer.destroy()
    if (process.platform === 'linux') await expect.poll(openFiles).toBe(0)
  })
})

describe('the list', () => {
  test('shows an account its own assets, the newest first, page by page and by kind', async () => {
    const mine = await room.createAccount()
    const ids: string[] = []
    for (let count = 0; count < 5; count += 1) {
      room.clock.advance(1)
      ids.unshift((await insert(mine, Buffer.from([count]))).id)
    }
    const seen: string[] = []
    let after: string | null = null
    do {
      const query: string = after ? `&after=${after}` : ''
      const answer = await room.fetch(`/v1/assets?limit=2&source=output${query}`, mine)
      const page = (await answer.json()) as { data: Asset[]; next: string | null }
      seen.push(...page.data.map((each) => each.id))
      after = page.next
    } while (after !== null)
    expect(seen).toEqual(ids)
    expect((await room.assets.list(mine, { kind: 'image', limit: 10 })).data).toEqual([])
    expect((await room.fetch('/v1/assets?after=nonsense', mine)).status).toBe(422)
    expect((await room.fetch('/v1/assets?kind=sound', mine)).status).toBe(422)
    const byGeneration = await room.assets.listOfGenerations(mine, [
      (await room.assets.get(mine, ids[0] ?? '')).generation_id ?? '',
    ])
    expect([...byGeneration.values()].flat().map((each) => each.id)).toEqual([ids[0]])
  })

  test('and every other way in, answers a stranger as if nothing were there', async () => {
    const stranger = await room.createAccount()
    for (const [method, path] of [
      ['GET', `/v1/assets/${asset.id}`],
      ['DELETE', `/v1/assets/${asset.id}`],
      ['GET', `/v1/assets/${asset.id}/provenance`],
      ['GET', `/v1/assets/${newId('ast')}`],
      ['GET', '/v1/assets/not-an-id'],
    ] as const) {
      const answer = await room.fetch(path, stranger, { method })
      expect([answer.status, ((await answer.json()) as Problem).code]).toEqual([404, 'not_found'])
      expect((await room.fetch(path, null, { method })).status).toBe(401)
    }
    expect((await room.assets.list(stranger, { limit: 10 })).data).toEqual([])
    await expect(room.assets.readImage(stranger, asset.id)).rejects.toMatchObject({ code: 'not_found' })
    expect((await room.fetch(`/v1/assets/${asset.id}`, account)).status).toBe(200)
  })

  test('deleting twice says that it is gone', async () => {
    const doomed = await insert(account, Buffer.from('x'))
    expect((await room.fetch(`/v1/assets/${doomed.id}`, account, { method: 'DELETE' })).status).toBe(204)
    expect((await room.fetch(`/v1/assets/${doomed.id}`, account, { method: 'DELETE' })).status).toBe(410)
    expect(
      (await room.eventsOf(account)).filter((event) => event === `asset.deleted ${doomed.id}`),
    ).toHaveLength(1)
  })
})
