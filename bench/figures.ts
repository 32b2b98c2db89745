/** What one benchmark found out, ready to be written down. */
export interface Result {
  readonly title: string
  readonly command: string
  /** What was measured against what, in a sentence or two. */
  readonly about: string
  readonly rows: readonly (readonly string[])[]
  /** The one figure that an aim is held to; null where there is no aim. */
  readonly aim: { readonly text: string; readonly isMet: boolean } | null
  /** What a reader must know to believe it, or why an aim is missed. */
  readonly notes: readonly string[]
}

/** @param share 0.5 for the median, 0.99 for the 99th percentile (nearest rank) */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
  if (value === undefined) throw new RangeError('there are no values')
  return value
}

export const median = (values: readonly number[]) => percentile(values, 0.5)

export const ms = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`
export const ratio = (value: number) => value.toFixed(2)
