import { usePageTitle } from '../lib/page-title.ts'
import { buttonClass } from '../ui/button.tsx'

export function NotFoundPage() {
  usePageTitle('Not found')
  return (
    <main id="main" tabIndex={-1} className="mx-auto max-w-md px-5 py-24">
      <h1 className="font-heading text-title font-semibold">Nothing at this address</h1>
      <p className="mt-2 mb-6 text-dim">The link is wrong, or what it led to was deleted.</p>
      <a href="/studio" className={buttonClass('plain')}>
        Go to the studio
      </a>
    </main>
  )
}
