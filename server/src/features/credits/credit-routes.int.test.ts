import { creditBalance, creditGrant, newId, page, statementLine } from '@backlot/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts'
import { systemClock } from '../../platform/clock.ts'
import { createApi, type Identity, parseTrustedProxies } from '../../platform/http/index.ts'
import { silentLog } from '../../platform/log.ts'
import { creditRoutes } from './credit-routes.ts'
import { createCredits } from './credit-service.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

async function setUp() {
  const { db } = database
  const events = { append: async () => undefined }
  const clock = systemClock
  const credits = createCredits({ db, clock, log: silentLog, events, freeMonthly: () => 20 })
  const accountId = newId('acc')
  await db.transaction((tx) => credits.openAccount(tx, accountId, clock.now()))
  const identity = (role: 'creator' | 'operator', scopes: string[] | null): Identity => ({
    kind: scopes ? 'key' : 'session',
    userId: 'usr_1',
    accountId,
    role,
    sessionId: null,
    keyId: null,
    scopes: scopes ?? [],
  })
  const people: Record<string, Identity> = {
    creator: identity('creator', null),
    operator: identity('operator', null),
    key: identity('creator', ['credits:read']),
    poorKey: identity('creator', ['models:read']),
  }
  const api = createApi({
    log: silentLog,
    authenticate: async (request) => people[request.headers.get('authorization') ?? ''] ?? null,
    publicOrigin: 'http://localhost',
    trustedProxies: parseTrustedProxies([]),
    socketAddress: () => '127.0.0.1',
  })
  creditRoutes(api, { credits, db, clock })
  async function call(who: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await api.app.request(path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: who, 'content-type': 'application/json', ...headers },
      body: body === undefined ? null : JSON.stringify(body),
    })
    return { status: response.status, json: (await response.json()) as Record<string, unknown> }
  }
  return { call, accountId, credits }
}

test('an account reads its balance and its statement, and nobody else does', async () => {
  const { call } = await setUp()
  const balance = await call('creator', '/v1/credits')
  expect(creditBalance.parse(balance.json)).toMatchObject({
    available: 20,
    held: 0,
    grants: [{ kind: 'promo', amount: 20, remaining: 20 }],
  })
  const statement = await call('key', '/v1/credits/statement')
  const { data } = page(statementLine).parse(statement.json)
  expect(data).toMatchObject([{ kind: 'grant', amount: 20, available_after: 20 }])
  expect((await call('nobody', '/v1/credits')).status).toBe(401)
  expect((await call('poorKey', '/v1/credits')).status).toBe(403)
  expect((await call('creator', '/v1/credits/statement?after=nonsense')).json).toMatchObject({
    code: 'request_invalid',
  })
})

test('an operator gives credits with a reason, once per Idempotency-Key', async () => {
  const { call, accountId } = await setUp()
  const path = `/v1/console/accounts/${accountId}/grants`
  const body = { amount: 30, reason: 'for the demo', expires_in_days: 10 }
  const once = { 'idempotency-key': 'demo-1' }
  const first = await call('operator', path, body, once)
  expect(first.status).toBe(201)
  expect(creditGrant.parse(first.json)).toMatchObject({ kind: 'admin', amount: 30 })
  expect(await call('operator', path, body, once)).toEqual(first)
  const other = await call('operator', path, { ...body, amount: 31 }, once)
  expect([other.status, other.json['code']]).toEqual([409, 'idempotency_conflict'])
  // Without a key every request is one of its own.
  await call('operator', path, { amount: 1, reason: 'one more' })
  await call('operator', path, { amount: 1, reason: 'one more' })
  const { json } = await call('creator', '/v1/credits')
  expect(json['available']).toBe(52)
  const statement = page(statementLine).parse((await call('creator', '/v1/credits/statement')).json)
  expect(statement.data.map(({ explanation }) => explanation)).toContain(
    'Credits from the operator: one more, never expire',
  )
})

test('only an operator gives credits, only to accounts that exist, and only whole ones', async () => {
  const { call, accountId } = await setUp()
  const path = `/v1/console/accounts/${accountId}/grants`
  const body = { amount: 30, reason: 'for the demo' }
  expect((await call('creator', path, body)).status).toBe(403)
  expect((await call('key', path, body)).status).toBe(403)
  expect((await call('operator', `/v1/console/accounts/${newId('acc')}/grants`, body)).status).toBe(404)
  for (const wrong of [{ amount: 0 }, { amount: 1.5 }, { amount: 2e9 }, { reason: 'x' }, { more: 1 }]) {
    expect((await call('operator', path, { ...body, ...wrong })).status).toBe(422)
  }
  const key = { 'idempotency-key': 'with a space' }
  expect((await call('operator', path, body, key)).json).toMatchObject({ code: 'request_invalid' })
  expect((await call('creator', '/v1/credits')).json['available']).toBe(20)
})
