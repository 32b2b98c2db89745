/** Where one picture of the contact sheet stands, in CSS pixels. */
export interface Placed {
  readonly left: number
  readonly top: number
  readonly width: number
  /** Height of the picture alone; its caption stands below. */
  readonly height: number
  readonly row: number
}

export interface Sheet {
  readonly tiles: readonly Placed[]
  readonly height: number
}

export interface SheetOptions {
  readonly width: number
  /** Height that rows come near to. */
  readonly rowHeight: number
  readonly gap: number
  /** Room under each row of pictures. */
  readonly captionHeight: number
}

// Between these, a row may leave the wished height to fill the width. Past them (a tall picture on a phone) it stays
// open instead: a strip of eighty pixels shows nothing.
const shrinkMost = 0.75
export const growMost = 1.6

/**
 * Lays pictures out in rows of equal height that fill the width, each at its true shape.
 *
 * @param aspects width divided by height of each picture, in order; all > 0
 * @returns a place for each. The last row keeps the wished height and its right end stays open; so does one
 *   that could only fill the width by growing past `growMost`. A picture wider than the sheet fills it alone.
 */
export function justifiedRows(aspects: readonly number[], options: SheetOptions): Sheet {
  const { width, rowHeight, gap, captionHeight } = options
  const tiles: Placed[] = []
  if (width <= 0) return { tiles, height: 0 }
  let top = 0
  let row = 0
  let start = 0
  while (start < aspects.length) {
    let sum = 0
    let end = start
    let height = rowHeight
    let full = false
    while (end < aspects.length && !full) {
      const next = sum + (aspects[end] ?? 1)
      const nextHeight = (width - gap * (end - start)) / next
      // Takes the picture that overflows only when that leaves the row nearer to the wished height.
      if (nextHeight <= rowHeight) {
        full = true
        const without = (width - gap * (end - start - 1)) / sum
        const tooLow = nextHeight < rowHeight * shrinkMost
        if (end > start && (tooLow || without - rowHeight < rowHeight - nextHeight)) {
          height = Math.min(without, rowHeight * growMost)
          break
        }
        height = nextHeight
      }
      sum = next
      end += 1
    }
    let left = 0
    for (let index = start; index < end; index += 1) {
      const tileWidth = height * (aspects[index] ?? 1)
      tiles.push({ left, top, width: tileWidth, height, row })
      left += tileWidth + gap
    }
    top += height + captionHeight + gap
    row += 1
    start = end
  }
  return { tiles, height: Math.max(0, top - gap) }
}

/** The tile to which an arrow key leads; the same index at the sheet's edge. */
export function neighbour(sheet: Sheet, index: number, key: string): number {
  const here = sheet.tiles[index]
  if (!here) return index
  if (key === 'ArrowLeft') return Math.max(0, index - 1)
  if (key === 'ArrowRight') return Math.min(sheet.tiles.length - 1, index + 1)
  const wanted = here.row + (key === 'ArrowUp' ? -1 : 1)
  const middle = here.left + here.width / 2
  let best = index
  let bestDistance = Number.POSITIVE_INFINITY
  sheet.tiles.forEach((tile, each) => {
    const distance = Math.abs(tile.left + tile.width / 2 - middle)
    if (tile.row === wanted && distance < bestDistance) {
      best = each
      bestDistance = distance
    }
  })
  return best
}
