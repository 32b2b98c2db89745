import { mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMediaEngine, generatedFileManifest, type MediaEngine } from './index.ts'
import { makeTestSigner } from './test-certificates.ts'
import { makeTestClip } from './test-clips.ts'

let folder: string
let work: string
let engine: MediaEngine
const at = (name: string) => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-media-'))
  work = at('work')
  engine = createMediaEngine({ workDirectory: work, log: pino({ level: 'silent' }) })
  await makeTestClip({ output: at('clip.mp4'), frames: 36 })
})

afterAll(async () => {
  // Whatever happened, no job leaves a file behind.
  expect(await readdir(work)).toEqual([])
  await rm(folder, { recursive: true, force: true })
})

describe('a good clip', () => {
  test('is probed', async () => {
    expect(await engine.probe(at('clip.mp4'))).toEqual({
      kind: 'video',
      mimeType: 'video/mp4',
      container: 'mp4',
      bytes: (await stat(at('clip.mp4'))).size,
      width: 320,
      height: 180,
      durationMs: 1500,
      frameRate: 24,
      videoCodec: 'avc',
      audioCodec: 'aac',
      bitrate: expect.any(Number),
      isFaststart: true,
      isWebSafe: true,
      rotation: 0,
    })
  })

  test('gives a poster as JPEG and as WebP', async () => {
    const poster = await engine.poster(at('clip.mp4'), at('poster.jpg'))
    expect(poster).toMatchObject({ mimeType: 'image/jpeg', width: 320, height: 180 })
    expect(await engine.probe(at('poster.jpg'))).toMatchObject({
      kind: 'image',
      container: 'jpeg',
      width: 320,
    })
    const small = await engine.poster(at('clip.mp4'), at('poster.webp'), { widthMax: 160 })
    expect(small).toMatchObject({ mimeType: 'image/webp', width: 160, height: 90 })
  })

  test('gives a small muted preview', async () => {
    const preview = await engine.preview(at('clip.mp4'), at('preview.mp4'))
    expect(preview.bytes).toBeLessThan(40_000)
    expect(await engine.probe(at('preview.mp4'))).toMatchObject({
      width: 320,
      height: 180,
      frameRate: 12,
      durationMs: 1500,
      audioCodec: null,
      isWebSafe: true,
      isFaststart: true,
    })
  })

  test('is a web MP4 as it is', async () => {
    expect(await engine.webMp4(at('clip.mp4'), at('web.mp4'))).toBe('as-is')
    expect((await readdir(folder)).includes('web.mp4')).toBe(false)
  })

  test('is remuxed when its index comes last, with the same video stream', async () => {
    await moveIndexToTheEnd(at('clip.mp4'), at('late.mp4'))
    expect(await engine.probe(at('late.mp4'))).toMatchObject({
      isFaststart: false,
      isWebSafe: true,
      durationMs: 1500,
    })
    expect(await engine.webMp4(at('late.mp4'), at('remuxed.mp4'))).toBe('remuxed')
    expect(await engine.probe(at('remuxed.mp4'))).toMatchObject({
      isFaststart: true,
      isWebSafe: true,
      audioCodec: 'aac',
    })
    expect(await engine.streamHash(at('remuxed.mp4'))).toBe(await engine.streamHash(at('clip.mp4')))
  })

  test('in another container is encoded, with picture, sound and duration kept', async () => {
    // The brand decides between MOV and MP4; the rest of the file is the same.
    const bytes = await readFile(at('clip.mp4'))
    bytes.write('qt  ', 8, 'latin1')
    await writeFile(at('clip.mov'), bytes)
    expect(await engine.probe(at('clip.mov'))).toMatchObject({ container: 'mov', isWebSafe: false })
    expect(await engine.webMp4(at('clip.mov'), at('encoded.mp4'))).toBe('encoded')
    const encoded = await engine.probe(at('encoded.mp4'))
    expect(encoded).toMatchObject({
      width: 320,
      height: 180,
      frameRate: 24,
      audioCodec: 'aac',
      isWebSafe: true,
      isFaststart: true,
    })
    expect(Math.abs((encoded.durationMs ?? 0) - 1500)).toBeLessThan(60)
  })

  test('an image is written anew', async () => {
    await engine.poster(at('clip.mp4'), at('upload.jpg'))
    expect(await engine.normaliseImage(at('upload.jpg'), at('normal.jpg'))).toMatchObject({
      mimeType: 'image/jpeg',
      width: 320,
    })
    await expect(engine.normaliseImage(at('clip.mp4'), at('no.jpg'))).rejects.toMatchObject({
      code: 'media_unsupported',
    })
    await expect(engine.preview(at('upload.jpg'), at('no.mp4'))).rejects.toMatchObject({
      code: 'media_unsupported',
    })
  })
})

describe('Content Credentials', () => {
  test('a signed clip reads trusted, keeps its video, and one changed bit shows', async () => {
    const { signing } = await engine.capabilities()
    if (!signing.isAvailable) {
      const signer = { certificateChainPem: '', privateKeyPem: '', algorithm: 'es256' } as const
      const order = { manifest: {}, signer, mimeType: 'video/mp4' }
      expect(await engine.sign(at('clip.mp4'), at('signed.mp4'), order)).toMatchObject({
        state: 'unavailable',
      })
      return
    }
    const { chainPem, keyPem, rootPem } = await makeTestSigner()
    const manifest = generatedFileManifest({
      serviceName: 'Test lot',
      serviceVersion: '1.2.3',
      outputId: 'ast_test',
      mimeType: 'video/mp4',
      modelId: 'draft',
      modelVersion: '1',
      at: new Date('2026-11-20T12:00:00Z'),
      source: 'algorithmic',
      reverseDomain: 'com.example',
      verifyUrl: 'https://example.com/verify/ast_test',
    })
    const signer = { certificateChainPem: chainPem, privateKeyPem: keyPem, algorithm: 'es256' } as const
    const order = { manifest, signer, mimeType: 'video/mp4' }
    expect(await engine.readCredentials(at('clip.mp4'))).toMatchObject({ state: 'none' })
    const signed = await engine.sign(at('clip.mp4'), at('signed.mp4'), order)
    expect(signed).toEqual({ state: 'signed', bytes: (await stat(at('signed.mp4'))).size })

    const reading = await engine.readCredentials(at('signed.mp4'), { trustAnchorsPem: rootPem })
    expect(reading).toMatchObject({
      state: 'trusted',
      failures: [],
      manifest: {
        title: 'ast_test',
        claimGenerator: 'Test lot',
        actions: [{ action: 'c2pa.created', softwareAgent: 'draft', when: '2026-11-20T12:00:00.000Z' }],
      },
    })
    expect(await engine.readCredentials(at('signed.mp4'))).toMatchObject({ state: 'valid' })
    expect(await engine.streamHash(at('signed.mp4'))).toBe(await engine.streamHash(at('clip.mp4')))
    expect(await engine.probe(at('signed.mp4'))).toMatchObject({ isFaststart: true, isWebSafe: true })

    const bytes = await readFile(at('signed.mp4'))
    const late = bytes.length - 200
    bytes[late] = (bytes[late] ?? 0) ^ 1
    await writeFile(at('changed.mp4'), bytes)
    expect(await engine.readCredentials(at('changed.mp4'), { trustAnchorsPem: rootPem })).toMatchObject({
      state: 'invalid',
      failures: expect.arrayContaining(['assertion.bmffHash.mismatch']),
    })
    const broken = { ...order, signer: { ...signer, privateKeyPem: 'not a key' } }
    await expect(engine.sign(at('clip.mp4'), at('unsigned.mp4'), broken)).rejects.toMatchObject({
      code: 'media_failed',
    })
  })
})

describe('hostile input', () => {
  const noise = Buffer.from(Uint8Array.from({ length: 4096 }, (_, index) => (index * 7919 + 13) & 255))
  const playlist = '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n'
  const cases: [string, string | Buffer, string][] = [
    ['random bytes', noise, 'media_unsupported'],
    ['an empty file', '', 'media_broken'],
    [
      'an SVG',
      '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
      'media_unsupported',
    ],
    ['a playlist of local files', playlist, 'media_unsupported'],
    ['a concat script', "ffconcat version 1.0\nfile '/etc/passwd'\n", 'media_unsupported'],
    ['a PDF', '%PDF-1.7\n1 0 obj\n<<>>\nendobj\n', 'media_unsupported'],
    ['a PNG of 30000 by 30000', hugePng(30_000), 'media_too_large'],
    ['a PNG without pixels', hugePng(64).subarray(0, 40), 'media_broken'],
    ['an MP4 of boxes in boxes', nestedBoxes(5000), 'media_broken'],
  ]
  test.each(cases)('%s is refused', async (name, content, code) => {
    const path = at(`${name.replaceAll(' ', '-')}.mp4`)
    await writeFile(path, content)
    const refused =
      name === 'a PNG without pixels' ? engine.normaliseImage(path, at('no.png')) : engine.probe(path)
    await expect(refused).rejects.toMatchObject({ code })
    await expect(engine.preview(path, at('never.mp4'))).rejects.toMatchObject({ name: 'MediaError' })
  })

  test('a truncated MP4 is refused', async () => {
    await writeFile(at('short.mp4'), await readFile(at('clip.mp4')))
    await truncate(at('short.mp4'), 400)
    await expect(engine.probe(at('short.mp4'))).rejects.toMatchObject({ code: 'media_broken' })
    await expect(engine.poster(at('short.mp4'), at('never.jpg'))).rejects.toMatchObject({
      code: 'media_broken',
    })
  })

  test('damaged pictures end in a result or a typed refusal, never in a crash of ours', async () => {
    const bytes = await readFile(at('clip.mp4'))
    for (let offset = bytes.length - 4000; offset < bytes.length; offset += 37)
      bytes[offset] = (bytes[offset] ?? 0) ^ 0x5a
    await writeFile(at('damaged.mp4'), bytes)
    const outcome = await engine.poster(at('damaged.mp4'), at('damaged.jpg')).then(
      (poster) => poster.width,
      (error: { name: string }) => error.name,
    )
    expect([320, 'MediaError']).toContain(outcome)
  })

  test('limits are applied: bytes, side, duration', async () => {
    const strict = (limits: object) =>
      createMediaEngine({ workDirectory: work, log: pino({ level: 'silent' }), limits })
    const refusal = { code: 'media_too_large' }
    await expect(strict({ uploadBytesMax: 1000 }).probe(at('clip.mp4'))).rejects.toMatchObject(refusal)
    await expect(strict({ sidePixelsMax: 300 }).probe(at('clip.mp4'))).rejects.toMatchObject(refusal)
    await expect(strict({ durationMsMax: 1000 }).probe(at('clip.mp4'))).rejects.toMatchObject(refusal)
    await expect(strict({ probeMsMax: 1 }).probe(at('clip.mp4'))).rejects.toMatchObject({
      code: 'media_timeout',
    })
  })
})

/** A PNG that claims a size and holds one row of zeros. */
function hugePng(side: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const out = Buffer.alloc(body.length + 8)
    out.writeUInt32BE(data.length, 0)
    body.copy(out, 4)
    out.writeUInt32BE(crc32(body), body.length + 4)
    return out
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const row = deflateSync(Buffer.alloc(side * 3 + 1))
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', row), chunk('IEND', Buffer.alloc(0))])
}

function crc32(data: Buffer): number {
  let value = 0xffffffff
  for (const byte of data) {
    value ^= byte
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  }
  return (value ^ 0xffffffff) >>> 0
}

function nestedBoxes(depth: number): Buffer {
  const type = Buffer.from('ftypisom\0\0\0\0isomavc1', 'latin1')
  const head = Buffer.alloc(4)
  head.writeUInt32BE(type.length + 4)
  const boxes = Buffer.alloc(depth * 8)
  for (let level = 0; level < depth; level += 1) {
    boxes.writeUInt32BE((depth - level) * 8, level * 8)
    boxes.write('moov', level * 8 + 4, 'latin1')
  }
  return Buffer.concat([head, type, boxes])
}

/** Puts `moov` behind `mdat` and shifts the chunk offsets back by its size. */
async function moveIndexToTheEnd(from: string, to: string): Promise<void> {
  const bytes = await readFile(from)
  const boxes: { type: string; start: number; end: number }[] = []
  for (let offset = 0; offset < bytes.length; ) {
    const size = bytes.readUInt32BE(offset)
    boxes.push({ type: bytes.toString('latin1', offset + 4, offset + 8), start: offset, end: offset + size })
    offset += size
  }
  const moov = boxes.find((box) => box.type === 'moov')
  if (!moov) throw new Error('the clip has no index')
  const index = Buffer.from(bytes.subarray(moov.start, moov.end))
  for (let offset = index.indexOf('stco'); offset >= 0; offset = index.indexOf('stco', offset + 4)) {
    const count = index.readUInt32BE(offset + 8)
    for (let entry = 0; entry < count; entry += 1) {
      const place = offset + 12 + entry * 4
      index.writeUInt32BE(index.readUInt32BE(place) - index.length, place)
    }
  }
  const file = await open(to, 'w')
  await file.writeFile(Buffer.concat([bytes.subarray(0, moov.start), bytes.subarray(moov.end), index]))
  await file.close()
}
