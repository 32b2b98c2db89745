import { CircleAlert, CircleCheck, Info } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'

const looks = {
  fault: { frame: 'border-cut', icon: CircleAlert, colour: 'text-cut-ink' },
  good: { frame: 'border-line', icon: CircleCheck, colour: 'text-good' },
  plain: { frame: 'border-line', icon: Info, colour: 'text-dim' },
}

/** A sentence that must not be missed. Faults are spoken at once. */
export function Notice({
  look = 'plain',
  children,
  className,
}: {
  look?: keyof typeof looks
  children: ReactNode
  className?: string
}) {
  const { frame, icon: Icon, colour } = looks[look]
  return (
    <div
      role={look === 'fault' ? 'alert' : 'status'}
      className={classes('flex gap-3 rounded-control border bg-panel p-3', frame, className)}
    >
      <Icon size={18} aria-hidden="true" className={classes('mt-0.5', colour)} />
      <div className="min-w-0 flex-1 break-words">{children}</div>
    </div>
  )
}
