import { type ReactNode, useId } from 'react'
import { classes } from './classes.ts'

/** A titled part of a page. */
export function Section({
  title,
  about,
  actions,
  children,
  className,
}: {
  title: string
  about?: ReactNode
  actions?: ReactNode
  children: ReactNode
  className?: string
}) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={classes('border-t border-line py-6', className)}>
      <div className="mb-3 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 id={id} className="font-heading text-lead font-semibold">
            {title}
          </h2>
          {about ? <p className="max-w-[65ch] text-dim">{about}</p> : null}
        </div>
        {actions}
      </div>
      {children}
    </section>
  )
}

/** Lines of grey where words will be, with a word for people who listen. */
export function Waiting({ label, lines = 3 }: { label: string; lines?: number }) {
  return (
    <div role="status" className="space-y-3 py-1">
      <p className="text-dim">{label}</p>
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike and never change places
        <div key={index} className="shimmer h-5 max-w-xl rounded-control" />
      ))}
    </div>
  )
}

/** Names and values in two columns. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[minmax(6rem,auto)_1fr] gap-x-4 gap-y-1.5">{children}</dl>
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-dim">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  )
}
