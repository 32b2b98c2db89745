import type { Quote } from '@backlot/contract'
import { aboutDuration, count, dayInWords } from '../../lib/format.ts'

/** What stays afterwards, when it is ready, and how long one has it. */
export function PriceLine({ quote }: { quote: Quote | undefined }) {
  if (!quote || quote.credits_after < 0) return null
  const nowMs = Date.now()
  const parts = [
    `${count(quote.credits_after)} left after`,
    ...(quote.typical_wait_seconds === null ? [] : [`ready in ${aboutDuration(quote.typical_wait_seconds)}`]),
    quote.expires_in_days === null
      ? 'yours until you delete it'
      : `yours until ${dayInWords(new Date(nowMs + quote.expires_in_days * 86_400_000).toISOString(), nowMs)}`,
  ]
  return (
    <p className="overflow-hidden text-small text-dim">
      {/* A dot stands before each part, and outside of the box where a line begins: none is left hanging. */}
      <span className="-ml-3 flex flex-wrap">
        {parts.map((part) => (
          <span key={part} className="relative pl-3 whitespace-nowrap">
            <span aria-hidden="true" className="absolute left-1">
              ·
            </span>
            {part}
          </span>
        ))}
      </span>
    </p>
  )
}
