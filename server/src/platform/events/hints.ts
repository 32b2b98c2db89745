import pg from 'pg'
import type { Logger } from '../log.ts'

/**
 * "Look now" signals between processes. They carry topics, never facts: whoever listens reads the tables, and also
 * does so on a timer, so a lost hint costs a moment and nothing else.
 *
 * A NOTIFY inside a business transaction would take an instance-wide lock through its commit (3–8 times less
 * throughput); here it is sent after the commit, on a connection of its own, at most once per `coalesceMs`.
 */
export interface Hints {
  /** To be called after a commit (`tx.afterCommit`). Listeners of this process hear it at once. */
  hint(topic: string): void
  listen(topic: string, listener: () => void): () => void
  close(): Promise<void>
}

const channel = 'backlot_hints'
const reconnectMs = 1_000

export function createHints(options: { url: string; log: Logger; coalesceMs?: number }): Hints {
  const coalesceMs = options.coalesceMs ?? 20
  const listeners = new Map<string, Set<() => void>>()
  const waiting = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let client: pg.Client | undefined
  let reconnect: NodeJS.Timeout | undefined
  let closed = false
  // Tells our own notifications, which were dispatched already, from those of other processes.
  const self = Math.random().toString(36).slice(2, 10)

  function dispatch(topic: string): void {
    for (const listener of listeners.get(topic) ?? []) listener()
  }

  async function connect(): Promise<void> {
    if (closed) return
    const next = new pg.Client({ connectionString: options.url, application_name: 'backlot hints' })
    next.on('notification', (message) => {
      const [sender, topics] = (message.payload ?? '').split(':')
      if (sender === self || topics === undefined) return
      for (const topic of topics.split(',')) dispatch(topic)
    })
    next.on('error', () => {
      if (client === next) client = undefined
      void next.end().catch(() => undefined)
      retry()
    })
    try {
      await next.connect()
      await next.query(`listen ${channel}`)
      if (closed) await next.end()
      else client = next
    } catch (error) {
      options.log.warn({ err: (error as Error).message }, 'hints are unavailable; polling goes on')
      void next.end().catch(() => undefined)
      retry()
    }
  }

  function retry(): void {
    if (closed || reconnect) return
    reconnect = setTimeout(() => {
      reconnect = undefined
      void connect()
    }, reconnectMs)
    reconnect.unref()
  }

  function flush(): void {
    timer = undefined
    const topics = [...waiting].slice(0, 200)
    waiting.clear()
    client?.query('select pg_notify($1, $2)', [channel, `${self}:${topics.join(',')}`]).catch(() => undefined)
  }

  void connect()

  return {
    hint(topic) {
      if (closed) return
      setImmediate(() => dispatch(topic))
      waiting.add(topic)
      timer ??= setTimeout(flush, coalesceMs)
    },
    listen(topic, listener) {
      const set = listeners.get(topic) ?? new Set()
      set.add(listener)
      listeners.set(topic, set)
      return () => {
        set.delete(listener)
        if (set.size === 0) listeners.delete(topic)
      }
    },
    async close() {
      closed = true
      clearTimeout(timer)
      clearTimeout(reconnect)
      await client?.end().catch(() => undefined)
    },
  }
}

/** Hints that stay inside this process, for tests and one-off commands. */
export function localHints(): Hints {
  const listeners = new Map<string, Set<() => void>>()
  return {
    hint(topic) {
      for (const listener of listeners.get(topic) ?? []) setImmediate(listener)
    },
    listen(topic, listener) {
      const set = listeners.get(topic) ?? new Set()
      set.add(listener)
      listeners.set(topic, set)
      return () => set.delete(listener)
    },
    async close() {
      listeners.clear()
    },
  }
}
