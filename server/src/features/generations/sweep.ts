import { forgetOperations } from './attempt-store.ts'
import { finish } from './finish.ts'
import type { GenerationKey } from './generation.ts'
import { forgetUndelivered, lockGeneration, selectOverdueQueued } from './generation-store.ts'
import { promoteStranded } from './line-store.ts'
import { lineTopic, type Room } from './room.ts'

/**
 * Moves what nobody else moves: queued generations whose time is up, and held ones that a rolled-back ending left
 * behind. Everything else that is overdue is looked at by a worker anyway, because it is due.
 *
 * @returns how many rows it moved; safe to run on any number of processes
 */
export async function sweepGenerations(room: Room, limit = 200): Promise<number> {
  let moved = 0
  for (const key of await selectOverdueQueued(room.db, room.clock.now(), limit)) {
    // One that cannot be ended must not keep all the others waiting behind it.
    const isEnded = await endOverdue(room, key).catch((error: Error) => {
      room.log.error({ generationId: key.id, err: error }, 'an overdue generation could not be ended')
      return false
    })
    if (isEnded) moved += 1
  }
  const promoted = await promoteStranded(room.db, limit)
  if (promoted > 0) room.hints.hint(lineTopic)
  return moved + promoted
}

async function endOverdue(room: Room, key: GenerationKey): Promise<boolean> {
  return room.db.transaction(async (tx) => {
    const generation = await lockGeneration(tx, key)
    if (generation?.state !== 'queued') return false
    await finish(room, tx, generation, {
      state: 'failed',
      fault: {
        code: 'provider_timeout',
        message: 'No slot became free in time. Nothing was charged; your credits are back. Try again later.',
      },
    })
    return true
  })
}

const dayMs = 86_400_000

/**
 * Forgets what people wrote for generations that came to nothing, when the profile says so, and what upstreams told
 * us about runs that are over (kept for a day, for whoever looks into a failure).
 */
export async function forgetGenerations(
  room: Room,
  failedPromptsDays: number,
  limit = 1_000,
): Promise<number> {
  const now = room.clock.now().getTime()
  const prompts = await forgetUndelivered(room.db, new Date(now - failedPromptsDays * dayMs), limit)
  return prompts + (await forgetOperations(room.db, new Date(now - dayMs), limit))
}
