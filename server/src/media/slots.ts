/** A counting semaphore whose waiters come in the order of asking and leave when their signal aborts. */
export type Slots = {
  /** Runs `work` when a slot is free. Rejects with the signal's reason when it aborts while waiting. */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>
}

export function createSlots(slotsMax: number): Slots {
  let free = slotsMax
  const waiting: (() => void)[] = []

  function take(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (free > 0) {
      free -= 1
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        const place = waiting.indexOf(enter)
        if (place >= 0) waiting.splice(place, 1)
        reject(signal?.reason)
      }
      waiting.push(enter)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  function give(): void {
    const next = waiting.shift()
    // The slot is handed over directly, so that a newcomer cannot slip in between.
    if (next) next()
    else free += 1
  }

  return {
    async run(work, signal) {
      await take(signal)
      try {
        return await work()
      } finally {
        give()
      }
    },
  }
}
