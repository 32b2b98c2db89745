import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { silentLog } from '../log.ts'
import { guardedLookup } from './guarded-lookup.ts'
import { createOutbound, type Outbound, type OutboundOptions, wasNeverSent } from './index.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function outbound(options: Partial<OutboundOptions> = {}): Outbound {
  const made = createOutbound({ log: silentLog, ...options })
  closers.push(() => made.close())
  return made
}

async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  response.setHeader('content-type', 'application/json')
  const body = Buffer.concat(pieces).toString()
  response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }))
}

describe('fetch', () => {
  test('sends to a configured origin and answers like the global one', async () => {
    const origin = await serve(echo)
    const { fetch } = outbound({ allowedOrigins: [origin] })
    const answer = await fetch(`${origin}/a?b=1#c`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer x' },
      body: '{"ä":1}',
    })
    expect(answer.ok).toBe(true)
    expect(await answer.json()).toMatchObject({
      method: 'POST',
      url: '/a?b=1',
      body: '{"ä":1}',
      headers: { authorization: 'Bearer x', 'accept-encoding': 'identity' },
    })
  })

  test('encodes forms and takes Request objects', async () => {
    const origin = await serve(echo)
    const { fetch } = outbound({ allowedOrigins: [origin] })
    const form = new FormData()
    form.set('file', new Blob(['content']), 'a.png')
    const sent = (await (await fetch(new Request(`${origin}/`, { method: 'PUT', body: form }))).json()) as {
      headers: Record<string, string>
      body: string
    }
    expect(sent.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
    expect(sent.body).toContain('filename="a.png"')
  })

  test('returns errors and empty answers as they are', async () => {
    const origin = await serve((request, response) => {
      response.statusCode = request.url === '/empty' ? 204 : 503
      response.end(request.url === '/empty' ? undefined : 'later')
    })
    const { fetch } = outbound({ allowedOrigins: [origin] })
    expect((await fetch(`${origin}/empty`)).status).toBe(204)
    const busy = await fetch(`${origin}/busy`)
    expect([busy.status, await busy.text()]).toEqual([503, 'later'])
  })

  test('refuses what is not public, before and after the name is resolved, and says that nothing was sent', async () => {
    let requests = 0
    const origin = await serve((_request, response) => {
      requests += 1
      response.end()
    })
    const port = new URL(origin).port
    const resolve = async (hostname: string) => {
      if (hostname === 'mixed.test') {
        return [
          { address: '93.184.216.34', family: 4 },
          { address: '127.0.0.1', family: 4 },
        ]
      }
      return [{ address: hostname === 'mapped.test' ? '::ffff:7f00:1' : '127.0.0.1', family: 4 }]
    }
    const { fetch } = outbound({ resolve })
    for (const host of ['127.0.0.1', 'localhost', 'rebind.test', 'mixed.test', 'mapped.test', '0177.0.0.1']) {
      const error = await fetch(`http://${host}:${port}/`).catch((caught: unknown) => caught)
      expect(error).toMatchObject({ code: 'address_refused' })
      expect(wasNeverSent(error)).toBe(true)
    }
    expect(requests).toBe(0)
    // The same name is fine where the operator configured it.
    const own = outbound({ resolve, allowedOrigins: [`http://rebind.test:${port}`] })
    expect((await own.fetch(`http://rebind.test:${port}/`)).status).toBe(200)
  })

  test('refuses redirects out of the configured origin into the private network', async () => {
    let reached = false
    const inner = await serve((_request, response) => {
      reached = true
      response.end('secret')
    })
    const origin = await serve((_request, response) => response.writeHead(302, { location: inner }).end())
    const { fetch, forOrigins } = outbound({ allowedOrigins: [origin] })
    await expect(fetch(origin)).rejects.toMatchObject({ code: 'address_refused' })
    expect(reached).toBe(false)
    expect(await (await forOrigins([origin, inner]).fetch(origin)).text()).toBe('secret')
  })

  test('follows five redirects and not six', async () => {
    const origin = await serve((request, response) => {
      const left = Number(request.url?.slice(1))
      if (left === 0) response.end('there')
      else response.writeHead(302, { location: `/${left - 1}` }).end()
    })
    const { fetch } = outbound({ allowedOrigins: [origin] })
    const answer = await fetch(`${origin}/5`)
    expect([await answer.text(), answer.url]).toEqual(['there', `${origin}/0`])
    await expect(fetch(`${origin}/6`)).rejects.toMatchObject({ code: 'redirect_refused' })
  })

  test('stops reading above the size limit, announced or not', async () => {
    const origin = await serve((request, response) => {
      if (request.url === '/announced') response.setHeader('content-length', 2000)
      response.write(Buffer.alloc(1000))
      response.end(Buffer.alloc(1000))
    })
    const { fetch } = outbound({ allowedOrigins: [origin] })
    await expect(fetch(`${origin}/announced`, { bytesMax: 1999 })).rejects.toMatchObject({
      code: 'too_large',
    })
    const chunked = await fetch(`${origin}/chunked`, { bytesMax: 1999 })
    await expect(chunked.arrayBuffer()).rejects.toMatchObject({ code: 'too_large' })
    expect((await (await fetch(`${origin}/chunked`, { bytesMax: 2000 })).arrayBuffer()).byteLength).toBe(2000)
  })

  test('ends silent answers: headers, body and the whole', async () => {
    const origin = await serve((request, response) => {
      if (request.url === '/headers') return
      response.write('start')
      if (request.url === '/idle') return
      const timer = setInterval(() => response.write('.'), 5)
      response.on('close', () => clearInterval(timer))
    })
    const { fetch } = outbound({ allowedOrigins: [origin] })
    const headers = fetch(`${origin}/headers`, { deadlines: { headersMs: 20 } })
    await expect(headers).rejects.toMatchObject({ code: 'timeout', maybeSent: true })
    const idle = await fetch(`${origin}/idle`, { deadlines: { idleMs: 20 } })
    await expect(idle.text()).rejects.toMatchObject({ code: 'timeout' })
    const whole = fetch(`${origin}/drip`, { deadlines: { totalMs: 100 } }).then((answer) => answer.text())
    await expect(whole).rejects.toMatchObject({ code: 'timeout' })
  })

  test('ends with the reason of the signal', async () => {
    const origin = await serve(() => undefined)
    const { fetch } = outbound({ allowedOrigins: [origin] })
    const controller = new AbortController()
    const waiting = fetch(origin, { signal: controller.signal })
    controller.abort(new Error('changed my mind'))
    await expect(waiting).rejects.toThrow('changed my mind')
  })

  test('tells a request that may have arrived from one that cannot have', async () => {
    const origin = await serve((request) => request.socket.destroy())
    const { fetch } = outbound({ allowedOrigins: [origin] })
    const broken = await fetch(origin, { method: 'POST', body: 'x' }).catch((caught: unknown) => caught)
    expect(broken).toMatchObject({ code: 'network', maybeSent: true })
    const closed = await serve(() => undefined)
    await closers.pop()?.()
    const refused = await outbound({ allowedOrigins: [closed] })
      .fetch(closed, { method: 'POST', body: 'x' })
      .catch((caught: unknown) => caught)
    expect(wasNeverSent(new Error('wrapped', { cause: refused }))).toBe(true)
    expect(wasNeverSent(broken)).toBe(false)
    expect(wasNeverSent(new Error('of somebody else'))).toBe(false)
  })
})

test('the look-up gives the socket the addresses that were judged, looked up once', async () => {
  let asked = 0
  const judged = [{ address: '93.184.216.34', family: 4 }]
  const lookup = guardedLookup(async () => {
    asked += 1
    return asked === 1 ? judged : [{ address: '127.0.0.1', family: 4 }]
  }, true)
  const found = await new Promise((resolve) =>
    lookup('once.test', { all: true }, (error, addresses) => resolve(error ?? addresses)),
  )
  expect(found).toEqual(judged)
  expect(asked).toBe(1)
})
