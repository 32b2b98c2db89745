import type { Config } from './config/index.ts'
import type { Lane } from './features/generations/index.ts'
import type { Logger } from './platform/log.ts'
import { createDraftProvider } from './providers/draft/index.ts'

export interface Providers {
  readonly lanes: ReadonlyMap<string, Lane>
  /** Removes what killed processes left behind. */
  sweep(now: Date): Promise<void>
  /** Ends what runs on this machine. */
  close(): Promise<void>
}

/** One lane per provider account that is configured. */
export function composeProviders(options: { config: Config; log: Logger; workDirectory: string }): Providers {
  const { config, log, workDirectory } = options
  const { draftConcurrency, runDeadlineMs } = config
  const draft = createDraftProvider({ workDirectory, log, concurrency: draftConcurrency, runDeadlineMs })
  return {
    lanes: new Map([['draft', { id: 'draft', provider: draft.provider, runningMax: draftConcurrency }]]),
    async sweep(now) {
      await draft.sweep(now)
    },
    close: draft.close,
  }
}
