import { newId } from '@backlot/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { presentStatement, readCursor, type StatementEntry } from './credit-statement.ts'

const at = new Date('2026-11-20T10:00:00Z')
const newest = { seq: 1_000_000, ord: 0 }

function entry(change: Partial<StatementEntry>): StatementEntry {
  return {
    seq: 1,
    ord: 1,
    kind: 'grant',
    from_code: 61,
    to_code: 10,
    amount: 10,
    ref: null,
    cause: null,
    available_after: 10,
    held_after: 0,
    at,
    bucket_kind: 'promo',
    source_key: 'free:2026-11-20T10:00:00.000Z',
    expires_at: new Date('2026-12-20T10:00:00Z'),
    effective_at: at,
    reason: null,
    ...change,
  }
}

const explanation = (change: Partial<StatementEntry>) =>
  presentStatement([entry(change)], newest, 10).data[0]?.explanation

test('every line says in plain words why the balance changed', () => {
  const forever = { expires_at: null }
  const words = [
    explanation({}),
    explanation({ source_key: 'welcome' }),
    explanation({ bucket_kind: 'admin', reason: 'thanks for the report', ...forever }),
    explanation({ bucket_kind: 'pack', ...forever }),
    explanation({ bucket_kind: 'subscription' }),
    explanation({ kind: 'hold', from_code: 10, to_code: 20 }),
    explanation({ kind: 'capture', from_code: 20, to_code: 30 }),
    explanation({ kind: 'release', from_code: 20, cause: 'failure' }),
    explanation({ kind: 'release', from_code: 20, cause: 'canceled' }),
    explanation({ kind: 'release', from_code: 20, cause: 'blocked' }),
    explanation({ kind: 'release', from_code: 20, cause: 'unused' }),
    explanation({ kind: 'expire', from_code: 10, to_code: 40 }),
    explanation({ kind: 'expire', from_code: 20, to_code: 40, cause: 'canceled' }),
    explanation({ kind: 'restore', bucket_kind: 'restored', cause: 'failure' }),
    explanation({ kind: 'refund', from_code: 30 }),
    explanation({ kind: 'adjust', from_code: 10, to_code: 50, reason: 'granted twice' }),
  ]
  expect(words).toEqual([
    'Monthly free credits, good until 20 December 2026',
    'Free credits, good until 20 December 2026',
    'Credits from the operator: thanks for the report, never expire',
    'Credit pack, never expires',
    'Credits of the subscription, good until 20 December 2026',
    'Held for a generation',
    'Charged for a delivered generation',
    'Returned: the generation failed',
    'Returned: the generation was canceled',
    'Returned: the generation was blocked by a rule',
    'Returned: the generation cost less than was held',
    'Expired: monthly free credits of 20 November 2026',
    'Returned, but expired meanwhile: the generation was canceled',
    'Given anew after a failed generation, because the original credits had expired, good until 20 December 2026',
    'Refunded: given back after it had been charged',
    'Taken back by the operator: granted twice',
  ])
})

test('transfers of one operation that mean the same are one line, with the balance after them', () => {
  const generation = newId('gen')
  const hold = { seq: 2, kind: 'hold', from_code: 10, to_code: 20, ref: generation }
  const { data, next } = presentStatement(
    [
      entry({ ...hold, ord: 2, amount: 3, available_after: 5, held_after: 5 }),
      entry({ ...hold, ord: 1, amount: 2, available_after: 8, held_after: 2 }),
      entry({ seq: 1 }),
    ],
    newest,
    10,
  )
  expect(next).toBeNull()
  expect(data).toMatchObject([
    { id: '2.1', amount: -5, held_change: 5, available_after: 5, held_after: 5, generation_id: generation },
    { id: '1.1', amount: 10, held_change: 0, available_after: 10, held_after: 0, generation_id: null },
  ])
})

test('pages of any size join to the whole statement', () => {
  const kinds = fc.array(fc.constantFrom('capture', 'release', 'expire', 'overrun'), {
    minLength: 1,
    maxLength: 4,
  })
  // A group that the customer does not see at all never happens: an overrun follows a capture.
  const groups = fc.array(
    kinds.map((rest) => ['capture', ...rest]),
    { minLength: 1, maxLength: 12 },
  )
  fc.assert(
    fc.property(groups, fc.integer({ min: 1, max: 5 }), (all, limit) => {
      const entries = all
        .flatMap((kindsOf, index) =>
          kindsOf.map((kind, ord) => entry({ seq: index + 1, ord: ord + 1, kind })),
        )
        .reverse()
      const whole = presentStatement(entries, newest, 1000).data
      const pages: unknown[] = []
      let cursor: { seq: number; ord: number } | null = { seq: all.length + 1, ord: 0 }
      while (cursor) {
        const { seq }: { seq: number } = cursor
        const window = entries.filter((candidate) => candidate.seq <= seq && candidate.seq >= seq - limit)
        const { data, next } = presentStatement(window, cursor, limit)
        expect(data.length).toBeGreaterThan(0)
        pages.push(...data)
        cursor = next === null ? null : readCursor(next)
      }
      expect(pages).toEqual(whole)
    }),
  )
})

test('what was never a cursor is none', () => {
  for (const text of ['', '1', '1.', 'a.b', '-1.1', '1.1.1', '9999999999999999.1']) {
    expect(readCursor(text)).toBeNull()
  }
  expect(readCursor('12.3')).toEqual({ seq: 12, ord: 3 })
})
