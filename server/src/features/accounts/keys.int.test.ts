import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestAccounts, goodPassword } from '../../../test/accounts.ts'

let testlot: Awaited<ReturnType<typeof createTestAccounts>>
let operator: Awaited<ReturnType<typeof testlot.signedUp>>
beforeAll(async () => {
  testlot = await createTestAccounts()
  await testlot.accounts.createOperator({ email: 'op@example.com', password: goodPassword })
  operator = testlot.browser()
  await operator.json('POST', '/v1/sign-in', { email: 'op@example.com', password: goodPassword })
})
afterAll(() => testlot.close())

const withKey = async (key: string, path = '/v1/models') =>
  testlot.fetchApp(
    new Request(`http://localhost:4000${path}`, { headers: { authorization: `Bearer ${key}` } }),
  )

describe('API keys', () => {
  it('shows the secret once, opens what its scopes allow, and stops when revoked', async () => {
    const browser = await testlot.signedUp('kay@example.com')
    const made = await browser.json('POST', '/v1/keys', { name: 'My secret robot', scopes: ['models:read'] })
    expect(made.status).toBe(201)
    const key = String(made.body['key'])
    expect(key).toMatch(/^bl_[\w-]{43}$/)
    expect((await withKey(key)).status).toBe(204)
    // A key is not a person: no route without a scope answers it.
    expect((await withKey(key, '/v1/me')).status).toBe(403)
    expect((await withKey(key, '/v1/keys')).status).toBe(403)

    const listed = await browser.send('GET', '/v1/keys')
    const text = await listed.text()
    expect(text).toContain('My secret robot')
    expect(text).not.toContain(key)

    const stored = await testlot.db.query('select * from api_keys')
    const dump = JSON.stringify(stored.map((row) => Object.values(row).map(String)))
    expect(dump).not.toContain('robot')
    expect(dump).not.toContain(key.slice(12))

    expect((await browser.json('DELETE', `/v1/keys/${made.body['id']}`)).status).toBe(204)
    expect((await withKey(key)).status).toBe(401)
  })

  it('refuses unknown and malformed keys, and never falls back to the cookie', async () => {
    const browser = await testlot.signedUp('lou@example.com')
    for (const authorization of [`Bearer bl_${'x'.repeat(43)}`, 'Bearer nonsense', 'Basic abc', 'Bearer ']) {
      const response = await browser.send('GET', '/v1/models', undefined, { authorization })
      expect(response.status).toBe(401)
    }
  })

  it('refuses a key without the scope', async () => {
    const browser = await testlot.signedUp('mia@example.com')
    const made = await browser.json('POST', '/v1/keys', { name: 'narrow', scopes: ['credits:read'] })
    const response = await withKey(String(made.body['key']))
    expect(response.status).toBe(403)
  })

  it('belongs to its account: another cannot revoke it', async () => {
    const one = await testlot.signedUp('ned@example.com')
    const other = await testlot.signedUp('ona@example.com')
    const made = await one.json('POST', '/v1/keys', { name: 'mine' })
    expect((await other.json('DELETE', `/v1/keys/${made.body['id']}`)).code).toBe('not_found')
    expect((await withKey(String(made.body['key']))).status).toBe(204)
  })

  it('is made on the command line too, by the account', async () => {
    const { accountId } = await testlot.accounts.createAccount({
      email: 'cli@example.com',
      password: goodPassword,
    })
    const { key } = await testlot.accounts.createApiKey({ accountId, name: 'cli', scopes: ['models:read'] })
    expect((await withKey(key)).status).toBe(204)
  })
})

describe('the operator', () => {
  it('finds accounts by a part of the address and suspends one: sessions and keys stop at once', async () => {
    const browser = await testlot.signedUp('pam@example.com')
    const made = await browser.json('POST', '/v1/keys', { name: 'robot' })
    const key = String(made.body['key'])
    expect((await withKey(key)).status).toBe(204)
    const found = await operator.json('GET', '/v1/console/accounts?search=PAM@')
    const [row] = found.body['data'] as { id: string; email: string; available: number }[]
    expect(row).toMatchObject({ email: 'pam@example.com', available: 0 })

    const path = `/v1/console/accounts/${row?.id}`
    const suspended = await operator.json('PATCH', path, { suspended: true })
    expect(suspended.body).toMatchObject({ suspended: true })
    expect((await browser.json('GET', '/v1/models')).code).toBe('account_suspended')
    expect((await browser.json('GET', '/v1/me')).code).toBe('account_suspended')
    expect((await withKey(key)).status).toBe(403)
    const again = { email: 'pam@example.com', password: goodPassword }
    expect((await testlot.browser().json('POST', '/v1/sign-in', again)).code).toBe('account_suspended')
    const guess = { ...again, password: 'a wrong guess' }
    expect((await testlot.browser().json('POST', '/v1/sign-in', guess)).code).toBe('credentials_wrong')

    await operator.json('PATCH', path, { suspended: false })
    expect((await browser.json('GET', '/v1/models')).status).toBe(204)
    const events = await testlot.db.query<{ data: unknown }>(
      `select data from events where type = 'account.suspended' and account_id = $1 order by id`,
      [row?.id],
    )
    expect(events.map((event) => event.data)).toEqual([{ suspended: true }, { suspended: false }])
  })

  it('cannot suspend their own account', async () => {
    const own = await testlot.accounts.findAccountByEmail('op@example.com')
    const answer = await operator.json('PATCH', `/v1/console/accounts/${own?.accountId}`, { suspended: true })
    expect(answer.code).toBe('state_conflict')
  })

  it('alone sees the console', async () => {
    const browser = await testlot.signedUp('quin@example.com')
    for (const path of ['/v1/console/accounts', '/v1/console/invitations', '/v1/console/mails']) {
      expect((await browser.json('GET', path)).code).toBe('forbidden')
      expect((await testlot.browser().json('GET', path)).code).toBe('unauthenticated')
      expect((await operator.json('GET', path)).status).toBe(200)
    }
  })

  it('turns pages without losing or repeating anybody', async () => {
    const seen: string[] = []
    let after = ''
    for (let turned = 0; turned < 50; turned += 1) {
      const page = await operator.json('GET', `/v1/console/accounts?limit=3${after && `&after=${after}`}`)
      seen.push(...(page.body['data'] as { id: string }[]).map((row) => row.id))
      if (page.body['next'] === null) break
      after = String(page.body['next'])
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toHaveLength(await testlot.accounts.countAccounts())
  })
})
