import type { Config } from './config/index.ts'
import type { Lane } from './features/generations/index.ts'
import type { Logger } from './platform/log.ts'
import { createDraftVideoModel, DraftInputError } from './providers/draft/index.ts'
import { ProviderError, type VideoProvider } from './providers/provider.ts'
import { videoModelProvider } from './providers/video-model-provider.ts'

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
  const model = createDraftVideoModel({ workDirectory, log, concurrency: config.draftConcurrency })
  const draft: VideoProvider = videoModelProvider({
    name: 'draft',
    model,
    // It runs on this machine: asking costs nothing, and a second is long for somebody who watches.
    pace: { firstMs: 300, longestMs: 1_000 },
    runDeadlineMs: config.runDeadlineMs,
    cancel: (operation) => model.cancel(operation),
    forget: (operation) => model.forget(operation),
    // Rendering begins only after its operation was answered, so what was not accepted was never begun for good.
    reconcile: async () => 'never-sent',
    classify: (error) =>
      error instanceof DraftInputError
        ? new ProviderError(error.message, { kind: 'user', sent: 'refused', retryable: false, cause: error })
        : undefined,
    progressOf: ({ providerMetadata }) => {
      const { progress, phase } = providerMetadata?.['draft'] ?? {}
      return {
        progress: typeof progress === 'number' ? progress : null,
        phase: typeof phase === 'string' ? phase : null,
      }
    },
  })
  return {
    lanes: new Map([['draft', { id: 'draft', provider: draft, runningMax: config.draftConcurrency }]]),
    async sweep(now) {
      await model.sweep(now)
    },
    close: () => model.stop(),
  }
}
