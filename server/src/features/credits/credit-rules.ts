/**
 * The ledger's rules as plain functions. The functions of `migrations/0003_credits.sql` do the same inside the
 * database, where the lock is; the tests hold the two against each other.
 */

/** Chart of accounts. Codes are added, never changed: entries carry them for ever. */
export const codes = {
  available: 10,
  held: 20,
  frozen: 25,
  spent: 30,
  expired: 40,
  revoked: 50,
  issuedPaid: 60,
  issuedFree: 61,
  issuedAdmin: 62,
  debt: 70,
  writtenOff: 80,
} as const

/** Which credits go first when everything else is equal: what cost nothing before what was paid for. */
export const costClasses = { free: 0, subscription: 1, pack: 2 } as const
export type CostClass = keyof typeof costClasses

/** What decides when a grant is spent. `expiresAt` null: never expires. */
export interface Burnable {
  readonly id: number
  readonly rank: number
  readonly costClass: number
  readonly expiresAt: Date | null
}

/**
 * Soonest expiry first, what never expires last; then free before subscription before pack; then oldest. `rank`
 * comes before all of it and is equal unless an operator set it. Expiry first, because any kind-first order lets
 * credits that end in three days go to waste while ones that last sixty are spent.
 */
export function compareBurnOrder(left: Burnable, right: Burnable): number {
  const leftExpiry = left.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY
  const rightExpiry = right.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY
  if (left.rank !== right.rank) return left.rank - right.rank
  if (leftExpiry !== rightExpiry) return leftExpiry < rightExpiry ? -1 : 1
  if (left.costClass !== right.costClass) return left.costClass - right.costClass
  return left.id - right.id
}

/** A part of a hold and the bucket that it stands on. */
export interface Slice {
  readonly bucketId: number
  readonly amount: number
}

/**
 * The slices of a hold: a prefix of the burn order.
 *
 * @param buckets those that may be spent now, in any order
 * @returns null when they hold less than `amount`
 */
export function takeSlices(
  buckets: readonly (Burnable & { readonly remaining: number })[],
  amount: number,
): Slice[] | null {
  const slices: Slice[] = []
  let rest = amount
  for (const bucket of [...buckets].sort(compareBurnOrder)) {
    const part = Math.min(rest, bucket.remaining)
    if (part > 0) slices.push({ bucketId: bucket.id, amount: part })
    rest -= part
  }
  return rest === 0 ? slices : null
}

/**
 * What a hold's slices become when `charge` of it is spent: the first ones are charged, the last ones go back, so
 * that what stays consumed is always a prefix of what was taken.
 *
 * @param charge whole credits; what exceeds the hold is written off, because nobody pays more than was quoted
 */
export function splitSlices(
  slices: readonly Slice[],
  charge: number,
): { charged: Slice[]; returned: Slice[]; writtenOff: number } {
  const charged: Slice[] = []
  const returned: Slice[] = []
  let rest = charge
  for (const { bucketId, amount } of slices) {
    const part = Math.min(rest, amount)
    rest -= part
    if (part > 0) charged.push({ bucketId, amount: part })
    if (part < amount) returned.unshift({ bucketId, amount: amount - part })
  }
  return { charged, returned, writtenOff: rest }
}

/** How a hold came to end without (or with less of) a charge. */
export type ReturnCause = 'failure' | 'canceled' | 'blocked' | 'unused'

/**
 * Whether credits that come back to a grant whose time is over are given anew for a while. Only who stopped the job
 * themselves goes without.
 */
export function isRestored(cause: ReturnCause): boolean {
  return cause !== 'canceled'
}
