import type { ReactNode } from 'react'
import { usePageTitle } from '../../lib/page-title.ts'
import { Mark } from '../../ui/mark.tsx'

/** The frame of every page that stands before the studio: one narrow column. */
export function AuthPage({
  title,
  lead,
  serviceName,
  children,
  foot,
}: {
  title: string
  lead?: ReactNode
  serviceName?: string | undefined
  children: ReactNode
  foot?: ReactNode
}) {
  usePageTitle(title)
  return (
    <div className="flex min-h-dvh flex-col px-5 py-6">
      <header>
        <a href="/" className="inline-flex min-h-11 items-center gap-2 font-semibold">
          <span className="text-tungsten">
            <Mark size={20} />
          </span>
          {serviceName ?? 'Backlot'}
        </a>
      </header>
      <main id="main" tabIndex={-1} className="mx-auto w-full max-w-sm flex-1 pt-[6vh] pb-10">
        <h1 className="font-heading text-title font-semibold">{title}</h1>
        {lead ? <p className="mt-2 text-dim">{lead}</p> : null}
        <div className="mt-6">{children}</div>
      </main>
      <footer className="mx-auto flex w-full max-w-sm flex-wrap gap-x-5 text-small text-dim">
        {foot}
        <a className="inline-flex min-h-11 items-center underline underline-offset-4" href="/terms">
          Terms
        </a>
        <a className="inline-flex min-h-11 items-center underline underline-offset-4" href="/privacy">
          Privacy
        </a>
      </footer>
    </div>
  )
}
