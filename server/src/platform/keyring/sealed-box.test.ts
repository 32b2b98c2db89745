import { createSecretKey, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openBox, SealError, sealBox } from './sealed-box.ts'
import { deriveKey } from './subkeys.ts'

const key = createSecretKey(randomBytes(32))
const bytes = fc.uint8Array({ maxLength: 300 })
const word = fc.string({ maxLength: 20 })

describe('a sealed box', () => {
  test('opens to what was sealed', () => {
    fc.assert(
      fc.property(bytes, word, word, (plain, keyId, context) => {
        const box = sealBox(key, keyId, context, plain)
        expect(openBox(key, keyId, context, box).equals(Buffer.from(plain))).toBe(true)
      }),
    )
  })

  test('refuses to open when any one bit was flipped', () => {
    fc.assert(
      fc.property(bytes, fc.nat(), fc.nat({ max: 7 }), (plain, place, bit) => {
        const box = sealBox(key, 'k1', 'note:1', plain)
        const index = place % box.length
        box.writeUInt8(box.readUInt8(index) ^ (1 << bit), index)
        expect(() => openBox(key, 'k1', 'note:1', box)).toThrow(SealError)
      }),
      { numRuns: 300 },
    )
  })

  test('refuses to open when cut anywhere', () => {
    const box = sealBox(key, 'k1', 'note:1', Buffer.from('a short text'))
    for (let length = 0; length < box.length; length += 1) {
      expect(() => openBox(key, 'k1', 'note:1', box.subarray(0, length))).toThrow(SealError)
    }
  })

  test('opens only for its own context, key id and key', () => {
    fc.assert(
      fc.property(word, word, (one, other) => {
        fc.pre(one !== other)
        expect(() => openBox(key, 'k1', other, sealBox(key, 'k1', one, Buffer.from('x')))).toThrow(SealError)
        expect(() => openBox(key, other, 'c', sealBox(key, one, 'c', Buffer.from('x')))).toThrow(SealError)
      }),
    )
    const stranger = createSecretKey(randomBytes(32))
    expect(() => openBox(stranger, 'k1', 'c', sealBox(key, 'k1', 'c', Buffer.from('x')))).toThrow(SealError)
  })

  test('never looks the same twice', () => {
    const plain = Buffer.from('the same')
    expect(sealBox(key, '', 'c', plain).equals(sealBox(key, '', 'c', plain))).toBe(false)
  })
})

test('keys of different purposes differ, and the same purpose gives the same key', () => {
  const secret = randomBytes(32)
  expect(deriveKey(secret, 'one').equals(deriveKey(secret, 'two'))).toBe(false)
  expect(deriveKey(secret, 'one').equals(deriveKey(secret, 'one'))).toBe(true)
})
