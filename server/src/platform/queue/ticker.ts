import type { Logger } from '../log.ts'

/** Small work that every process repeats: it never overlaps itself, and a failure waits for the next turn. */
export interface Ticker {
  stop(): Promise<void>
}

export function createTicker(options: {
  name: string
  everyMs: number
  log: Logger
  run(): Promise<unknown>
}): Ticker {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  async function turn(): Promise<void> {
    try {
      await options.run()
    } catch (error) {
      if (!stopped)
        options.log.warn({ ticker: options.name, err: (error as Error).message }, 'periodic work failed')
    }
    if (!stopped) schedule()
  }

  function schedule(): void {
    timer = setTimeout(() => {
      running = turn()
    }, options.everyMs)
  }

  running = turn()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
