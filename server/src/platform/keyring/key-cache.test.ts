import { expect, test } from 'vitest'
import { KeyCache } from './key-cache.ts'

test('a value is forgotten when its time is over, however often it was used', () => {
  let nowMs = 0
  const cache = new KeyCache<string>({ entriesMax: 10, lifeMs: 100, nowMs: () => nowMs })
  cache.set('a', 'one')
  nowMs = 99
  expect(cache.get('a')).toBe('one')
  nowMs = 100
  expect(cache.get('a')).toBeUndefined()
  expect(cache.size).toBe(0)
})

test('the value used least recently makes room', () => {
  const cache = new KeyCache<number>({ entriesMax: 2, lifeMs: 100, nowMs: () => 0 })
  cache.set('a', 1)
  cache.set('b', 2)
  cache.get('a')
  cache.set('c', 3)
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3])
})
