import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareBurnOrder, splitSlices, takeSlices } from './credit-rules.ts'

const expiry = fc.constantFrom(null, new Date('2026-12-01T00:00:00Z'), new Date('2026-12-20T00:00:00Z'))
const buckets = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 1, max: 1000 }),
    rank: fc.constantFrom(100, 100, 50),
    costClass: fc.nat({ max: 2 }),
    expiresAt: expiry,
    remaining: fc.nat({ max: 50 }),
  }),
  { selector: (bucket) => bucket.id, maxLength: 8 },
)
const total = (parts: readonly { amount: number }[]) => parts.reduce((sum, part) => sum + part.amount, 0)

test('soonest expiry first, free before paid, oldest first, packs that never expire last', () => {
  const soon = new Date('2026-12-01T00:00:00Z')
  const late = new Date('2027-12-01T00:00:00Z')
  const bucket = (id: number, costClass: number, expiresAt: Date | null, rank = 100) => ({
    id,
    costClass,
    expiresAt,
    rank,
  })
  const order = [
    bucket(1, 2, null),
    bucket(2, 0, null),
    bucket(3, 1, late),
    bucket(4, 2, soon),
    bucket(5, 1, soon),
    bucket(6, 0, soon),
    bucket(7, 0, soon),
    bucket(8, 2, null, 1),
  ].sort(compareBurnOrder)
  expect(order.map(({ id }) => id)).toEqual([8, 6, 7, 5, 4, 3, 2, 1])
})

test('a hold takes exactly its amount, or nothing when there is too little', () => {
  fc.assert(
    fc.property(buckets, fc.integer({ min: 1, max: 200 }), (all, amount) => {
      const has = all.reduce((sum, bucket) => sum + bucket.remaining, 0)
      const slices = takeSlices(all, amount)
      if (has < amount) {
        expect(slices).toBeNull()
        return
      }
      expect(total(slices ?? [])).toBe(amount)
      // A prefix of the burn order: each bucket before the last one is taken whole.
      const order = [...all].sort(compareBurnOrder).filter(({ remaining }) => remaining > 0)
      const taken = slices ?? []
      expect(taken.map(({ bucketId }) => bucketId)).toEqual(order.slice(0, taken.length).map(({ id }) => id))
      for (const [index, slice] of taken.slice(0, -1).entries()) {
        expect(slice.amount).toBe(order[index]?.remaining)
      }
    }),
  )
})

test('a charge takes the first slices and returns the last ones, and nothing is made or lost', () => {
  const slices = fc.array(
    fc.record({ bucketId: fc.nat({ max: 9 }), amount: fc.integer({ min: 1, max: 20 }) }),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  fc.assert(
    fc.property(slices, fc.nat({ max: 120 }), (held, charge) => {
      const { charged, returned, writtenOff } = splitSlices(held, charge)
      expect(total(charged) + writtenOff).toBe(charge)
      expect(total(charged) + total(returned)).toBe(total(held))
      expect(charged.map(({ bucketId }) => bucketId)).toEqual(
        held.slice(0, charged.length).map(({ bucketId }) => bucketId),
      )
      expect(returned.map(({ bucketId }) => bucketId)).toEqual(
        held
          .slice(held.length - returned.length)
          .map(({ bucketId }) => bucketId)
          .reverse(),
      )
    }),
  )
})
