import { createSecretKey, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ObjectStoreError } from './object-store.ts'
import {
  createHeader,
  headerBytes,
  measure,
  openHeader,
  openSegment,
  sealedSegmentBytes,
  sealSegment,
  segmentBytes,
} from './segments.ts'

const accountKey = createSecretKey(randomBytes(32))

describe('the header', () => {
  test('opens for its owner and refuses any flipped bit', () => {
    const { header } = createHeader(accountKey, 'acc_a/one')
    expect(header.length).toBe(headerBytes)
    expect(openHeader(accountKey, 'acc_a/one', header).prefix.length).toBe(7)
    for (let place = 0; place < header.length * 8; place += 1) {
      const changed = Buffer.from(header)
      changed.writeUInt8(changed.readUInt8(place >> 3) ^ (1 << (place & 7)), place >> 3)
      expect(() => openHeader(accountKey, 'acc_a/one', changed)).toThrow(ObjectStoreError)
    }
  })

  test('does not open for another object, account or key', () => {
    const { header } = createHeader(accountKey, 'acc_a/one')
    expect(() => openHeader(accountKey, 'acc_a/two', header)).toThrow(ObjectStoreError)
    expect(() => openHeader(createSecretKey(randomBytes(32)), 'acc_a/one', header)).toThrow(ObjectStoreError)
  })
})

describe('a segment', () => {
  const { segmentKey } = createHeader(accountKey, 'acc_a/one')
  const sealed = Buffer.concat(sealSegment(segmentKey, 3, false, Buffer.from('frame')))

  test('opens at its own place only', () => {
    expect(openSegment(segmentKey, 3, false, sealed).toString()).toBe('frame')
    expect(() => openSegment(segmentKey, 4, false, sealed)).toThrow(ObjectStoreError)
    expect(() => openSegment(segmentKey, 3, true, sealed)).toThrow(ObjectStoreError)
    expect(() => openSegment(segmentKey, 3, false, sealed.subarray(0, 10))).toThrow(ObjectStoreError)
  })
})

test('the size of the plaintext follows from the size of the file', () => {
  const cases = [0, 1, segmentBytes - 1, segmentBytes, segmentBytes + 1, 10 * segmentBytes]
  for (const bytes of cases) {
    const segments = Math.max(1, Math.ceil(bytes / segmentBytes))
    const file = headerBytes + bytes + segments * (sealedSegmentBytes - segmentBytes)
    expect(measure(file)).toEqual({ bytes, segments })
  }
  expect(() => measure(headerBytes)).toThrow(ObjectStoreError)
})
