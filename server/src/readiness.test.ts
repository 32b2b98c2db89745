import { describe, expect, test } from 'vitest'
import { readConfig } from './config/index.ts'
import { isReachable, judgeReadiness, type ReadinessFacts } from './readiness.ts'

function facts(
  variables: Record<string, string> = {},
  changes: Partial<ReadinessFacts> = {},
): ReadinessFacts {
  return {
    config: readConfig({ BACKLOT_DATA_DIR: '/srv/backlot', ...variables }).config,
    sendsMail: false,
    placeholders: ['contacts.support_email'],
    registration: 'invited',
    hasOperator: false,
    operatorsWithoutSecondFactor: 0,
    contentCredentials: { signs: true, source: 'own' },
    video: { isAvailable: true, detail: 'FFmpeg 8' },
    freeBytes: 100 * 1024 ** 3,
    ...changes,
  }
}

function blocking(given: ReadinessFacts): string[] {
  return judgeReadiness(given)
    .filter((item) => item.state === 'blocking')
    .map((item) => item.id)
}

const settled = [
  {
    BACKLOT_PUBLIC_URL: 'https://video.example.org',
    BACKLOT_TRUSTED_PROXIES: '127.0.0.1',
    BACKLOT_MASTER_KEY: 'ab'.repeat(32),
    DATABASE_URL: 'postgres://me:planted@db/backlot',
  },
  {
    sendsMail: true,
    placeholders: [],
    hasOperator: true,
    operatorsWithoutSecondFactor: 0,
    contentCredentials: { signs: true, source: 'operator' },
  },
] as const satisfies [Record<string, string>, Partial<ReadinessFacts>]

describe('readiness', () => {
  test('a fresh deployment names all that stands in the way', () => {
    expect(blocking(facts())).toEqual(['operator', 'public_url', 'mail', 'profile'])
  })

  test('a settled one has nothing in the way, and only backups that nobody can see', () => {
    const items = judgeReadiness(facts(...settled))
    expect(items.filter((item) => item.state !== 'ok').map((item) => item.id)).toEqual(['backups'])
  })

  test.each([
    ['open registration without mail', 'registration', { registration: 'open', sendsMail: false }],
    ['no operator', 'operator', { hasOperator: false }],
    ['an operator without a second factor', 'operator_second_factor', { operatorsWithoutSecondFactor: 1 }],
    ['a full disk', 'storage', { freeBytes: 1000 }],
    ['no video library', 'media', { video: { isAvailable: false, detail: 'node-av is missing' } }],
  ] as const)('%s stands in the way', (_name, id, change) => {
    expect(blocking(facts(settled[0], { ...settled[1], ...change }))).toContain(id)
  })

  test('every id stands once, and no secret is told', () => {
    for (const given of [facts(), facts(...settled)]) {
      const items = judgeReadiness(given)
      expect(new Set(items.map((item) => item.id)).size).toBe(items.length)
      expect(JSON.stringify(items)).not.toMatch(/planted|abab/)
    }
  })
})

test.each([
  [{}, false],
  [{ BACKLOT_HOST: '0.0.0.0' }, true],
  [{ BACKLOT_PUBLIC_URL: 'https://video.example.org' }, true],
  [{ BACKLOT_PUBLIC_URL: 'http://localhost:3000' }, false],
])('%j is reachable for others: %s', (variables, expected) => {
  expect(isReachable(readConfig(variables as Record<string, string>).config)).toBe(expected)
})
