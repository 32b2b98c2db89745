import { MediaError } from '../../media/index.ts'
import { nextCheckMs } from '../../providers/provider.ts'
import { type Attempt, decide, newestAttempt } from './attempt.ts'
import { updateAttempt } from './attempt-store.ts'
import { collectOutputs, releaseOperations } from './collect.ts'
import { type Ending, finish } from './finish.ts'
import type { Claim, GenerationRow } from './generation.ts'
import { lockClaimed, selectGeneration, updateCollecting } from './generation-store.ts'
import { putBack } from './line-store.ts'
import type { Lane, Room } from './room.ts'
import { LeaseLostError, runAttempts } from './run-attempts.ts'

const collectTriesMax = 5
const progressStep = 0.05

/**
 * One worker's turn with one generation: does what its state asks for, then puts it back with a time to look again,
 * or ends it. May be killed at any line; whoever comes next goes on from the rows.
 *
 * @returns milliseconds until it wants to be looked at again; null when it has ended or is somebody else's
 */
export async function advance(room: Room, claim: Claim, signal: AbortSignal): Promise<number | null> {
  const generation = await selectGeneration(room.db, claim)
  if (!generation || generation.leaseToken !== claim.leaseToken) return null
  const lane = room.lanes.get(generation.lane)
  // A process without this provider leaves it to one that has it.
  if (!lane) return stuck(room, claim, generation, 30_000)
  try {
    return generation.state === 'collecting'
      ? await collect(room, lane, claim, generation, signal)
      : await watch(room, lane, claim, generation, signal)
  } catch (error) {
    if (error instanceof LeaseLostError) return null
    if (signal.aborted) throw error
    room.log.error(
      { generationId: generation.id, state: generation.state, err: error },
      'a turn failed unexpectedly',
    )
    return stuck(room, claim, generation, 5_000)
  }
}

/**
 * We cannot go on with it, and it is our fault: look again later, but not for ever. What may be running upstream gets
 * the time of an uncertain run before it is given up.
 */
async function stuck(
  room: Room,
  claim: Claim,
  generation: GenerationRow,
  afterMs: number,
): Promise<number | null> {
  const state = generation.state as 'starting' | 'running' | 'uncertain' | 'collecting'
  const now = room.clock.now()
  if (now < generation.deadline) return lay(room, claim, generation, { ...generation, state, afterMs })
  if (state === 'running') {
    const deadline = new Date(now.getTime() + room.deadlines.uncertainMs)
    return lay(room, claim, generation, { state: 'uncertain', afterMs, deadline })
  }
  return end(room, room.lanes.get(generation.lane), claim, {
    state: 'failed',
    fault: {
      code: 'internal',
      message: 'Something broke on our side. Nothing was charged; your credits are back. Try again.',
    },
  })
}

async function watch(
  room: Room,
  lane: Lane,
  claim: Claim,
  generation: GenerationRow,
  signal: AbortSignal,
): Promise<number | null> {
  const round = await runAttempts(room, lane, claim, generation, signal)
  const now = room.clock.now()
  let newest = newestOf(round.attempts, generation)
  if (generation.state === 'uncertain' && now >= generation.deadline)
    newest = await abandon(room, generation, newest)
  const decision = decide(newest, generation.cancelAskedAt !== null)

  switch (decision.next) {
    case 'collecting': {
      const collecting = await enterCollecting(room, claim)
      return collecting ? collect(room, lane, claim, collecting, signal) : null
    }
    case 'failed':
    case 'blocked':
      return end(room, lane, claim, { state: decision.next, fault: decision.fault })
    case 'canceled':
      return end(room, lane, claim, { state: 'canceled' })
    case 'starting':
      return lay(room, claim, generation, {
        state: 'starting',
        afterMs: round.retryAfterMs ?? 1_000,
        deadline: generation.deadline,
      })
    case 'running':
    case 'uncertain': {
      const accepted = newest.flatMap((attempt) =>
        attempt?.acceptedAt ? [attempt.acceptedAt.getTime()] : [],
      )
      const ageMs = accepted.length > 0 ? now.getTime() - Math.min(...accepted) : 0
      // A run that takes too long is not a failure: we keep asking, and say that we are not sure.
      const overdue = ageMs >= lane.provider.runDeadlineMs
      const state = decision.next === 'uncertain' || overdue ? 'uncertain' : 'running'
      const staysMs = state === 'uncertain' ? room.deadlines.uncertainMs : lane.provider.runDeadlineMs
      const failures = Math.max(0, ...newest.map((attempt) => attempt?.checksFailed ?? 0))
      return lay(room, claim, generation, {
        state,
        afterMs: Math.min(
          lane.provider.pace.longestMs,
          nextCheckMs(lane.provider.pace, ageMs) * 2 ** Math.min(failures, 6),
        ),
        deadline: state === generation.state ? generation.deadline : new Date(now.getTime() + staysMs),
        phase: round.phase,
        progress: round.progress,
      })
    }
  }
}

function newestOf(attempts: readonly Attempt[], generation: GenerationRow): (Attempt | undefined)[] {
  return Array.from({ length: generation.parameters.n }, (_, index) => newestAttempt(attempts, index))
}

/** The last word on runs that never turned up: nobody waits for them any more, and they are never charged. */
async function abandon(
  room: Room,
  generation: GenerationRow,
  newest: readonly (Attempt | undefined)[],
): Promise<(Attempt | undefined)[]> {
  const left: (Attempt | undefined)[] = []
  for (const attempt of newest) {
    if (attempt?.state === 'accepted' || attempt?.state === 'uncertain') {
      const at = room.clock.now()
      await updateAttempt(room.db, generation.accountId, attempt.id, attempt.state, {
        state: 'abandoned',
        at,
      })
      left.push({ ...attempt, state: 'abandoned' })
    } else left.push(attempt)
  }
  return left
}

async function collect(
  room: Room,
  lane: Lane,
  claim: Claim,
  generation: GenerationRow,
  signal: AbortSignal,
): Promise<number | null> {
  try {
    const outputs = await collectOutputs(room, lane, generation, signal)
    return await end(room, lane, claim, { state: 'delivered', outputs })
  } catch (error) {
    if (signal.aborted) throw error
    const tries = generation.collectTries + 1
    const broken =
      error instanceof MediaError && (error.code === 'media_unsupported' || error.code === 'media_broken')
    room.log.warn(
      { generationId: generation.id, tries, err: error instanceof Error ? error.message : String(error) },
      'an output could not be collected',
    )
    // A file that cannot be read will not get better. An upstream or a disk may: it has made the output, so that is
    // waited for as long as collecting may take.
    const isOver =
      error instanceof MediaError
        ? tries >= collectTriesMax || (broken && tries >= 2)
        : tries >= collectTriesMax && room.clock.now() >= generation.deadline
    if (isOver) {
      return end(room, lane, claim, {
        state: 'failed',
        fault: {
          code: 'media_failed',
          message:
            'The result could not be read or stored. Nothing was charged; your credits are back. Try again.',
        },
      })
    }
    return lay(room, claim, generation, {
      state: 'collecting',
      afterMs: Math.min(30_000, 500 * 2 ** tries),
      deadline: generation.deadline,
      phase: generation.phase,
      progress: generation.progress,
      collectTries: tries,
    })
  }
}

/** Writes the new state while keeping the claim, so that the work goes on in the same turn. */
async function enterCollecting(room: Room, claim: Claim): Promise<GenerationRow | undefined> {
  const at = room.clock.now()
  const deadline = new Date(at.getTime() + room.deadlines.collectMs)
  return room.db.transaction(async (tx) => {
    const locked = await lockClaimed(tx, claim)
    if (!locked) return undefined
    await updateCollecting(tx, claim, deadline)
    await room.events.append(tx, {
      accountId: claim.accountId,
      type: 'generation.collecting',
      subjectId: claim.id,
      at,
    })
    return { ...locked, state: 'collecting', deadline }
  })
}

const stateEvents = { running: 'generation.started', uncertain: 'generation.uncertain' } as const

/** Ends this turn: the generation waits in its state until it is due again. Tells whoever watches what changed. */
async function lay(
  room: Room,
  claim: Claim,
  generation: GenerationRow,
  next: {
    state: 'starting' | 'running' | 'uncertain' | 'collecting'
    afterMs: number
    deadline: Date
    phase?: string | null
    progress?: number | null
    collectTries?: number
  },
): Promise<number | null> {
  const now = room.clock.now()
  const progress = next.progress ?? null
  const phase = next.phase ?? null
  const kept = await room.db.transaction(async (tx) => {
    const done = await putBack(tx, claim, {
      state: next.state,
      dueAt: new Date(now.getTime() + next.afterMs),
      deadline: next.deadline,
      phase,
      progress,
      collectTries: next.collectTries ?? generation.collectTries,
      cancelAsked: generation.cancelAskedAt !== null,
    })
    if (!done) return false
    const entered =
      next.state !== generation.state && (next.state === 'running' || next.state === 'uncertain')
    const moved =
      phase !== generation.phase || Math.abs((progress ?? 0) - (generation.progress ?? 0)) >= progressStep
    if (entered || moved) {
      await room.events.append(tx, {
        accountId: claim.accountId,
        type: entered ? stateEvents[next.state as keyof typeof stateEvents] : 'generation.progressed',
        subjectId: claim.id,
        at: now,
      })
    }
    return true
  })
  return kept ? next.afterMs : null
}

async function end(room: Room, lane: Lane | undefined, claim: Claim, ending: Ending): Promise<null> {
  const ended = await room.db.transaction(async (tx) => {
    const generation = await lockClaimed(tx, claim)
    if (!generation) return undefined
    await finish(room, tx, generation, ending)
    room.reached('finish.before_commit')
    return generation
  })
  if (!ended) return null
  room.reached('finish.after_commit')
  room.log.info({ generationId: ended.id, state: ending.state }, 'a generation ended')
  if (!lane) return null
  await releaseOperations(room, lane, ended).catch((error: Error) =>
    room.log.warn({ generationId: ended.id, err: error.message }, 'a provider could not clean up'),
  )
  return null
}
