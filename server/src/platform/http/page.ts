/**
 * One page out of a query that was asked for `limit + 1` rows: the one too many says that there is a next page.
 *
 * @param cursorOf what the next page begins behind, of the last row shown
 */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => string,
): { shown: readonly Row[]; next: string | null } {
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return { shown, next: last === undefined ? null : cursorOf(last) }
}
