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
    <p className="text-small text-dim">
      {parts.map((part, index) => (
        <span key={part} className="inline-block whitespace-nowrap">
          {part}
          {index < parts.length - 1 ? <span aria-hidden="true">&nbsp;·&nbsp;</span> : null}
        </span>
      ))}
    </p>
  )
}
