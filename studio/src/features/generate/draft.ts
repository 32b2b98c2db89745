import type { AspectRatio, CreateGeneration, Generation, Model, Resolution } from '@backlot/contract'
import { useSyncExternalStore } from 'react'

/** An uploaded image that the next generation refers to. */
export interface Reference {
  readonly id: string
  readonly url: string
  readonly name: string
}

/** What stands in the composer. */
export interface Draft {
  readonly model: string
  readonly prompt: string
  readonly seconds: number
  readonly aspect_ratio: AspectRatio
  readonly resolution: Resolution
  readonly seed: number | null
  readonly n: number
  readonly audio: boolean
  readonly reference: Reference | null
}

export const emptyDraft: Draft = {
  model: '',
  prompt: '',
  seconds: 4,
  aspect_ratio: '16:9',
  resolution: '720p',
  seed: null,
  n: 1,
  audio: true,
  reference: null,
}

/**
 * The draft with every setting moved to what the model can do: the nearest length, the first shape and size that
 * exists, and nothing that it has no control for.
 */
export function fitToModel(draft: Draft, model: Model): Draft {
  const can = model.capabilities
  return {
    ...draft,
    model: model.id,
    seconds: Math.min(can.seconds.max, Math.max(can.seconds.min, draft.seconds)),
    aspect_ratio: nearest(draft.aspect_ratio, can.aspect_ratios),
    resolution: nearest(draft.resolution, can.resolutions),
    n: Math.min(can.outputs_max, Math.max(1, draft.n)),
    seed: can.seed ? draft.seed : null,
    audio: can.audio === 'always' || (can.audio === 'optional' && draft.audio),
    reference: can.image_roles.includes('reference') ? draft.reference : null,
  }
}

function nearest<Value>(wish: Value, possible: readonly Value[]): Value {
  return possible.includes(wish) ? wish : (possible[0] ?? wish)
}

/** The settings without the prompt: all that a price depends on. */
export function toQuoteRequest(draft: Draft) {
  return {
    model: draft.model,
    seconds: draft.seconds,
    aspect_ratio: draft.aspect_ratio,
    resolution: draft.resolution,
    n: draft.n,
    audio: draft.audio,
    ...(draft.seed === null ? {} : { seed: draft.seed }),
    ...(draft.reference ? { reference_asset_id: draft.reference.id } : {}),
  }
}

export function toRequest(draft: Draft): CreateGeneration {
  return { ...toQuoteRequest(draft), prompt: draft.prompt.trim() }
}

/** The draft that would make the same generation again. */
export function fromGeneration(generation: Generation, reference: Reference | null): Draft {
  return {
    model: generation.model,
    prompt: generation.prompt,
    seconds: generation.seconds,
    aspect_ratio: generation.aspect_ratio,
    resolution: generation.resolution,
    seed: generation.seed,
    n: generation.n,
    audio: generation.audio,
    reference,
  }
}

// The prompt outlives a reload but not the tab: what one wrote does not stay on a shared machine.
const storageKey = 'backlot.draft'

function stored(): Draft {
  try {
    const text = sessionStorage.getItem(storageKey)
    return text === null ? emptyDraft : { ...emptyDraft, ...(JSON.parse(text) as Partial<Draft>) }
  } catch {
    return emptyDraft
  }
}

let draft: Draft = typeof sessionStorage === 'undefined' ? emptyDraft : stored()
const listeners = new Set<() => void>()

export function setDraft(change: Partial<Draft>): void {
  draft = { ...draft, ...change }
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(draft))
  } catch {
    // It then lasts as long as the page.
  }
  for (const listener of listeners) listener()
}

export function useDraft(): Draft {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => draft,
  )
}
