import type { Config } from './config/index.ts'
import type { Lane } from './features/generations/index.ts'
import type { Logger } from './platform/log.ts'
import { createDraftProvider } from './providers/draft/index.ts'

/** One lane per provider account that is configured. */
export function composeProviders(options: { config: Config; log: Logger; workDirectory: string }): {
  lanes: ReadonlyMap<string, Lane>
  close(): Promise<void>
} {
  const { config, log, workDirectory } = options
  const draft = createDraftProvider({
    workDirectory,
    log,
    concurrency: config.draftConcurrency,
    runDeadlineMs: config.runDeadlineMs,
  })
  return {
    lanes: new Map([
      ['draft', { id: 'draft', provider: draft.provider, runningMax: config.draftConcurrency }],
    ]),
    close: () => draft.close(),
  }
}
