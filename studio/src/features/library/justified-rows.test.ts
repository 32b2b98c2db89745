import fc from 'fast-check'
import { expect, test } from 'vitest'
import { growMost, justifiedRows, neighbour } from './justified-rows.ts'

const aspects = fc.array(fc.constantFrom(16 / 9, 9 / 16, 1), { maxLength: 60 })
const options = fc.record({
  width: fc.integer({ min: 280, max: 3000 }),
  rowHeight: fc.constantFrom(160, 220),
  gap: fc.constantFrom(8, 12),
  captionHeight: fc.constantFrom(0, 44),
})

test('every picture has a place, at its true shape, inside the sheet', () => {
  fc.assert(
    fc.property(aspects, options, (list, given) => {
      const sheet = justifiedRows(list, given)
      expect(sheet.tiles).toHaveLength(list.length)
      sheet.tiles.forEach((tile, index) => {
        expect(tile.width / tile.height).toBeCloseTo(list[index] ?? 0, 6)
        expect(tile.left).toBeGreaterThanOrEqual(0)
        expect(tile.left + tile.width).toBeLessThanOrEqual(given.width + 1e-6)
        expect(tile.top + tile.height + given.captionHeight).toBeLessThanOrEqual(sheet.height + 1e-6)
      })
    }),
  )
})

test('every row but the last fills the width, or is as high as rows get', () => {
  fc.assert(
    fc.property(aspects, options, (list, given) => {
      const { tiles } = justifiedRows(list, given)
      const lastRow = tiles.at(-1)?.row ?? 0
      for (let row = 0; row < lastRow; row += 1) {
        const end = tiles.filter((tile) => tile.row === row).at(-1)
        if (Math.abs((end?.height ?? 0) - given.rowHeight * growMost) < 1e-6) continue
        expect((end?.left ?? 0) + (end?.width ?? 0)).toBeCloseTo(given.width, 4)
      }
    }),
  )
})

test('no two pictures overlap', () => {
  fc.assert(
    fc.property(aspects, options, (list, given) => {
      const { tiles } = justifiedRows(list, given)
      for (let index = 1; index < tiles.length; index += 1) {
        const before = tiles[index - 1]
        const tile = tiles[index]
        if (!before || !tile) continue
        if (tile.row === before.row) expect(tile.left).toBeGreaterThanOrEqual(before.left + before.width)
        else expect(tile.top).toBeGreaterThanOrEqual(before.top + before.height + given.captionHeight)
      }
    }),
  )
})

test('a few pictures keep the wished height and leave the row open', () => {
  const sheet = justifiedRows([16 / 9, 1], { width: 1400, rowHeight: 220, gap: 12, captionHeight: 44 })
  expect(sheet.tiles.map((tile) => tile.height)).toEqual([220, 220])
  expect(sheet.height).toBe(264)
})

test('a wide picture on a phone fills the width alone', () => {
  const { tiles } = justifiedRows([16 / 9, 16 / 9], {
    width: 358,
    rowHeight: 220,
    gap: 12,
    captionHeight: 44,
  })
  expect(tiles.map((tile) => Math.round(tile.width))).toEqual([358, 358])
})

test('a tall picture on a phone does not become a strip beside a wide one', () => {
  const { tiles } = justifiedRows([9 / 16, 16 / 9], {
    width: 358,
    rowHeight: 200,
    gap: 12,
    captionHeight: 44,
  })
  expect(tiles.map((tile) => tile.row)).toEqual([0, 1])
  expect(Math.round(tiles[0]?.width ?? 0)).toBe(180)
})

test('arrows lead to the nearest picture and stop at the edges', () => {
  const sheet = justifiedRows([1, 1, 1, 1], { width: 452, rowHeight: 220, gap: 12, captionHeight: 0 })
  expect(sheet.tiles.map((tile) => tile.row)).toEqual([0, 0, 1, 1])
  expect(neighbour(sheet, 1, 'ArrowDown')).toBe(3)
  expect(neighbour(sheet, 3, 'ArrowUp')).toBe(1)
  expect(neighbour(sheet, 0, 'ArrowUp')).toBe(0)
  expect(neighbour(sheet, 0, 'ArrowLeft')).toBe(0)
  expect(neighbour(sheet, 3, 'ArrowRight')).toBe(3)
})
