import type { Identity } from '../../platform/http/index.ts'

/** What the database says about one session or key. */
export interface Standing {
  readonly identity: Identity
  readonly suspended: boolean
  /** False until the person has accepted the terms; keys are made only afterwards, so theirs is always true. */
  readonly termsAccepted: boolean
  readonly expiresAt: Date | null
}

export interface IdentityCache {
  get(proof: string, now: Date): Standing | undefined
  set(proof: string, standing: Standing, now: Date): void
  /** Forgets every session and key for which `matches` holds. */
  forget(matches: (identity: Identity) => boolean): void
  /** Rises with every `forget`: what was read before must not be put in afterwards. */
  readonly generation: number
}

/**
 * Remembers who asks for a few seconds, so that a page of tiles does not mean a query each. What this process ends is
 * forgotten at once; what another process ends, after `lifetimeMs` at most.
 */
export function createIdentityCache(options: { lifetimeMs: number; entriesMax: number }): IdentityCache {
  const entries = new Map<string, { standing: Standing; untilMs: number }>()
  let generation = 0
  return {
    get generation() {
      return generation
    },
    get(proof, now) {
      const entry = entries.get(proof)
      if (!entry) return undefined
      const expired = entry.standing.expiresAt && entry.standing.expiresAt <= now
      if (entry.untilMs <= now.getTime() || expired) {
        entries.delete(proof)
        return undefined
      }
      return entry.standing
    },
    set(proof, standing, now) {
      // Map keeps insertion order, so the first is the oldest.
      const oldest = entries.size >= options.entriesMax ? entries.keys().next().value : undefined
      if (oldest !== undefined) entries.delete(oldest)
      entries.set(proof, { standing, untilMs: now.getTime() + options.lifetimeMs })
    },
    forget(matches) {
      generation += 1
      for (const [proof, entry] of entries) if (matches(entry.standing.identity)) entries.delete(proof)
    },
  }
}
