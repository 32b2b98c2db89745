import { connect, createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { waitUntil } from '../platform/running-process.ts'
import { reserveAddress, startWebServer } from './web-server.ts'

const host = '127.0.0.1'

async function refused(port: number): Promise<boolean> {
  return fetch(`http://${host}:${port}/`).then(
    () => false,
    () => true,
  )
}

describe('the web server', () => {
  test('lets what is under way finish, and takes nothing new', async () => {
    let finish: (response: Response) => void = () => undefined
    let asked = false
    const server = await startWebServer({
      host,
      port: 0,
      fetch: () =>
        new Promise((resolve) => {
          asked = true
          finish = resolve
        }),
    })
    const answer = fetch(`http://${host}:${server.port}/slow`)
    await waitUntil(() => asked, 5000)
    let drained = false
    const draining = server.drain(10_000).then(() => {
      drained = true
    })
    expect(await waitUntil(() => refused(server.port), 5000)).toBe(true)
    expect(drained).toBe(false)
    finish(new Response('done'))
    expect(await (await answer).text()).toBe('done')
    await draining
  })

  test('ends a connection over which nothing moves: a stalled upload, a download that nobody takes', async () => {
    let canceled = false
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
      cancel: () => {
        canceled = true
      },
    })
    const server = await startWebServer({
      host,
      port: 0,
      idleTimeoutMs: 100,
      fetch: async (request) => {
        if (request.method === 'GET') return new Response(endless)
        return new Response(await request.text())
      },
    })
    const ends = [
      'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nsome',
      'GET / HTTP/1.1\r\nhost: a\r\n\r\n',
    ].map((text) => {
      const socket = connect(server.port, host)
      socket.on('error', () => undefined)
      const closed = new Promise<string>((resolve) => socket.once('close', () => resolve('closed')))
      socket.pause()
      socket.write(text)
      return { socket, closed }
    })
    try {
      const [upload, download] = ends
      upload?.socket.resume()
      expect(await upload?.closed).toBe('closed')
      expect(await waitUntil(() => canceled, 5000)).toBe(true)
      download?.socket.resume()
      expect(await download?.closed).toBe('closed')
    } finally {
      for (const { socket } of ends) socket.destroy()
      await server.drain(0)
    }
  })

  test('cuts off what does not end within its time', async () => {
    let asked = false
    const server = await startWebServer({
      host,
      port: 0,
      fetch: () => {
        asked = true
        return new Promise(() => undefined)
      },
    })
    const answer = fetch(`http://${host}:${server.port}/never`).catch((error: Error) => error.name)
    await waitUntil(() => asked, 5000)
    await server.drain(20)
    expect(await answer).toBe('TypeError')
  })

  test('is not held up by connections that wait for their next request', async () => {
    const server = await startWebServer({ host, port: 0, fetch: () => new Response('hello') })
    const kept = await fetch(`http://${host}:${server.port}/`)
    await kept.text()
    await server.drain(60_000)
    expect(await refused(server.port)).toBe(true)
  })

  test.each([
    ['a taken port', host, 'taken', /127\.0\.0\.1:\d+: the port is taken by another program/],
    ['an address of another machine', '203.0.113.7', 0, /this machine does not have that address/],
  ] as const)('says in one sentence that it cannot use %s', async (_name, at, where, message) => {
    const other = createServer().listen(0, host)
    await new Promise((resolve) => other.once('listening', resolve))
    const address = other.address()
    const port = where === 'taken' && typeof address === 'object' && address ? address.port : 0
    try {
      await expect(reserveAddress(at, port)).rejects.toMatchObject({
        code: 'address_unusable',
        message: expect.stringMatching(message),
      })
    } finally {
      other.close()
    }
  })
})
