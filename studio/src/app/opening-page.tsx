import { Mark } from '../ui/mark.tsx'

/** Shown while a page of the studio is on its way, if that takes longer than an eye blink. */
export function OpeningPage() {
  return (
    <main id="main" tabIndex={-1} className="h-full">
      <h1 className="sr-only">Opening</h1>
      <OpeningPart />
    </main>
  )
}

/** The same for a part of a page that stands already. */
export function OpeningPart() {
  return (
    <p role="status" className="flex min-h-64 items-center justify-center gap-3 text-dim">
      <Mark size={20} />
      Opening…
    </p>
  )
}
