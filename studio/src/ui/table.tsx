import type { ReactNode } from 'react'
import { classes } from './classes.ts'

/** A table that scrolls inside its own frame, never the page. The frame takes focus so that keys can scroll it. */
export function Table({ label, head, children }: { label: string; head: ReactNode; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring the looks and the manners of a form
    <div
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="max-h-[70dvh] overflow-auto rounded-control border border-line"
    >
      <table className="w-full border-collapse text-left">
        <thead className="sticky top-0 z-10 bg-panel">
          <tr>{head}</tr>
        </thead>
        <tbody className="divide-y divide-line">{children}</tbody>
      </table>
    </div>
  )
}

export function HeadCell({ children, numeric = false }: { children: ReactNode; numeric?: boolean }) {
  return (
    <th
      scope="col"
      className={classes(
        'border-b border-line px-3 py-2 text-small font-medium whitespace-nowrap text-dim',
        numeric && 'text-right',
      )}
    >
      {children}
    </th>
  )
}

export function Cell({
  children,
  numeric = false,
  className,
}: {
  children?: ReactNode
  numeric?: boolean
  className?: string
}) {
  return (
    <td
      className={classes('px-3 py-2 align-top', numeric && 'numbers text-right whitespace-nowrap', className)}
    >
      {children}
    </td>
  )
}
