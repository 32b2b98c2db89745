import type { Event, EventType, Generation } from '@backlot/contract'
import { useEffect } from 'react'
import { announce } from './announce.ts'
import { dropGeneration, findCached, refreshGeneration } from './generation-cache.ts'
import { isFinal, spokenState } from './generation-words.ts'
import { keys } from './keys.ts'
import { queryClient } from './query-client.ts'

const eventTypes: readonly EventType[] = [
  'generation.queued',
  'generation.started',
  'generation.progressed',
  'generation.uncertain',
  'generation.collecting',
  'generation.delivered',
  'generation.failed',
  'generation.blocked',
  'generation.canceled',
  'generation.deleted',
  'asset.deleted',
  'credits.changed',
]

// A running model may tell its progress many times a second; one question a third of a second shows as much.
const coalesceMs = 300
const concurrentMax = 4
const reconnectMs = [1_000, 2_000, 5_000, 15_000]
// With a live connection this only heals what got lost; without one it is how the page hears anything.
const pollLiveMs = 10_000
const pollDeadMs = 2_500
// Browsers open six connections to one host over HTTP/1.1, and every live tab holds one: hidden tabs give theirs back.
const hiddenGraceMs = 20_000

/** Keeps the library, the open generation and the balance true while the page is open. */
export function useLiveUpdates(): void {
  useEffect(() => startLiveUpdates(), [])
}

function startLiveUpdates(): () => void {
  const waiting = new Set<string>()
  const spoken = new Map<string, string>()
  let source: EventSource | null = null
  let lastEventId = ''
  let connected = false
  let failures = 0
  let stopped = false
  let flushing = false
  let flushTimer: ReturnType<typeof setTimeout> | undefined
  let connectTimer: ReturnType<typeof setTimeout> | undefined
  let pollTimer: ReturnType<typeof setTimeout> | undefined
  let hiddenTimer: ReturnType<typeof setTimeout> | undefined

  function receive(event: Event): void {
    if (event.type === 'generation.deleted') {
      dropGeneration(event.subject_id)
    } else if (event.type.startsWith('generation.')) {
      waiting.add(event.subject_id)
      flushTimer ??= setTimeout(() => void flush(), coalesceMs)
    } else if (event.type === 'asset.deleted') {
      void queryClient.invalidateQueries({ queryKey: keys.generations })
    } else if (event.type === 'credits.changed') {
      refreshMoney()
    }
  }

  async function flush(): Promise<void> {
    flushTimer = undefined
    if (flushing || stopped) return
    flushing = true
    const ids = [...waiting]
    waiting.clear()
    const worker = async () => {
      for (let id = ids.pop(); id !== undefined && !stopped; id = ids.pop()) {
        const before = findCached(id)
        const after = await refreshGeneration(id)
        if (after) speak(before, after)
      }
    }
    await Promise.all(Array.from({ length: concurrentMax }, worker))
    flushing = false
    if (waiting.size > 0 && !stopped) flushTimer ??= setTimeout(() => void flush(), coalesceMs)
  }

  /** Says each step once: new states, and every quarter of the way. What stood there already is no news. */
  function speak(before: Generation | undefined, after: Generation): void {
    const mark = markOf(after)
    const known = spoken.get(after.id) ?? (before && markOf(before))
    if (known === mark) return
    spoken.set(after.id, mark)
    if (spoken.size > 500) spoken.delete(spoken.keys().next().value ?? '')
    announce(spokenState(after))
    if (isFinal(after.state)) refreshMoney()
  }

  function connect(): void {
    if (stopped) return
    source?.close()
    const next = new EventSource(
      lastEventId === '' ? '/v1/events' : `/v1/events?after=${encodeURIComponent(lastEventId)}`,
    )
    source = next
    next.onopen = () => {
      // What happened while nobody listened and nobody remembered a position is asked for once.
      if (failures > 0 && lastEventId === '')
        void queryClient.invalidateQueries({ queryKey: keys.generations })
      connected = true
      failures = 0
    }
    next.onerror = () => {
      connected = false
      failures += 1
      // The browser comes back by itself unless the answer was a refusal.
      if (next.readyState === EventSource.CLOSED) {
        clearTimeout(connectTimer)
        connectTimer = setTimeout(connect, reconnectMs[Math.min(failures, reconnectMs.length) - 1])
      }
    }
    for (const type of eventTypes) {
      next.addEventListener(type, (message: MessageEvent<string>) => {
        lastEventId = message.lastEventId
        receive(JSON.parse(message.data) as Event)
      })
    }
  }

  function poll(): void {
    if (stopped) return
    if (document.visibilityState === 'visible') {
      const pages = queryClient.getQueryData<{ pages: { data: Generation[] }[] }>(keys.generations)?.pages
      for (const generation of pages?.flatMap((page) => page.data) ?? []) {
        if (!isFinal(generation.state)) waiting.add(generation.id)
      }
      if (waiting.size > 0) flushTimer ??= setTimeout(() => void flush(), 0)
    }
    pollTimer = setTimeout(poll, connected ? pollLiveMs : pollDeadMs)
  }

  function onVisibility(): void {
    clearTimeout(hiddenTimer)
    if (document.visibilityState === 'hidden') {
      hiddenTimer = setTimeout(() => {
        source?.close()
        source = null
        connected = false
        // Without a position to resume from, what happens meanwhile is asked for on the way back.
        failures += 1
      }, hiddenGraceMs)
    } else if (source === null) {
      connect()
    }
  }

  connect()
  document.addEventListener('visibilitychange', onVisibility)
  pollTimer = setTimeout(poll, pollDeadMs)
  return () => {
    stopped = true
    document.removeEventListener('visibilitychange', onVisibility)
    clearTimeout(hiddenTimer)
    source?.close()
    clearTimeout(flushTimer)
    clearTimeout(connectTimer)
    clearTimeout(pollTimer)
  }
}

function markOf(generation: Generation): string {
  if (isFinal(generation.state)) return generation.state
  return `${generation.state}:${Math.floor((generation.progress ?? 0) * 4)}`
}

export function refreshMoney(): void {
  void queryClient.invalidateQueries({ queryKey: keys.credits })
  void queryClient.invalidateQueries({ queryKey: keys.statement })
  void queryClient.invalidateQueries({ queryKey: keys.quotes })
}
