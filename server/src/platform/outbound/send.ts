import { type Readable, Transform } from 'node:stream'
import { Agent, request } from 'undici'
import { guardedLookup, type Resolve } from './guarded-lookup.ts'
import { fromClientFailure, OutboundError } from './outbound-error.ts'
import { type AddressRules, checkUrl, followRedirect, type Hop, redirectsMax } from './request-rules.ts'

/** Times in milliseconds. */
export interface Deadlines {
  /** Until the answer's headers are there. */
  readonly headersMs: number
  /** The longest pause within the answer's body. */
  readonly idleMs: number
  /** Everything together, redirects and body included. */
  readonly totalMs: number
}

export interface Answer {
  readonly url: URL
  readonly status: number
  readonly headers: Headers
  /** Counted against the size limit and bound by the deadlines; destroy it when it is not read to the end. */
  readonly body: Readable
}

export interface Agents {
  of(url: URL, rules: AddressRules): Agent
  close(): Promise<void>
}

export function createAgents(resolve: Resolve, connectMs: number): Agents {
  const agentWith = (isGuarded: boolean) =>
    new Agent({
      connect: { lookup: guardedLookup(resolve, isGuarded), timeout: connectMs },
      keepAliveTimeout: 10_000,
      keepAliveMaxTimeout: 60_000,
      connections: 64,
    })
  // Two pools, so that a connection opened for a configured origin never serves an address from outside.
  const guarded = agentWith(true)
  const open = agentWith(false)
  return {
    of: (url, rules) => (rules.origins.has(url.origin) ? open : guarded),
    async close() {
      await Promise.all([guarded.destroy(), open.destroy()])
    },
  }
}

/** Sends a request and follows its redirects, each judged like the first. */
export async function send(
  agents: Agents,
  first: Hop,
  rules: AddressRules,
  limits: { bytesMax: number; deadlines: Deadlines; signal: AbortSignal | undefined },
): Promise<Answer> {
  const { deadlines } = limits
  const total = AbortSignal.timeout(deadlines.totalMs)
  const signal = limits.signal ? AbortSignal.any([limits.signal, total]) : total
  const translate = (error: unknown, hasAnswer: boolean): unknown => {
    if (limits.signal?.aborted) return limits.signal.reason
    if (!total.aborted) return fromClientFailure(error, hasAnswer)
    return new OutboundError('timeout', 'the whole request took too long', { maybeSent: true, cause: error })
  }

  checkUrl(first.url, rules)
  let hop = first
  for (let redirects = 0; ; redirects += 1) {
    limits.signal?.throwIfAborted()
    const answer = await request(hop.url, {
      dispatcher: agents.of(hop.url, rules),
      method: hop.method as 'GET',
      headers: Object.fromEntries(hop.headers),
      body: hop.body ?? null,
      headersTimeout: deadlines.headersMs,
      bodyTimeout: deadlines.idleMs,
      signal,
    }).catch((error: unknown) => {
      throw translate(error, redirects > 0)
    })
    const headers = toHeaders(answer.headers)
    const discard = () => {
      answer.body.on('error', () => undefined)
      answer.body.destroy()
    }
    let next: Hop | null
    try {
      next = followRedirect(hop, answer.statusCode, headers.get('location'), rules)
    } catch (error) {
      discard()
      throw error
    }
    if (!next) {
      const announced = Number(headers.get('content-length') ?? 0)
      if (announced > limits.bytesMax && hop.method !== 'HEAD') {
        discard()
        throw tooLarge(limits.bytesMax)
      }
      const body = limited(answer.body, limits.bytesMax, (error) => translate(error, true))
      return { url: hop.url, status: answer.statusCode, headers, body }
    }
    discard()
    if (redirects === redirectsMax) {
      throw new OutboundError('redirect_refused', 'too many redirects', { maybeSent: true })
    }
    hop = next
  }
}

/** Passes a body on until it is above the limit, with its failures translated. */
function limited(source: Readable, bytesMax: number, translate: (error: unknown) => unknown): Readable {
  let bytes = 0
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > bytesMax) done(tooLarge(bytesMax))
      else done(null, chunk)
    },
    destroy(error, done) {
      source.destroy()
      done(error)
    },
  })
  source.on('error', (error) => {
    const translated = translate(error)
    counted.destroy(translated instanceof Error ? translated : new Error('aborted', { cause: translated }))
  })
  // A body that breaks before anybody reads it must not end the process; whoever reads it still gets the error.
  counted.on('error', () => undefined)
  source.pipe(counted)
  return counted
}

function tooLarge(bytesMax: number): OutboundError {
  return new OutboundError('too_large', `the answer is larger than ${bytesMax} bytes`, { maybeSent: true })
}

function toHeaders(raw: Record<string, string | string[] | undefined>): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(raw)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined) headers.append(name, each)
    }
  }
  return headers
}
