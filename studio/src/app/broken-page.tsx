import { useRouter } from '@tanstack/react-router'
import { ApiError, sentenceOf } from '../lib/api.ts'
import { usePageTitle } from '../lib/page-title.ts'
import { Button } from '../ui/button.tsx'

/** What stands in place of a page that could not be shown. */
export function BrokenPage({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter()
  usePageTitle('Could not open')
  const requestId = error instanceof ApiError ? error.problem.request_id : ''
  return (
    <main id="main" tabIndex={-1} className="mx-auto max-w-md px-5 py-24">
      <h1 className="font-heading text-title font-semibold">This page could not be opened</h1>
      <p className="mt-2 text-dim">{sentenceOf(error)}</p>
      {requestId ? <p className="numbers mt-2 text-small text-dim">{requestId}</p> : null}
      <Button
        className="mt-6"
        look="primary"
        onClick={() => {
          reset()
          void router.invalidate()
        }}
      >
        Try again
      </Button>
    </main>
  )
}
