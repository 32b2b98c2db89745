import type { Generation } from '@backlot/contract'
import { announce } from '../../lib/announce.ts'
import { call, sentenceOf } from '../../lib/api.ts'
import { dropGeneration } from '../../lib/generation-cache.ts'
import { shorten } from '../../lib/generation-words.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'

export function DeleteDialog({
  generation,
  onClose,
  onDeleted,
}: {
  generation: Generation
  onClose: () => void
  onDeleted: () => void
}) {
  return (
    <ConfirmDialog
      title="Delete this generation?"
      confirmLabel="Delete"
      busyLabel="Deleting…"
      explain={sentenceOf}
      onClose={onClose}
      onConfirm={async () => {
        await call(`/v1/generations/${encodeURIComponent(generation.id)}`, { method: 'DELETE' })
        announce(`Deleted: ${shorten(generation.prompt, 60)}.`)
        onDeleted()
        dropGeneration(generation.id)
      }}
    >
      <p className="text-ink">{shorten(generation.prompt, 120)}</p>
      <p className="mt-2">
        Its files and their previews are removed at once and cannot be brought back.
        {generation.credits.charged > 0
          ? ` The ${generation.credits.charged} credits that it cost stay charged.`
          : ''}
      </p>
    </ConfirmDialog>
  )
}
