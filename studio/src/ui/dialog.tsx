import { X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { IconButton } from './button.tsx'
import { classes } from './classes.ts'

/**
 * A modal dialog on the platform's own `<dialog>`: the browser holds the focus inside, gives it back afterwards,
 * closes on Escape and makes the rest inert, with no script-made styles (which our content policy refuses).
 */
export function Dialog({
  title,
  children,
  onClose,
  wide = false,
}: {
  title: string
  children: ReactNode
  onClose: () => void
  wide?: boolean
}) {
  const element = useRef<HTMLDialogElement>(null)
  const titleId = useId()

  useEffect(() => {
    const dialog = element.current
    if (!dialog || dialog.open) return
    const before = document.activeElement
    dialog.showModal()
    return () => {
      dialog.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])

  return (
    // The backdrop is part of the dialog's own box; keyboards close it with Escape.
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does what a click on the backdrop does
    <dialog
      ref={element}
      aria-labelledby={titleId}
      className={classes(
        'max-h-[90dvh] w-[calc(100%-2rem)] overflow-auto rounded-media border border-line bg-panel text-ink',
        wide ? 'max-w-2xl' : 'max-w-md',
      )}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose()
      }}
    >
      <div className="p-5">
        <div className="mb-3 flex items-start gap-3">
          <h2 id={titleId} className="flex-1 font-heading text-lead font-semibold">
            {title}
          </h2>
          <IconButton label="Close" icon={<X size={18} />} onClick={onClose} className="-mt-2 -mr-2" />
        </div>
        {children}
      </div>
    </dialog>
  )
}
