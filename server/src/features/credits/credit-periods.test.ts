import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addMonths, monthlyKey, monthlyPeriod } from './credit-periods.ts'

const at = (text: string) => new Date(text)

test('months are counted from the anchor, not from the month before', () => {
  const anchor = at('2026-01-31T10:00:00Z')
  const starts = [0, 1, 2, 3, 13].map((months) => addMonths(anchor, months).toISOString())
  expect(starts).toEqual([
    '2026-01-31T10:00:00.000Z',
    '2026-02-28T10:00:00.000Z',
    '2026-03-31T10:00:00.000Z',
    '2026-04-30T10:00:00.000Z',
    '2027-02-28T10:00:00.000Z',
  ])
  expect(addMonths(at('2027-12-29T00:00:00Z'), 2).toISOString()).toBe('2028-02-29T00:00:00.000Z')
})

test('a period begins at its start and ends before the next', () => {
  const anchor = at('2026-01-31T10:00:00Z')
  expect(monthlyPeriod(anchor, at('2026-02-28T09:59:59.999Z')).index).toBe(0)
  expect(monthlyPeriod(anchor, at('2026-02-28T10:00:00Z')).index).toBe(1)
  expect(monthlyPeriod(anchor, at('2026-03-31T09:59:59.999Z')).index).toBe(1)
  expect(monthlyKey(monthlyPeriod(anchor, at('2026-03-31T10:00:00Z')))).toBe('free:2026-03-31T10:00:00.000Z')
  expect(monthlyPeriod(anchor, at('2025-12-01T00:00:00Z')).index).toBe(0)
})

test('every moment lies in exactly one period, and periods join without a gap', () => {
  const date = fc.date({
    min: at('2000-01-01T00:00:00Z'),
    max: at('2100-01-01T00:00:00Z'),
    noInvalidDate: true,
  })
  fc.assert(
    fc.property(date, fc.nat({ max: 40 * 365 * 86_400 }), (anchor, seconds) => {
      const moment = new Date(anchor.getTime() + seconds * 1000)
      const { index, start, end } = monthlyPeriod(anchor, moment)
      expect(start.getTime()).toBeLessThanOrEqual(moment.getTime())
      expect(end.getTime()).toBeGreaterThan(moment.getTime())
      expect(monthlyPeriod(anchor, end)).toMatchObject({ index: index + 1, start: end })
      expect(monthlyPeriod(anchor, new Date(end.getTime() - 1)).index).toBe(index)
    }),
  )
})
