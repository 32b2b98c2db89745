import { expect, test } from 'vitest'
import { readJson } from './body.ts'

function request(body: RequestInit['body'], headers: Record<string, string> = {}): Request {
  const init = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }
  return new Request('http://localhost/', { ...init, duplex: 'half' } as RequestInit)
}

test('a body in pieces is read whole', async () => {
  const pieces = ['{"prompt":', '"caf', '\u00e9"}'].map((piece) => new TextEncoder().encode(piece))
  expect(await readJson(request(ReadableStream.from(pieces)), 100)).toEqual({ prompt: 'café' })
})

test('a body that never ends is given up, and its sender is told to stop', async () => {
  let isCanceled = false
  const endless = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"prompt":"')),
    cancel: () => {
      isCanceled = true
    },
  })
  await expect(readJson(request(endless), 100, 20)).rejects.toMatchObject({ code: 'body_malformed' })
  expect(isCanceled).toBe(true)
})

test('no more is read than is allowed, whatever the sender announced', async () => {
  let sent = 0
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      sent += 10
      controller.enqueue(new Uint8Array(10).fill(0x20))
    },
  })
  await expect(readJson(request(stream), 100)).rejects.toMatchObject({ code: 'body_too_large' })
  expect(sent).toBeLessThan(200)
  const announced = request('{}', { 'content-length': '101' })
  await expect(readJson(announced, 100)).rejects.toMatchObject({ code: 'body_too_large' })
})

test.each(['{', '', '\u00e9'.repeat(3), '{"a":1}}'])('%j is not JSON', async (text) => {
  await expect(readJson(request(text), 100)).rejects.toMatchObject({ code: 'body_malformed' })
})

test('what a page of another site can send without asking is not taken for JSON', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', '']) {
    const plain = request('{"a":1}', { 'content-type': type })
    await expect(readJson(plain, 100)).rejects.toMatchObject({ code: 'request_invalid' })
  }
})
