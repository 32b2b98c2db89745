import { newId } from '@backlot/contract'
import { expect, test } from 'vitest'
import { assetOfKey, objectKey, renditionNames, retentionEnd } from './asset.ts'
import { contentExpiry } from './content-url.ts'

test('a key of an object leads back to its asset, and nothing else does', () => {
  const id = newId('ast')
  for (const name of renditionNames) expect(assetOfKey(objectKey(id, name))).toBe(id)
  for (const key of [id, `${id}.other`, `${id}.web.bak`, `${newId('gen')}.web`, 'x.web', '.web', '']) {
    expect(assetOfKey(key)).toBeNull()
  }
})

test('retention ends after whole days, or never', () => {
  const at = new Date('2026-01-31T12:00:00Z')
  expect(retentionEnd(at, 30)?.toISOString()).toBe('2026-03-02T12:00:00.000Z')
  expect(retentionEnd(at, null)).toBeNull()
})

test('addresses are good for at least their time, at most half as long again, and stay the same for a while', () => {
  const start = Date.parse('2026-01-01T00:00:00Z')
  for (let second = 0; second < 2000; second += 7) {
    const now = start / 1000 + second
    const good = contentExpiry(new Date(now * 1000), 900) - now
    expect(good).toBeGreaterThanOrEqual(900)
    expect(good).toBeLessThanOrEqual(1350)
  }
  const ends = new Set<number>()
  for (let second = 1; second <= 450; second += 1)
    ends.add(contentExpiry(new Date(start + second * 1000), 900))
  expect(ends.size).toBe(1)
})
