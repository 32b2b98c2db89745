import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { call, problemOf } from './site.ts'

/** Files that are no images, or not the ones they say. */
export function tryUploads(): void {
  describe('uploads', () => {
    function chunk(type: string, data: Buffer): Buffer {
      const body = Buffer.concat([Buffer.from(type), data])
      let crc = 0xff_ff_ff_ff
      for (const byte of body) {
        crc ^= byte
        for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xed_b8_83_20 : crc >>> 1
      }
      const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
      length.writeUInt32BE(data.length)
      sum.writeUInt32BE((crc ^ 0xff_ff_ff_ff) >>> 0)
      return Buffer.concat([length, body, sum])
    }
    /** A PNG that claims a size and holds next to nothing. */
    function png(width: number, height: number): Buffer {
      const header = Buffer.alloc(13)
      header.writeUInt32BE(width, 0)
      header.writeUInt32BE(height, 4)
      header.set([8, 6, 0, 0, 0], 8)
      const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
      const data = deflateSync(Buffer.alloc(1_000))
      return Buffer.concat([
        signature,
        chunk('IHDR', header),
        chunk('IDAT', data),
        chunk('IEND', Buffer.alloc(0)),
      ])
    }
    const send = async (type: string, body: Uint8Array | string, query = '') =>
      problemOf(
        await call(`/v1/uploads${query}`, {
          method: 'POST',
          headers: { 'content-type': type },
          body: typeof body === 'string' ? body : new Uint8Array(body),
        }),
      )
    const wrongFile = /^(upload_(unsupported|broken)|body_too_large)$/

    test.each<[string, string, () => Promise<Uint8Array | string>]>([
      ['nothing', 'image/png', async () => ''],
      ['a bomb of a header', 'image/png', async () => png(60_000, 60_000)],
      ['a header of no size', 'image/png', async () => png(0, 0)],
      ['a header beyond any size', 'image/png', async () => png(0xff_ff_ff_ff, 0xff_ff_ff_ff)],
      ['a picture with too little data', 'image/png', async () => png(640, 640)],
      [
        'SVG',
        'image/svg+xml',
        async () => '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
      ],
      [
        'SVG that says PNG',
        'image/png',
        async () => '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
      ],
      ['HTML that says PNG', 'image/png', async () => '<!doctype html><script>alert(1)</script>'],
      ['a playlist', 'image/png', async () => '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'],
      [
        'a list of files',
        'application/octet-stream',
        async () => "ffconcat version 1.0\nfile '/etc/passwd'\n",
      ],
      [
        'a program',
        'application/octet-stream',
        async () => Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]),
      ],
      ['a JPEG cut off in its header', 'image/jpeg', async () => (await jpeg()).subarray(0, 100)],
      ['random bytes', 'image/webp', async () => Buffer.from('RIFF\u0010\u0000\u0000\u0000WEBPVP8 garbage!')],
    ])('%s', async (_name, type, make) => {
      expect((await send(type, await make())).code).toMatch(wrongFile)
    })

    const jpeg = () =>
      sharp({ create: { width: 320, height: 200, channels: 3, background: 'red' } })
        .jpeg()
        .toBuffer()

    test('a JPEG cut off in the middle', async () => {
      const whole = await sharp(
        Buffer.from(Array.from({ length: 200 * 200 * 3 }, (_, i) => (i * 7919) % 256)),
        {
          raw: { width: 200, height: 200, channels: 3 },
        },
      )
        .jpeg()
        .toBuffer()
      expect((await send('image/jpeg', whole.subarray(0, whole.length >> 1))).code).toMatch(wrongFile)
    })

    test('kinds of bodies that are no upload', async () => {
      expect((await send('text/plain', 'hello')).code).toBe('upload_unsupported')
      expect((await send('application/json', '{}')).code).toBe('upload_unsupported')
      expect((await send('multipart/form-data', 'x')).code).toMatch(/^(upload_unsupported|request_invalid)$/)
      const form = (body: string) => send('multipart/form-data; boundary=b', body)
      expect((await form('--b--\r\n')).errors?.[0]).toMatchObject({ field: 'file', code: 'required' })
      const part = '--b\r\ncontent-disposition: form-data; name="file"; filename="../../x.png"\r\n'
      expect((await form(`${part}content-type: image/png\r\n\r\n<html>\r\n--b--\r\n`)).code).toMatch(
        wrongFile,
      )
      expect((await form(`${part}content-type: image/png\r\n\r\ncut off`)).code).toMatch(wrongFile)
      expect((await form('nothing like a form')).code).toMatch(/^(upload_broken|request_invalid)$/)
      expect((await send('image/png', png(4, 4), `?file_name=${'n'.repeat(256)}`)).errors?.[0]?.field).toBe(
        'file_name',
      )
    })

    test('larger than allowed', async () => {
      const answer = await send('image/png', new Uint8Array(26 * 1024 * 1024))
      expect(answer).toMatchObject({ code: 'body_too_large', status: 413 })
    })
  })
}
