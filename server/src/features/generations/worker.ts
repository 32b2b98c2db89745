import { randomBytes } from 'node:crypto'
import { advance } from './advance.ts'
import type { Claim } from './generation.ts'
import {
  claimDue,
  claimStarts,
  handBack,
  nextDueMs,
  reapLeases,
  renewLeases,
  upsertLane,
} from './line-store.ts'
import { lineTopic, type Room } from './room.ts'
import { LeaseLostError } from './run-attempts.ts'

export interface WorkerOptions {
  /** How long a claim stays ours without a word; renewed at a third of it. */
  readonly leaseMs: number
  /** Generations that this process works on at the same time. */
  readonly concurrency: number
}

export interface Worker {
  start(): Promise<void>
  /** No new work; what is running may finish until `graceMs`, then it is handed back. */
  stop(graceMs: number): Promise<void>
}

const pollMs = 1_000
const claimMax = 20
/** How long a stop waits for claims that are on their way. */
const claimMsMax = 5_000

/**
 * Takes generations out of the line and advances them. Correctness rests on polling and leases; hints only make it
 * quick. Any number of these may run on any number of machines.
 */
export function createWorker(room: Room, options: WorkerOptions): Worker {
  const name = randomBytes(6).toString('hex')
  const running = new Set<Promise<void>>()
  /** What this process works on, each with the means to stop when the lease was lost. */
  const turns = new Map<string, AbortController>()
  let stopping = false
  /** The look that goes on now. */
  let looking: Promise<void> | undefined
  let again = false
  let timer: NodeJS.Timeout | undefined
  let renewal: NodeJS.Timeout | undefined
  let stopListening: () => void = () => undefined

  function look(): void {
    if (looking) {
      again = true
      return
    }
    clearTimeout(timer)
    looking = takeAll()
      .catch((error: Error) => {
        if (!stopping) room.log.warn({ err: error.message }, 'the line could not be read; trying again')
        return pollMs
      })
      .then((sleepMs) => {
        looking = undefined
        if (!stopping) timer = setTimeout(look, sleepMs)
      })
  }

  /** Takes what there is, until there is no more. @returns milliseconds after which to look again unasked */
  async function takeAll(): Promise<number> {
    let dueMs: number | null = null
    do {
      again = false
      await reapLeases(room.db, room.clock.now(), 100)
      for (const claim of await claims()) if (!stopping) take(claim)
      // Asked within the loop: what is hinted at while the answer is on its way is not slept over.
      if (!again) dueMs = await nextDueMs(room.db, room.clock.now())
    } while (again && !stopping)
    // Full: whoever finishes looks again at once.
    return running.size >= options.concurrency ? pollMs : Math.min(pollMs, Math.max(20, dueMs ?? pollMs))
  }

  async function claims(): Promise<Claim[]> {
    const taken: Claim[] = []
    const capacity = () => Math.min(claimMax, options.concurrency - running.size - taken.length)
    const now = room.clock.now()
    if (!stopping && capacity() > 0) {
      taken.push(
        ...(await claimDue(room.db, { worker: name, limit: capacity(), now, leaseMs: options.leaseMs })),
      )
    }
    for (const lane of room.lanes.values()) {
      if (stopping || capacity() <= 0) break
      const deadline = new Date(now.getTime() + lane.provider.runDeadlineMs)
      const limit = capacity()
      const started = await claimStarts(room.db, {
        lane: lane.id,
        worker: name,
        limit,
        now,
        leaseMs: options.leaseMs,
        deadline,
      })
      taken.push(...started)
      if (started.length > 0) room.reached('claim.after_commit')
      if (started.length === limit) again = true
    }
    return taken
  }

  function take(claim: Claim): void {
    const key = keyOf(claim)
    const aborted = new AbortController()
    turns.set(key, aborted)
    const turn = advance(room, claim, aborted.signal)
      .catch((error: Error) => {
        if (aborted.signal.aborted) return
        // Its lease runs out and somebody looks again; the deadline of its state bounds how often.
        room.log.error({ generationId: claim.id, err: error }, 'a turn with a generation failed')
      })
      .then(() => {
        running.delete(turn)
        turns.delete(key)
        if (!stopping) look()
      })
    running.add(turn)
  }

  /** Who could not renew in time is no longer the one to store or write: somebody else does it now. */
  async function renew(): Promise<void> {
    const mine = [...turns.keys()]
    if (mine.length === 0) return
    const held = await renewLeases(room.db, name, new Date(room.clock.now().getTime() + options.leaseMs))
    const still = new Set(held.map(keyOf))
    for (const key of mine) if (!still.has(key)) turns.get(key)?.abort(new LeaseLostError())
  }

  return {
    async start() {
      for (const lane of room.lanes.values()) await upsertLane(room.db, lane.id, lane.runningMax)
      stopListening = room.hints.listen(lineTopic, () => {
        if (!stopping) look()
      })
      renewal = setInterval(() => {
        renew().catch((error: Error) => room.log.warn({ err: error.message }, 'leases could not be renewed'))
      }, options.leaseMs / 3)
      look()
    },

    async stop(graceMs) {
      stopping = true
      stopListening()
      clearTimeout(timer)
      // What it claims now nobody works on: it must be through before everything is handed back.
      await atMost(looking, claimMsMax)
      const all = Promise.allSettled([...running])
      let late: NodeJS.Timeout | undefined
      const grace = new Promise<void>((resolve) => {
        late = setTimeout(resolve, graceMs)
      })
      await Promise.race([all, grace])
      clearTimeout(late)
      for (const turn of turns.values()) turn.abort(new Error('the worker is stopping'))
      await handBack(room.db, name, room.clock.now()).catch(() => 0)
      await atMost(all, 2_000)
      clearInterval(renewal)
    },
  }
}

async function atMost(work: Promise<unknown> | undefined, deadlineMs: number): Promise<void> {
  await Promise.race([work, new Promise((resolve) => setTimeout(resolve, deadlineMs).unref())])
}

function keyOf(claim: Claim): string {
  return `${claim.id} ${claim.leaseToken}`
}
