import { createGenerationRoom } from '../server/test/generation-room.ts'
import { type ScriptedProvider, scriptedProvider } from '../server/test/standins/scripted-provider.ts'
import { until } from '../server/test/until.ts'
import type { BenchDatabases } from './database.ts'

/** When things happened to one generation, in milliseconds of `performance.now()`. */
export interface Moments {
  readonly pressedMs: number
  readonly acceptedMs: number
  readonly startedMs: number
  readonly deliveredMs: number
}

export type Lot = Awaited<ReturnType<typeof openLot>>

/**
 * The service of generations on a database of its own, before an upstream of `slots` slots where every run takes
 * `runMs`. The upstream itself costs next to nothing, so what is measured is ours.
 */
export async function openLot(
  databases: BenchDatabases,
  options: { slots: number; simultaneousMax: number; runMs: number },
) {
  const database = await databases.create()
  const startedAtMs = new Map<number, number>()
  const deliveredAtMs = new Map<string, number>()
  let acceptedMs = 0

  const provider: ScriptedProvider = scriptedProvider({ runDeadlineMs: 600_000 })
  provider.behave('run')
  const { start } = provider
  Object.assign(provider, {
    pace: { firstMs: 50, longestMs: 1_000 },
    async start(request: Parameters<typeof start>[0], signal: AbortSignal) {
      startedAtMs.set(request.seed, performance.now())
      setTimeout(() => provider.complete(request.reference), options.runMs).unref()
      return start(request, signal)
    },
  })
  const world = await createGenerationRoom(database, {
    provider,
    runningMax: options.slots,
    simultaneousMax: options.simultaneousMax,
    outstandingMax: 10_000,
  })
  const { events } = world.room
  Object.assign(world.room, {
    reached(step: string) {
      if (step === 'accept.after_commit') acceptedMs = performance.now()
    },
    events: {
      ...events,
      append: async (tx: Parameters<typeof events.append>[0], event: Parameters<typeof events.append>[1]) => {
        if (event.type === 'generation.delivered' && 'afterCommit' in tx)
          (tx as { afterCommit(action: () => void): void }).afterCommit(() =>
            deliveredAtMs.set(event.subjectId, performance.now()),
          )
        return events.append(tx, event)
      },
    },
  })
  let seed = 1

  return {
    world,
    database,
    provider,
    /** One generation from the press to its delivery. Nobody else may press on this lot meanwhile. */
    async watchOne(who: { accountId: string; userId: string }): Promise<Moments> {
      seed += 1
      const mine = seed
      const pressedMs = performance.now()
      const { id } = await world.generations.create(who, world.request({ seed: mine }), null)
      const accepted = acceptedMs
      await until(() => deliveredAtMs.has(id), 'a delivery', 60_000)
      return {
        pressedMs,
        acceptedMs: accepted,
        startedMs: startedAtMs.get(mine) ?? Number.NaN,
        deliveredMs: deliveredAtMs.get(id) ?? Number.NaN,
      }
    },
    async close() {
      await world.close()
      await database.drop()
    },
  }
}
