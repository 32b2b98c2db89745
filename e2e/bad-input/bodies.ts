import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { call, good, key, post, problemOf, server } from './site.ts'

/** Bodies that are not what they say, or too much. */
export function tryBodies(): void {
  describe('bodies', () => {
    const malformed: [string, string | Uint8Array][] = [
      ['nothing', ''],
      ['cut off', '{"model":"draft","prompt":"a pi'],
      ['not JSON', 'model=draft&prompt=pier'],
      ['a number that is none', '{"model":"draft","prompt":"a pier","seconds":NaN}'],
      ['a comment', '{"model":"draft" /* the best */}'],
      [
        'invalid UTF-8',
        Buffer.concat([Buffer.from('{"prompt":"'), Buffer.from([0xff, 0xfe, 0xc3]), Buffer.from('"}')]),
      ],
      ['UTF-16', Buffer.from(JSON.stringify(good), 'utf16le')],
      ['an unfinished depth', '['.repeat(100_000)],
    ]
    test.each(malformed)('%s', async (_name, body) => {
      const answer = await problemOf(
        await call('/v1/generations', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: typeof body === 'string' ? body : new Uint8Array(body),
        }),
      )
      expect(answer).toMatchObject({ code: 'body_malformed', status: 400 })
    })

    const wrongShapes: [string, string][] = [
      ['a list', '[]'],
      ['a text', '"draft"'],
      ['null', 'null'],
      ['a number without end', '{"model":"draft","prompt":"a pier","seconds":1e999}'],
      ['great depth', `{"model":"draft","prompt":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
      ['a prototype', '{"model":"draft","prompt":"a pier","__proto__":{"seconds":2}}'],
      ['a constructor', '{"model":"draft","prompt":"a pier","constructor":{"prototype":{}}}'],
    ]
    test.each(wrongShapes)('%s where an object of known fields belongs', async (_name, body) => {
      const answer = await post('/v1/generations', body)
      expect(answer).toMatchObject({ code: 'request_invalid', status: 422 })
      expect(answer.errors?.length).toBeGreaterThan(0)
    })

    test.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/jsonp',
      'multipart/form-data',
    ])('sent as %s', async (type) => {
      const answer = await post('/v1/generations', good, { headers: { 'content-type': type } })
      expect(answer.errors).toEqual([
        expect.objectContaining({ field: 'content-type', code: 'unsupported_type' }),
      ])
    })

    test('50 MB are refused by what the sender announces, before they are sent', async () => {
      const head = [
        'POST /v1/generations HTTP/1.1',
        `Host: 127.0.0.1:${server.port}`,
        `Authorization: Bearer ${key}`,
        'Content-Type: application/json',
        `Content-Length: ${50 * 1024 * 1024}`,
        '',
        '{"prompt":"',
      ].join('\r\n')
      const answer = await new Promise<string>((resolve, reject) => {
        let text = ''
        const socket = connect(server.port, '127.0.0.1', () => socket.write(head))
        socket.setTimeout(15_000, () => reject(new Error(`no answer: ${text}`)))
        socket.on('error', reject)
        socket.on('data', (chunk) => {
          text += chunk.toString()
          if (!text.includes('"request_id"')) return
          socket.destroy()
          resolve(text)
        })
      })
      expect(answer).toMatch(/^HTTP\/1\.1 413 /)
      expect(answer).toContain('body_too_large')
    })

    test('and 50 MB that were not announced as soon as they are too many', async () => {
      let sent = 0
      const chunk = new Uint8Array(64 * 1024).fill(0x20)
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          sent += chunk.length
          if (sent > 50 * 1024 * 1024) controller.close()
          else controller.enqueue(chunk)
        },
      })
      const response = await fetch(`${server.origin}/v1/generations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body,
        duplex: 'half',
      } as RequestInit).catch((error: Error) => error)
      // The server answers and closes; whether a client that is still sending sees the answer is up to its system.
      if (response instanceof Response) {
        expect(await problemOf(response)).toMatchObject({ code: 'body_too_large', status: 413 })
      } else expect(response).toBeInstanceOf(TypeError)
      expect(sent).toBeLessThan(40 * 1024 * 1024)
    })
  })
}
