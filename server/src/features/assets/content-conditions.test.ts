import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerContent, type ContentRequest, parseRange } from './content-conditions.ts'

const file = { bytes: 1000, etag: '"abc"', modifiedAt: new Date('2026-03-01T10:00:00.700Z') }
const modified = 'Sun, 01 Mar 2026 10:00:00 GMT'

function ask(headers: Partial<ContentRequest>) {
  return answerContent(
    {
      method: 'GET',
      range: undefined,
      ifRange: undefined,
      ifNoneMatch: undefined,
      ifModifiedSince: undefined,
      ...headers,
    },
    file,
  )
}

describe('a range', () => {
  test.each([
    ['bytes=0-1', { start: 0, end: 1 }],
    ['bytes=0-', { start: 0, end: 999 }],
    ['bytes=999-', { start: 999, end: 999 }],
    ['bytes=-1', { start: 999, end: 999 }],
    ['bytes=-5000', { start: 0, end: 999 }],
    ['bytes=500-5000', { start: 500, end: 999 }],
    ['Bytes = 1-2', { start: 1, end: 2 }],
    ['bytes=1000-', 'outside'],
    ['bytes=1000-2000', 'outside'],
    ['bytes=-0', 'outside'],
    ['bytes=5-4', 'ignored'],
    ['bytes=-', 'ignored'],
    ['bytes=', 'ignored'],
    ['bytes=0-1,5-6', 'ignored'],
    ['bytes=a-b', 'ignored'],
    ['bytes=1.5-2', 'ignored'],
    ['items=0-1', 'ignored'],
    ['bytes=99999999999999999999-', 'ignored'],
  ])('%s', (header, expected) => {
    expect(parseRange(header, 1000)).toEqual(expected)
  })

  test('always lies inside the file', () => {
    const edge = fc.oneof(fc.constant(''), fc.nat({ max: 2000 }).map(String))
    fc.assert(
      fc.property(edge, edge, fc.integer({ min: 1, max: 1500 }), (first, last, bytes) => {
        const range = parseRange(`bytes=${first}-${last}`, bytes)
        if (typeof range === 'string') return
        expect(range.start).toBeGreaterThanOrEqual(0)
        expect(range.start).toBeLessThanOrEqual(range.end)
        expect(range.end).toBeLessThan(bytes)
      }),
    )
  })
})

describe('an answer', () => {
  test('is the whole, a part, or neither', () => {
    expect(ask({})).toEqual({ status: 200 })
    expect(ask({ range: 'bytes=0-1' })).toEqual({ status: 206, range: { start: 0, end: 1 } })
    expect(ask({ range: 'bytes=1000-' })).toEqual({ status: 416 })
    expect(ask({ range: 'bytes=0-1,4-5' })).toEqual({ status: 200 })
    expect(ask({ range: 'bytes=0-1', method: 'HEAD' })).toEqual({ status: 200 })
  })

  test('is 304 when the client has this version, which counts before the range and the date', () => {
    for (const ifNoneMatch of ['"abc"', 'W/"abc"', '*', '"x", "abc"']) {
      expect(ask({ ifNoneMatch, range: 'bytes=0-1' })).toEqual({ status: 304 })
    }
    expect(ask({ ifNoneMatch: '"x"', ifModifiedSince: modified })).toEqual({ status: 200 })
    expect(ask({ ifModifiedSince: modified })).toEqual({ status: 304 })
    expect(ask({ ifModifiedSince: 'Sun, 01 Mar 2026 09:59:59 GMT' })).toEqual({ status: 200 })
    expect(ask({ ifModifiedSince: 'yesterday' })).toEqual({ status: 200 })
  })

  test('joins a part only to the very same version', () => {
    const range = 'bytes=0-1'
    for (const ifRange of ['"abc"', modified]) expect(ask({ range, ifRange }).status).toBe(206)
    for (const ifRange of ['"x"', 'W/"abc"', 'Sun, 01 Mar 2026 10:00:01 GMT', 'nonsense']) {
      expect(ask({ range, ifRange })).toEqual({ status: 200 })
    }
  })
})
