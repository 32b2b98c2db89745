import { describe, expect, test } from 'vitest'
import { silentLog } from '../log.ts'
import { createApi } from './api.ts'
import { parseTrustedProxies } from './client-address.ts'
import type { Identity } from './identity.ts'

const publicOrigin = 'https://lot.example'
const person: Identity = {
  kind: 'session',
  userId: 'usr_1',
  accountId: 'acc_1',
  role: 'creator',
  sessionId: 'ses_1',
  keyId: null,
  scopes: [],
}

function lot(who: Identity | null = person) {
  const api = createApi({
    log: silentLog,
    authenticate: async () => who,
    publicOrigin,
    trustedProxies: parseTrustedProxies([]),
    socketAddress: () => '192.0.2.1',
  })
  api.route(
    { method: 'post', path: '/v1/change', access: 'account', summary: 'Changes' },
    async () => undefined,
  )
  api.route(
    { method: 'post', path: '/v1/scoped', access: 'account', scope: 'a:write', summary: 'Changes' },
    async () => undefined,
  )
  return async (headers: Record<string, string>, path = '/v1/change') =>
    (await api.app.request(`${publicOrigin}${path}`, { method: 'POST', headers })).status
}

describe('a change by cookie', () => {
  test.each([
    ['our page', { origin: publicOrigin, 'sec-fetch-site': 'same-origin' }],
    ['our page by another name', { origin: 'http://10.0.0.5:3000', host: '10.0.0.5:3000' }],
    ['a program, which sends neither', {}],
    ['the address bar', { 'sec-fetch-site': 'none' }],
  ] as [string, Record<string, string>][])('is taken from %s', async (_who, headers) => {
    expect(await lot()(headers)).toBe(204)
  })

  test.each([
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another site, by an old browser', { origin: 'https://evil.example' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['a sibling', { origin: 'https://other.lot.example', 'sec-fetch-site': 'same-site' }],
    // Whoever sits on the line answers http://lot.example with a page of theirs; the host is the same.
    [
      'our name without encryption',
      { origin: 'http://lot.example', host: 'lot.example', 'sec-fetch-site': 'cross-site' },
    ],
  ] as [string, Record<string, string>][])('is refused from %s', async (_who, headers) => {
    expect(await lot()(headers)).toBe(403)
  })
})

test('a key needs no origin, and its scope', async () => {
  const key: Identity = { ...person, kind: 'key', sessionId: null, keyId: 'key_1', scopes: ['a:write'] }
  const elsewhere = { origin: 'https://app.example', 'sec-fetch-site': 'cross-site' }
  expect(await lot(key)(elsewhere, '/v1/scoped')).toBe(204)
  // A route without a scope is none for keys.
  expect(await lot(key)(elsewhere)).toBe(403)
  expect(await lot({ ...key, scopes: [] })(elsewhere, '/v1/scoped')).toBe(403)
})

test('an answer carries the policy and hides what broke', async () => {
  const api = createApi({
    log: silentLog,
    authenticate: async () => null,
    publicOrigin,
    trustedProxies: [],
    socketAddress: () => '192.0.2.1',
  })
  api.route({ method: 'get', path: '/v1/broken', access: 'public', summary: 'Breaks' }, async () => {
    throw new Error('a secret of the database')
  })
  const answer = await api.app.request(`${publicOrigin}/v1/broken`)
  expect(answer.status).toBe(500)
  expect(await answer.text()).not.toContain('secret')
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'")
  expect(answer.headers.get('strict-transport-security')).toContain('max-age')
})
