import { Mark } from '../ui/mark.tsx'

/** Shown while a page of the studio is on its way, if that takes longer than an eye blink. */
export function OpeningPage() {
  return (
    <div role="status" className="flex min-h-64 items-center justify-center gap-3 text-dim">
      <Mark size={20} />
      Opening…
    </div>
  )
}
