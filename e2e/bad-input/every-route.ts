import { describe, expect, test } from 'vitest'
import { succeed } from '../operator.ts'
import {
  accountId,
  before,
  type Call,
  call,
  cookie,
  generation,
  image,
  key,
  otherCookie,
  otherEmail,
  otherKey,
  otherPassword,
  problemOf,
  type Route,
  routes,
  server,
} from './site.ts'

/** Every route that the server describes, by whom and with what it must not be called. */
export function tryEveryRoute(): void {
  describe('every route', () => {
    const wrongIds = [
      'nonsense',
      '..%2f..%2fetc%2fpasswd',
      '%00',
      '%2e%2e',
      'gen_',
      'x'.repeat(3_000),
      'gen_01m7wj059erp1pbpamx8hd05sj%27%3bdrop%20table%20generations--',
      '%F0%9F%8E%AC',
      'null',
      '-1',
    ]
    const addressOf = (route: Route, id: string) => route.path.replaceAll(/\{\w+\}/g, id)
    const jsonBody = (route: Route): Call =>
      route.hasBody ? { headers: { 'content-type': 'application/json' }, body: '{}' } : {}
    /** By key where keys may, and by session elsewhere, so that no route is spared. */
    const asOwner = (route: Route, more: Call = {}): Call =>
      route.isOpen || route.scope !== null
        ? { method: route.method, ...more }
        : {
            method: route.method,
            ...more,
            key: null,
            headers: { ...more.headers, cookie, 'sec-fetch-site': 'same-origin' },
          }

    test('is described, and there are many', () => {
      expect(routes.length).toBeGreaterThan(40)
      expect(routes.filter((route) => route.scope !== null).length).toBeGreaterThan(8)
    })

    test('without credentials, or with wrong ones: none that is not open answers', async () => {
      const wrong: Record<string, string>[] = [
        {},
        { authorization: 'Bearer nonsense' },
        { authorization: `Bearer ${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}` },
        { authorization: `Basic ${Buffer.from(`${otherEmail}:${otherPassword}`).toString('base64')}` },
        { cookie: 'backlot.session_token=nonsense.nonsense' },
      ]
      for (const route of routes.filter((one) => !one.isOpen)) {
        for (const headers of wrong) {
          const { headers: type = {}, ...rest } = jsonBody(route)
          const address = addressOf(route, generation.id)
          const answer = await problemOf(
            await call(address, {
              method: route.method,
              ...rest,
              headers: { ...type, ...headers },
              key: null,
            }),
          )
          expect([route, answer.code]).toEqual([route, 'unauthenticated'])
        }
      }
    })

    test('with a key that lacks the scope: forbidden, or not for keys at all', async () => {
      for (const scope of ['models:read', 'generations:read']) {
        const made = await succeed(
          ['keys', 'create', '--account', otherEmail, '--name', scope, '--scope', scope, '--json'],
          server.dataFolder,
        )
        before['api_keys'] = (before['api_keys'] ?? 0) + 1
        const narrow = (JSON.parse(made) as { key: string }).key
        for (const route of routes.filter((one) => !one.isOpen && one.scope !== scope)) {
          const address = addressOf(route, generation.id)
          const response = await call(address, { method: route.method, ...jsonBody(route), key: narrow })
          expect([route, (await problemOf(response)).code]).toEqual([route, 'forbidden'])
        }
      }
    })

    test('with the ids of another account: as if they did not exist', async () => {
      const ids = [generation.id, image.id, generation.outputs[0]?.id ?? '', accountId]
      for (const route of routes.filter((one) => one.path.includes('{') && !one.isOpen)) {
        for (const id of ids) {
          const asKey: Call = { ...jsonBody(route), key: otherKey }
          const asSession: Call = { ...jsonBody(route), key: null }
          asSession.headers = { ...asSession.headers, cookie: otherCookie, 'sec-fetch-site': 'same-origin' }
          for (const who of [asKey, asSession]) {
            const response = await call(addressOf(route, id), { method: route.method, ...who })
            const answer = await problemOf(response)
            expect([route, id, answer.code]).toEqual([
              route,
              id,
              expect.stringMatching(/^(not_found|forbidden|request_invalid|sign_in_stale)$/),
            ])
          }
        }
      }
      expect((await call(`/v1/generations/${generation.id}`)).status).toBe(200)
      expect((await call(`/v1/assets/${image.id}`)).status).toBe(200)
    })

    test('with ids that are none: a problem, and nothing else', async () => {
      for (const route of routes.filter((one) => one.path.includes('{'))) {
        for (const id of wrongIds) {
          const response = await call(addressOf(route, id), asOwner(route, jsonBody(route)))
          const answer = await problemOf(response)
          expect([route, id, answer.status]).toEqual([route, id, expect.toSatisfy((status) => status < 500)])
        }
      }
    })

    test('with ids of the wrong kind', async () => {
      const wrong = [
        [`/v1/generations/${image.id}`, 'GET'],
        [`/v1/generations/${image.id}/cancel`, 'POST'],
        [`/v1/generations/${accountId}`, 'DELETE'],
        [`/v1/assets/${generation.id}`, 'GET'],
        [`/v1/assets/${generation.id}`, 'DELETE'],
        [`/v1/assets/${accountId}/provenance`, 'GET'],
      ] as const
      for (const [address, method] of wrong) {
        expect((await problemOf(await call(address, { method }))).code).toBe('not_found')
      }
    })

    test('with a body of the wrong kind: named, never a crash', async () => {
      const bodies = ['[]', 'null', '7', '{"a":{"b":[{}]}}', '{"id":{"$ne":null}}']
      for (const route of routes.filter((one) => one.hasBody)) {
        for (const body of bodies) {
          const headers = { 'content-type': 'application/json' }
          const response = await call(addressOf(route, 'draft'), asOwner(route, { headers, body }))
          const { code } = await problemOf(response)
          expect([route, code]).toEqual([
            route,
            expect.stringMatching(/^(request_invalid|forbidden|not_found|too_many_attempts|setup_done)$/),
          ])
        }
      }
    })

    test('that is a list, with a page that cannot be', async () => {
      const lists = routes.filter((one) => one.method === 'GET' && one.query.includes('limit'))
      expect(lists.length).toBeGreaterThanOrEqual(3)
      const wrong: [string, string][] = [
        ['limit=0', 'limit'],
        ['limit=-1', 'limit'],
        ['limit=1000000', 'limit'],
        ['limit=2.5', 'limit'],
        ['limit=ten', 'limit'],
        ['after=%00', 'after'],
        [`after=${'a'.repeat(300)}`, 'after'],
      ]
      for (const route of lists) {
        for (const [query, field] of wrong) {
          const response = await call(`${addressOf(route, 'x')}?${query}`, asOwner(route))
          const answer = await problemOf(response)
          expect([route, query, answer.errors?.map((one) => one.field)]).toEqual([route, query, [field]])
        }
        // A cursor that we did not make is an empty page or a problem, never a crash.
        for (const after of ['nonsense', '%27%3b--', 'eyJhIjoxfQ', '9'.repeat(30), '%F0%9F%8E%AC']) {
          const response = await call(`${addressOf(route, 'x')}?after=${after}`, asOwner(route))
          if (!response.ok) await problemOf(response)
        }
      }
    })

    test('by another method, and addresses that are none', async () => {
      for (const [method, address] of [
        ['PUT', '/v1/generations'],
        ['DELETE', '/v1/generations'],
        ['PATCH', `/v1/generations/${generation.id}`],
        ['GET', '/v1/nothing'],
        ['GET', '/v1/../../../etc/passwd'],
        ['GET', '/v1/%2e%2e/%2e%2e/etc/passwd'],
        ['GET', '/v1//generations'],
        ['GET', '/v1/generations/'],
      ] as const) {
        const { code } = await problemOf(await call(address, { method }))
        expect([method, address, code]).toEqual([
          method,
          address,
          expect.stringMatching(/^(not_found|method_not_allowed)$/),
        ])
      }
    })
  })
}
