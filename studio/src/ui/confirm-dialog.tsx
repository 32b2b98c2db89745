import { type ReactNode, useState } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Notice } from './notice.tsx'

/** Asks before something that cannot be taken back. `onConfirm` throws to keep it open. */
export function ConfirmDialog({
  title,
  children,
  confirmLabel,
  busyLabel,
  explain,
  onConfirm,
  onClose,
}: {
  title: string
  children: ReactNode
  confirmLabel: string
  busyLabel: string
  /** Turns what was thrown into a sentence. */
  explain: (error: unknown) => string
  onConfirm: () => Promise<void>
  onClose: () => void
}) {
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)

  async function confirm(): Promise<void> {
    setBusy(true)
    setFault(null)
    try {
      await onConfirm()
    } catch (error) {
      setFault(explain(error))
      setBusy(false)
    }
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <div className="text-dim">{children}</div>
      {fault ? (
        <Notice look="fault" className="mt-4">
          {fault}
        </Notice>
      ) : null}
      <div className="mt-5 flex flex-wrap justify-end gap-3">
        <Button onClick={onClose}>Keep</Button>
        <Button look="danger" busyLabel={busy && busyLabel} onClick={() => void confirm()}>
          {confirmLabel}
        </Button>
      </div>
    </Dialog>
  )
}
