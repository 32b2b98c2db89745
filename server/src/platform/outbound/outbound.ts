import { Readable } from 'node:stream'
import type { Logger } from '../log.ts'
import { type Downloaded, type DownloadPace, downloadTo } from './download.ts'
import { type Resolve, resolveBySystem } from './guarded-lookup.ts'
import { OutboundError } from './outbound-error.ts'
import type { Hop } from './request-rules.ts'
import { type Answer, createAgents, type Deadlines, send } from './send.ts'

export interface RequestLimits {
  /** Largest body of an answer; 64 MiB when not given. */
  bytesMax?: number
  /** The only hosts that may be asked, redirects included; see `matchesHost`. Without it, all public ones. */
  hosts?: readonly string[]
  deadlines?: Partial<Deadlines>
}

export interface DownloadOptions {
  bytesMax: number
  hosts?: readonly string[]
  signal?: AbortSignal
  deadlines?: Partial<Deadlines>
  /** Sent to the first origin only. */
  headers?: Record<string, string>
}

/**
 * The one way out to addresses that users or upstreams gave. It reaches public addresses only, judged after the name
 * is resolved and again at every redirect, and nothing about it is without a limit.
 */
export interface Outbound {
  /**
   * Like the global `fetch`, so that client libraries take it as theirs. Redirects are followed (5 at most), answers
   * of any status are returned, compressed bodies are not asked for.
   *
   * @throws OutboundError, whose `maybeSent` tells whether the other side can have seen the request; the reason of
   *   the signal when that ended it
   */
  fetch(input: string | URL | Request, init?: RequestInit & RequestLimits): Promise<Response>
  /**
   * Fetches a file into `toPath`, going on where a broken transfer stopped.
   *
   * @throws OutboundError `status` when the answer is an error, else as `fetch`; `toPath` may then hold a part
   */
  download(url: string | URL, toPath: string, options: DownloadOptions): Promise<Downloaded>
  /** The same client with other origins that may lie on a private network: the ones of one configured provider. */
  forOrigins(origins: readonly string[]): Outbound
  close(): Promise<void>
}

const defaults: Deadlines = { headersMs: 60_000, idleMs: 30_000, totalMs: 15 * 60_000 }
const bodyBytesMax = 64 * 1024 * 1024

export interface OutboundOptions {
  log: Logger
  /** Exact origins (`http://127.0.0.1:8188`) that the operator configured; only they may be private. */
  allowedOrigins?: readonly string[]
  deadlines?: Partial<Deadlines>
  connectMs?: number
  downloadPace?: Partial<DownloadPace>
  /** Looks names up; for tests. */
  resolve?: Resolve
}

export function createOutbound(options: OutboundOptions): Outbound {
  const agents = createAgents(options.resolve ?? resolveBySystem, options.connectMs ?? 10_000)
  const standard: Deadlines = { ...defaults, ...options.deadlines }
  const pace: DownloadPace = { emptyAttemptsMax: 4, attemptsMax: 30, pauseMs: 250, ...options.downloadPace }

  function over(allowedOrigins: readonly string[]): Outbound {
    const origins = new Set(allowedOrigins.map((origin) => new URL(origin).origin))

    async function ask(hop: Hop, limits: RequestLimits, signal: AbortSignal | undefined): Promise<Answer> {
      const startMs = performance.now()
      const answer = await send(
        agents,
        hop,
        { origins, hosts: limits.hosts },
        {
          bytesMax: limits.bytesMax ?? bodyBytesMax,
          deadlines: { ...standard, ...limits.deadlines },
          signal,
        },
      )
      const ms = Math.round(performance.now() - startMs)
      options.log.debug({ host: answer.url.host, status: answer.status, ms }, 'outgoing request')
      return answer
    }

    return {
      async fetch(input, init = {}) {
        const { bytesMax, hosts, deadlines, ...standardInit } = init
        const request = toRequest(input, standardInit)
        const body = request.body ? new Uint8Array(await request.arrayBuffer()) : undefined
        const headers = new Headers(request.headers)
        headers.set('accept-encoding', 'identity')
        if (!headers.has('accept')) headers.set('accept', '*/*')
        const url = new URL(request.url)
        url.hash = ''
        const answer = await ask(
          { url, method: request.method, headers, body },
          { bytesMax, hosts, deadlines },
          init.signal ?? request.signal,
        )
        return toResponse(answer, request.method)
      },
      download(url, toPath, download) {
        const target = parseUrl(url)
        const get = (rangeHeaders: Headers) => {
          const headers = new Headers(download.headers)
          headers.set('accept-encoding', 'identity')
          for (const [name, value] of rangeHeaders) headers.set(name, value)
          return ask({ url: target, method: 'GET', headers, body: undefined }, download, download.signal)
        }
        return downloadTo(toPath, get, { bytesMax: download.bytesMax, pace, signal: download.signal })
      },
      forOrigins: over,
      close: () => agents.close(),
    }
  }

  return over(options.allowedOrigins ?? [])
}

/** The platform's own `Request` encodes forms and streams and joins what `input` and `init` say. */
function toRequest(input: string | URL | Request, init: RequestInit): Request {
  if (!(input instanceof Request)) parseUrl(input)
  const stream = init.body instanceof ReadableStream ? { duplex: 'half' } : {}
  return new Request(input, { ...init, ...stream } as RequestInit)
}

function parseUrl(url: string | URL): URL {
  const parsed = URL.parse(String(url))
  if (!parsed) throw new OutboundError('address_refused', 'this is not an address', { maybeSent: false })
  if (parsed.username !== '' || parsed.password !== '') {
    throw new OutboundError('address_refused', 'the address contains credentials', { maybeSent: false })
  }
  return parsed
}

function toResponse(answer: Answer, method: string): Response {
  const isEmpty = method === 'HEAD' || [204, 205, 304].includes(answer.status)
  if (isEmpty) answer.body.resume()
  const body = isEmpty ? null : (Readable.toWeb(answer.body) as ReadableStream<Uint8Array>)
  const response = new Response(body, { status: answer.status, headers: answer.headers })
  Object.defineProperty(response, 'url', { value: answer.url.href })
  return response
}
