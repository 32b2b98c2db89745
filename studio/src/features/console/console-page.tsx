import type { ReactNode } from 'react'
import { usePageTitle } from '../../lib/page-title.ts'

/** A room of the console: wider and denser than what creators see. */
export function ConsolePage({
  title,
  actions,
  children,
}: {
  title: string
  actions?: ReactNode
  children: ReactNode
}) {
  usePageTitle(`${title}, console`)
  return (
    <main id="main" tabIndex={-1} className="h-full overflow-y-auto px-4 pt-6 pb-16 lg:px-8">
      <div className="max-w-6xl">
        <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
          <h1 className="font-heading text-title font-semibold">{title}</h1>
          {actions}
        </div>
        {children}
      </div>
    </main>
  )
}
