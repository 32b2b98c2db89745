import { describe, expect, it } from 'vitest'
import { createIdentityCache, type Standing } from './identity-cache.ts'
import { createPasswordHashing } from './password-hashing.ts'

const start = new Date('2026-11-20T12:00:00Z')
const later = (ms: number) => new Date(start.getTime() + ms)
const standing = (sessionId: string, expiresAt: Date | null = null): Standing => ({
  identity: {
    kind: 'session',
    userId: 'usr_1',
    accountId: 'acc_1',
    role: 'creator',
    sessionId,
    keyId: null,
    scopes: [],
  },
  suspended: false,
  termsAccepted: true,
  expiresAt,
})

describe('what is remembered of who asks', () => {
  it('lasts for its lifetime, and no longer than the session', () => {
    const cache = createIdentityCache({ lifetimeMs: 5000, entriesMax: 10 })
    cache.set('a', standing('ses_a'), start)
    cache.set('b', standing('ses_b', later(1000)), start)
    expect(cache.get('a', later(4999))?.identity.sessionId).toBe('ses_a')
    expect(cache.get('a', later(5000))).toBeUndefined()
    expect(cache.get('b', later(999))).toBeDefined()
    expect(cache.get('b', later(1000))).toBeUndefined()
  })

  it('is forgotten at once for whom it must be, and says that something was', () => {
    const cache = createIdentityCache({ lifetimeMs: 5000, entriesMax: 10 })
    cache.set('a', standing('ses_a'), start)
    cache.set('b', standing('ses_b'), start)
    const before = cache.generation
    cache.forget((identity) => identity.sessionId === 'ses_a')
    expect(cache.get('a', start)).toBeUndefined()
    expect(cache.get('b', start)).toBeDefined()
    expect(cache.generation).not.toBe(before)
  })

  it('stays small', () => {
    const cache = createIdentityCache({ lifetimeMs: 5000, entriesMax: 3 })
    for (let index = 0; index < 100; index += 1) cache.set(`s${index}`, standing(`ses_${index}`), start)
    const kept = Array.from({ length: 100 }, (_, index) => cache.get(`s${index}`, start)).filter(Boolean)
    expect(kept).toHaveLength(3)
  })
})

describe('password hashing', () => {
  it('turns away whoever would wait too long, and serves everybody else', async () => {
    const hashing = createPasswordHashing({ running: 1, waiting: 2 })
    const results = await Promise.allSettled([1, 2, 3, 4, 5].map(() => hashing.hash('a password')))
    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ])
    expect(results.at(-1)).toMatchObject({ reason: { code: 'overloaded' } })
    const [first] = results
    const hash = first?.status === 'fulfilled' ? first.value : ''
    expect(await hashing.verify({ hash, password: 'a password' })).toBe(true)
    expect(await hashing.verify({ hash, password: 'another' })).toBe(false)
  })
})
