import {
  type Asset,
  asset,
  type CreditBalance,
  creditBalance,
  finalStates,
  type Generation,
  type GenerationParameters,
  generation,
  type Model,
  model,
  type Page,
  page,
  type Quote,
  quote,
} from '@backlot/contract'
import { BacklotError } from './error.ts'

export interface BacklotOptions {
  /** Such as `https://video.example.org`. */
  readonly origin: string
  /** An API key; it is sent to `origin` and nowhere else. */
  readonly key: string
  /** Deadline of one call. Default 30 s. */
  readonly timeoutMs?: number
  readonly fetch?: typeof fetch
}

export interface WaitOptions {
  /** How long to wait in all. Default 10 minutes; the generation goes on when it is over. */
  readonly deadlineMs?: number
  readonly onChange?: (generation: Generation) => void
  readonly signal?: AbortSignal
}

export type Settings = Partial<GenerationParameters> & Pick<GenerationParameters, 'model' | 'prompt'>

/** The public API, typed. Every answer is checked against the contract. */
export interface Backlot {
  models(): Promise<Model[]>
  credits(): Promise<CreditBalance>
  quote(settings: Partial<GenerationParameters> & Pick<GenerationParameters, 'model'>): Promise<Quote>
  /**
   * Starts a generation. Give the same `idempotencyKey` when you try again after a lost answer: it then makes one
   * generation, however often it is sent. Without one, a new key is made for this call and used for its own retries.
   */
  generate(settings: Settings & { max_cost?: number }, idempotencyKey?: string): Promise<Generation>
  generation(id: string): Promise<Generation>
  generations(query?: { limit?: number; after?: string }): Promise<Page<Generation>>
  /** Asks until the generation has ended, and answers it however it ended. */
  wait(id: string, options?: WaitOptions): Promise<Generation>
  cancel(id: string): Promise<Generation>
  delete(id: string): Promise<void>
  /** Uploads an image to be used as a reference. */
  upload(image: Blob, fileName?: string): Promise<Asset>
  /** The bytes of an output; `range` as in an HTTP Range header. */
  content(asset: Asset, range?: string): Promise<Response>
}

const retriesMax = 3
const pollFirstMs = 400
const pollLongestMs = 5_000

export function createBacklot(options: BacklotOptions): Backlot {
  const send = options.fetch ?? fetch
  const timeoutMs = options.timeoutMs ?? 30_000

  async function once(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${options.key}`)
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(init.signal ? [init.signal] : [])])
    return send(new URL(path, options.origin), { ...init, headers, signal, redirect: 'error' })
  }

  /** Tries again what is safe to try again: reads, and writes that carry an Idempotency-Key. */
  async function call(path: string, init: RequestInit = {}): Promise<Response> {
    const isSafe = (init.method ?? 'GET') === 'GET' || new Headers(init.headers).has('idempotency-key')
    for (let tried = 0; ; tried += 1) {
      try {
        const response = await once(path, init)
        if (response.ok) return response
        const error = await BacklotError.from(response)
        const mayRetry = isSafe && tried < retriesMax && [429, 502, 503, 504].includes(response.status)
        if (!mayRetry) throw error
        await pause(
          Math.min(30, Number(response.headers.get('retry-after')) || 2 ** tried) * 1000,
          init.signal,
        )
      } catch (error) {
        if (error instanceof BacklotError || !isSafe || tried >= retriesMax || init.signal?.aborted)
          throw error
        await pause(250 * 2 ** tried, init.signal)
      }
    }
  }

  const json = async (path: string, init?: RequestInit): Promise<unknown> => (await call(path, init)).json()
  const post = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

  async function get(id: string, signal?: AbortSignal): Promise<Generation> {
    const init = signal ? { signal } : {}
    return generation.parse(await json(`/v1/generations/${encodeURIComponent(id)}`, init))
  }

  return {
    async models() {
      const { data } = (await json('/v1/models')) as { data: unknown[] }
      return data.map((one) => model.parse(one))
    },
    async credits() {
      return creditBalance.parse(await json('/v1/credits'))
    },
    async quote(settings) {
      return quote.parse(await json('/v1/quotes', post(settings)))
    },
    async generate(settings, idempotencyKey = crypto.randomUUID()) {
      return generation.parse(
        await json('/v1/generations', post(settings, { 'idempotency-key': idempotencyKey })),
      )
    },
    generation: (id) => get(id),
    async generations(query = {}) {
      const search = new URLSearchParams()
      if (query.limit !== undefined) search.set('limit', String(query.limit))
      if (query.after !== undefined) search.set('after', query.after)
      return page(generation).parse(await json(`/v1/generations?${search}`))
    },
    async wait(id, { deadlineMs = 600_000, onChange, signal } = {}) {
      const end = performance.now() + deadlineMs
      let seen = ''
      for (let delayMs = pollFirstMs; ; delayMs = Math.min(pollLongestMs, delayMs * 1.2)) {
        const now = await get(id, signal)
        const key = `${now.state} ${now.phase} ${now.progress} ${now.queue_place}`
        if (key !== seen) onChange?.(now)
        seen = key
        if (finalStates.includes(now.state)) return now
        if (performance.now() + delayMs > end)
          throw new Error(`${id} is still ${now.state} after ${deadlineMs} ms`)
        await pause(delayMs, signal)
      }
    },
    async cancel(id) {
      return generation.parse(
        await json(`/v1/generations/${encodeURIComponent(id)}/cancel`, { method: 'POST' }),
      )
    },
    async delete(id) {
      await call(`/v1/generations/${encodeURIComponent(id)}`, { method: 'DELETE' })
    },
    async upload(image, fileName) {
      const form = new FormData()
      form.set('file', image, fileName)
      return asset.parse(await json('/v1/uploads', { method: 'POST', body: form }))
    },
    async content(output, range) {
      return call(output.urls.content, range ? { headers: { range } } : {})
    },
  }
}

function pause(ms: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        reject(signal.reason as Error)
      },
      { once: true },
    )
  })
}
