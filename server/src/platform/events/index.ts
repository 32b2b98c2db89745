import type { Queryable, Transaction } from '../db/index.ts'
import { insertEvent, type NewEvent } from './event-store.ts'
import type { Hints } from './hints.ts'

export { createEventFeed, type EventFeed } from './event-feed.ts'
export { eventRoutes } from './event-routes.ts'
export { deleteEventsBefore, type NewEvent, selectEvents, selectHead } from './event-store.ts'
export { createHints, type Hints, localHints } from './hints.ts'

/** The one way in which a lower room has news for a higher one. */
export interface Events {
  /** Writes the event in the caller's transaction; whoever listens is told after the commit. */
  append(tx: Transaction | Queryable, event: NewEvent): Promise<void>
}

export function createEvents(hints: Hints): Events {
  return {
    async append(tx, event) {
      await insertEvent(tx, event)
      if ('afterCommit' in tx) tx.afterCommit(() => hints.hint('events'))
    },
  }
}
