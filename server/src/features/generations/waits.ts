import type { Database } from '../../platform/db/index.ts'
import { selectTypicalSeconds } from './statistics-store.ts'

/** What this deployment's own history says about waiting. Read at most twice a minute per model. */
export interface Waits {
  /** Median seconds from start to delivered of the last fifty; null before there are three. */
  typicalSeconds(modelId: string): Promise<number | null>
}

const keptMs = 30_000

export function createWaits(db: Database): Waits {
  const known = new Map<string, { value: Promise<number | null>; readAtMs: number }>()
  return {
    typicalSeconds(modelId) {
      const entry = known.get(modelId)
      if (entry && performance.now() - entry.readAtMs < keptMs) return entry.value
      const value = selectTypicalSeconds(db, modelId).catch(() => null)
      known.set(modelId, { value, readAtMs: performance.now() })
      return value
    },
  }
}
