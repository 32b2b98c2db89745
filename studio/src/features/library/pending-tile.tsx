import type { PendingGeneration } from '../../lib/generation-cache.ts'
import { shorten } from '../../lib/generation-words.ts'

/** A press of the button whose answer has not come yet. */
export function PendingTile({ pending }: { pending: PendingGeneration }) {
  return (
    <article
      aria-label={`Sending: ${shorten(pending.parameters.prompt, 80)}`}
      className="flex h-full flex-col"
      data-pending=""
    >
      <div className="min-h-0 flex-1 rounded-media border border-line bg-panel p-3">
        <p className="text-small font-medium">Sending</p>
        <p className="numbers mt-1 text-small text-dim">0:00</p>
      </div>
      <p className="h-11 flex-none truncate pt-1.5 text-small">{pending.parameters.prompt}</p>
    </article>
  )
}
