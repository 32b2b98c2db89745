import type { Logger } from 'pino'
import { ProviderError, type VideoProvider } from '../provider.ts'
import { videoModelProvider } from '../video-model-provider.ts'
import { DraftInputError } from './draft-input.ts'
import { createDraftVideoModel } from './draft-model.ts'

export interface DraftProvider {
  readonly provider: VideoProvider
  /** Removes what killed processes left behind and what nobody collected. */
  sweep(now: Date): Promise<number>
  /** Ends every render; their operations can be rendered again later. */
  close(): Promise<void>
}

/** The storyboard model on this machine, as a provider like any other. */
export function createDraftProvider(options: {
  workDirectory: string
  log: Logger
  /** Renders at once. */
  concurrency: number
  runDeadlineMs: number
}): DraftProvider {
  const { workDirectory, log, concurrency, runDeadlineMs } = options
  const model = createDraftVideoModel({ workDirectory, log, concurrency })
  const provider = videoModelProvider({
    name: 'draft',
    model,
    // It runs on this machine: asking costs nothing, and a second is long for somebody who watches.
    pace: { firstMs: 300, longestMs: 1_000 },
    runDeadlineMs,
    cancel: (operation) => model.cancel(operation),
    forget: (operation) => model.forget(operation),
    // A render whose operation was never answered belongs to nobody: it ends with its process or is swept.
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
  return { provider, sweep: (now) => model.sweep(now), close: () => model.stop() }
}
