import type { CreateGeneration, Generation, Quote } from '@backlot/contract'
import { announce } from '../../lib/announce.ts'
import { ApiError, call, problemOf } from '../../lib/api.ts'
import { addPending, putGeneration, removePending } from '../../lib/generation-cache.ts'
import { phaseWords, shorten } from '../../lib/generation-words.ts'
import { keys } from '../../lib/keys.ts'
import { refreshMoney } from '../../lib/live.ts'
import { queryClient } from '../../lib/query-client.ts'
import { randomKey } from '../../lib/random-key.ts'

// A lost answer is asked for again under the same key, so a weak connection never pays twice.
const resendAfterMs = [800, 2500, 6000]

/** The price of these settings, from the server: the number that will be charged. */
export function quoteOptions(request: object) {
  return {
    queryKey: [...keys.quotes, request],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      call<Quote>('/v1/quotes', { method: 'POST', json: request, signal }),
    staleTime: 20_000,
  }
}

// A request whose answer never came may have arrived all the same. Pressed again unchanged, it keeps its key.
let unanswered: { readonly key: string; readonly body: string } | null = null

/**
 * One press of the button: a tile at once, one Idempotency-Key, and never more than the price that was shown.
 *
 * @throws ApiError when it was refused (nothing was charged) or when no answer came; the tile is gone then
 */
export async function submit(request: CreateGeneration): Promise<Generation> {
  const body = JSON.stringify(request)
  const key = unanswered?.body === body ? unanswered.key : randomKey()
  unanswered = null
  addPending({ key, parameters: request, atMs: Date.now() })
  try {
    const generation = await send(request, key)
    putGeneration(generation)
    announce(`Accepted: ${shorten(generation.prompt, 60)}. ${phaseWords(generation)}.`)
    return generation
  } catch (error) {
    if (!(error instanceof ApiError) || error.problem.status !== 0) throw error
    unanswered = { key, body }
    throw new ApiError({
      ...error.problem,
      detail:
        'The server did not answer. If the request reached it, the tile appears here by itself; if not, nothing was charged. Pressing again cannot charge twice.',
    })
  } finally {
    removePending(key)
    refreshMoney()
  }
}

async function send(request: CreateGeneration, key: string): Promise<Generation> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call<Generation>('/v1/generations', {
        method: 'POST',
        json: request,
        headers: { 'idempotency-key': key },
      })
    } catch (error) {
      const waitMs = resendAfterMs[attempt]
      if (problemOf(error)?.status !== 0 || waitMs === undefined) throw error
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
  }
}

/** Pressing "Try again" on a tile: the same request, at the price it had or less. */
export async function submitAgain(generation: Generation): Promise<Generation> {
  return submit({
    model: generation.model,
    prompt: generation.prompt,
    seconds: generation.seconds,
    aspect_ratio: generation.aspect_ratio,
    resolution: generation.resolution,
    seed: generation.seed,
    n: generation.n,
    audio: generation.audio,
    ...(generation.reference_asset_id ? { reference_asset_id: generation.reference_asset_id } : {}),
    max_cost: generation.credits.quoted,
  })
}

export function forgetQuotes(): void {
  void queryClient.invalidateQueries({ queryKey: keys.quotes })
}
