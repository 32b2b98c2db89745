import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestAccounts, goodPassword, linkToken, signUpBody } from '../../../test/accounts.ts'
import { createPasswordHashing } from './password-hashing.ts'

let testlot: Awaited<ReturnType<typeof createTestAccounts>>
beforeAll(async () => {
  testlot = await createTestAccounts({ passwordHashing: createPasswordHashing({ running: 2, waiting: 100 }) })
})
afterAll(() => testlot.close())

describe('signing up, in and out', () => {
  it('makes a user with an account, records the terms and begins a session', async () => {
    const browser = await testlot.signedUp('Ada@Example.com')
    const me = await browser.json('GET', '/v1/me')
    expect(me.status).toBe(200)
    expect(me.body).toMatchObject({
      user: { email: 'ada@example.com', email_verified: false, role: 'creator', has_password: true },
      account: { member_role: 'owner' },
      terms: { current: '2026-11-20.1', accepted: '2026-11-20.1' },
    })
    const acceptances = await testlot.db.query<{ minimum_age: number; source: string }>(
      'select minimum_age, source from terms_acceptances where user_id = $1',
      [(me.body['user'] as { id: string }).id],
    )
    expect(acceptances).toEqual([{ minimum_age: 18, source: 'sign_up' }])
    expect((await browser.json('GET', '/v1/models')).status).toBe(204)
  })

  it('sets a host-only cookie that scripts cannot read', async () => {
    const browser = testlot.browser()
    const response = await browser.send('POST', '/v1/sign-up', signUpBody('cookie@example.com'))
    const cookie = response.headers.getSetCookie().find((text) => text.startsWith('backlot.session_token='))
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Lax/i)
    expect(cookie).not.toMatch(/Domain=/i)
  })

  it('signs out and in again with the password, and not with a wrong one', async () => {
    const browser = await testlot.signedUp('bea@example.com')
    const stolen = new Map(browser.cookies)
    expect((await browser.json('POST', '/v1/sign-out')).status).toBe(204)
    browser.cookies.set('backlot.session_token', stolen.get('backlot.session_token') ?? '')
    expect((await browser.json('GET', '/v1/me')).code).toBe('unauthenticated')
    const wrong = await browser.json('POST', '/v1/sign-in', {
      email: 'bea@example.com',
      password: 'wrong one',
    })
    expect(wrong).toMatchObject({ status: 401, code: 'credentials_wrong' })
    const unknown = await browser.json('POST', '/v1/sign-in', {
      email: 'nobody@example.com',
      password: 'wrong one',
    })
    expect({ ...unknown.body, request_id: '' }).toEqual({ ...wrong.body, request_id: '' })
    const right = await browser.json('POST', '/v1/sign-in', {
      email: 'BEA@example.com ',
      password: goodPassword,
    })
    expect(right.body).toEqual({ state: 'signed_in', methods: [] })
    expect((await browser.json('GET', '/v1/me')).status).toBe(200)
  })

  it('refuses a session cookie whose signature is not ours', async () => {
    const browser = await testlot.signedUp('forged@example.com')
    const value = decodeURIComponent(browser.cookies.get('backlot.session_token') ?? '')
    const [token = ''] = value.split('.')
    for (const forged of [token, `${token}.`, `${token}.${Buffer.alloc(32).toString('base64')}`]) {
      browser.cookies.set('backlot.session_token', encodeURIComponent(forged))
      expect((await browser.json('GET', '/v1/me')).status).toBe(401)
    }
  })

  it('names each wrong field, and asks for terms and age', async () => {
    const answer = await testlot.browser().json('POST', '/v1/sign-up', {
      email: 'not an address',
      password: 'short',
      terms_version: '2026-11-20.1',
      accept_terms: false,
      confirm_age: true,
    })
    expect(answer.status).toBe(422)
    const fields = (answer.body['errors'] as { field: string }[]).map((fault) => fault.field).sort()
    expect(fields).toEqual(['accept_terms', 'email', 'password'])
    const old = await testlot
      .browser()
      .json('POST', '/v1/sign-up', { ...signUpBody('old@example.com'), terms_version: '2020-01-01.1' })
    expect(old.code).toBe('terms_not_accepted')
    expect(await testlot.accounts.findAccountByEmail('old@example.com')).toBeNull()
  })

  it('gives an address to one of many who ask at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        testlot.browser(`192.0.2.${index + 50}`).json('POST', '/v1/sign-up', signUpBody('race@example.com')),
      ),
    )
    expect(answers.map((answer) => answer.code ?? 'made').sort()).toEqual([
      ...Array.from({ length: 4 }, () => 'email_taken'),
      'made',
    ])
    const rows = await testlot.db.query(
      `select 1 from accounts a join members m on m.account_id = a.id join users u on u.id = m.user_id
       where u.email = 'race@example.com'`,
    )
    expect(rows).toHaveLength(1)
  })

  it('verifies the address by the link from the mail, once', async () => {
    const browser = await testlot.signedUp('cleo@example.com')
    const mail = (await testlot.mails()).find((one) => one.to === 'cleo@example.com')
    const token = linkToken(mail?.text ?? '')
    expect((await browser.json('POST', '/v1/email/verifications', { token })).status).toBe(204)
    const me = await browser.json('GET', '/v1/me')
    expect(me.body).toMatchObject({ user: { email_verified: true } })
    expect((await browser.json('POST', '/v1/email/verifications', { token })).code).toBe('signature_invalid')
    expect((await browser.json('POST', '/v1/email/verification-requests')).code).toBe('state_conflict')
  })

  it('refuses a change that comes from another site', async () => {
    const browser = await testlot.signedUp('cross@example.com')
    const response = await browser.send('POST', '/v1/sign-out', undefined, { origin: 'https://evil.example' })
    expect(response.status).toBe(403)
    expect((await browser.json('GET', '/v1/me')).status).toBe(200)
  })
})
