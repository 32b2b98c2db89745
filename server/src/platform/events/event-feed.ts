import type { Database } from '../db/index.ts'
import type { Logger } from '../log.ts'
import { type EventPosition, type StoredEvent, selectEvents, selectHead } from './event-store.ts'
import type { Hints } from './hints.ts'

export interface EventFeed {
  /** Calls `listener` whenever the account may have news; it then reads on from its own position. */
  watch(accountId: string, listener: () => void): () => void
  close(): void
}

const batch = 500
const pollMs = 1_000
// After a hint the row may still be hidden behind an older open transaction: look again soon, a few times.
const retryMs = [30, 100, 300]

/** One reader per process turns the outbox into "account X has news", so idle connections cost nothing. */
export function createEventFeed(options: { db: Database; hints: Hints; log: Logger }): EventFeed {
  const watchers = new Map<string, Set<() => void>>()
  let position: EventPosition | undefined
  let running = false
  let again = false
  let closed = false
  let retries = 0
  let retryTimer: NodeJS.Timeout | undefined

  async function read(): Promise<void> {
    if (closed || watchers.size === 0) {
      position = undefined
      return
    }
    if (running) {
      again = true
      return
    }
    running = true
    try {
      do {
        again = false
        if (position === undefined) {
          position = await selectHead(options.db)
          // What was committed while we were finding our feet is before this position: everybody looks once.
          for (const set of watchers.values()) for (const listener of set) listener()
        }
        let events: StoredEvent[]
        do {
          events = await selectEvents(options.db, position, { limit: batch })
          const last = events.at(-1)
          if (last) position = last.position
          for (const accountId of new Set(events.map((event) => event.accountId))) {
            for (const listener of watchers.get(accountId) ?? []) listener()
          }
        } while (events.length === batch && !closed)
      } while (again && !closed)
    } catch (error) {
      if (!closed) options.log.warn({ err: (error as Error).message }, 'the event feed could not read')
    } finally {
      running = false
    }
  }

  function hinted(): void {
    retries = 0
    void read()
    schedule()
  }

  function schedule(): void {
    clearTimeout(retryTimer)
    const delay = retryMs[retries]
    if (delay === undefined || closed || watchers.size === 0) return
    retries += 1
    retryTimer = setTimeout(() => {
      void read()
      schedule()
    }, delay)
    retryTimer.unref()
  }

  const stopListening = options.hints.listen('events', hinted)
  const poll = setInterval(() => void read(), pollMs)
  poll.unref()

  return {
    watch(accountId, listener) {
      const set = watchers.get(accountId) ?? new Set()
      set.add(listener)
      watchers.set(accountId, set)
      if (position === undefined) void read()
      return () => {
        set.delete(listener)
        if (set.size === 0) watchers.delete(accountId)
      }
    },
    close() {
      closed = true
      stopListening()
      clearInterval(poll)
      clearTimeout(retryTimer)
    },
  }
}
