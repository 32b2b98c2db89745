import type { ReactNode } from 'react'

/** A page that is read from top to bottom: it scrolls inside the frame and takes focus when it is new. */
export function Page({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main id="main" tabIndex={-1} className="h-full overflow-y-auto">
      <div className="mx-auto max-w-4xl px-4 pt-8 pb-16 sm:px-6">
        <h1 className="mb-6 font-heading text-title font-semibold">{title}</h1>
        {children}
      </div>
    </main>
  )
}
