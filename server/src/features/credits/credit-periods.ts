export interface Period {
  /** 0 for the first period of the account. */
  readonly index: number
  readonly start: Date
  /** Exclusive: the next period's start. */
  readonly end: Date
}

/**
 * The moment `months` calendar months after `anchor`, in UTC. Counted from the anchor and not from the month before,
 * so that 31 January is followed by 28 February and then by 31 March.
 */
export function addMonths(anchor: Date, months: number): Date {
  const moved = new Date(anchor)
  moved.setUTCDate(1)
  moved.setUTCMonth(moved.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate()
  moved.setUTCDate(Math.min(anchor.getUTCDate(), lastDay))
  return moved
}

/** The monthly period, counted from `anchor`, that `at` falls into. A moment before the anchor is in the first. */
export function monthlyPeriod(anchor: Date, at: Date): Period {
  const months =
    (at.getUTCFullYear() - anchor.getUTCFullYear()) * 12 + at.getUTCMonth() - anchor.getUTCMonth()
  const begun = addMonths(anchor, months).getTime() <= at.getTime()
  const index = Math.max(0, begun ? months : months - 1)
  return { index, start: addMonths(anchor, index), end: addMonths(anchor, index + 1) }
}

/** Idempotency key of the monthly free credits of a period. */
export function monthlyKey(period: Period): string {
  return `free:${period.start.toISOString()}`
}
