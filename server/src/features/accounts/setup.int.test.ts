import { afterEach, describe, expect, it } from 'vitest'
import { createTestAccounts, goodPassword, linkToken, signUpBody } from '../../../test/accounts.ts'

type Testlot = Awaited<ReturnType<typeof createTestAccounts>>
const opened: Testlot[] = []
async function open(options: Parameters<typeof createTestAccounts>[0] = {}): Promise<Testlot> {
  const testlot = await createTestAccounts(options)
  opened.push(testlot)
  return testlot
}
afterEach(async () => {
  for (const testlot of opened.splice(0)) await testlot.close()
})

const setup = (email: string, token?: string) => ({
  email,
  password: goodPassword,
  accept_terms: true,
  confirm_age: true,
  ...(token === undefined ? {} : { token }),
})
const profile = {
  name: 'Testlot',
  minimumAge: 18,
  termsVersion: '2026-11-20.1',
  contactEmail: 'help@testlot.example',
}

describe('the first visitor', () => {
  it('becomes the operator, once: of six at the same time one', async () => {
    const testlot = await open()
    expect((await testlot.browser().json('GET', '/v1/setup')).body).toEqual({
      needs_operator: true,
      needs_token: false,
    })
    const browsers = Array.from({ length: 6 }, (_, index) => testlot.browser(`192.0.2.${index}`))
    const answers = await Promise.all(
      browsers.map((browser, index) => browser.json('POST', '/v1/setup', setup(`op${index}@example.com`))),
    )
    const codes = answers.map((answer) => answer.code ?? 'made').sort()
    expect(codes).toEqual(['made', ...Array.from({ length: 5 }, () => 'setup_done')])
    const winner = browsers[answers.findIndex((answer) => answer.status === 201)]
    expect((await winner?.json('GET', '/v1/me'))?.body).toMatchObject({ user: { role: 'operator' } })
    expect(await testlot.db.query('select 1 from users')).toHaveLength(1)
    expect((await testlot.browser().json('GET', '/v1/setup')).body).toEqual({
      needs_operator: false,
      needs_token: false,
    })
  })

  it('does not come from a page whose name was made to point here', async () => {
    const testlot = await open()
    const rebound = await testlot.fetchApp(
      new Request('http://evil.example:4000/v1/setup', {
        method: 'POST',
        headers: {
          origin: 'http://evil.example:4000',
          host: 'evil.example:4000',
          'sec-fetch-site': 'same-origin',
          'content-type': 'application/json',
        },
        body: JSON.stringify(setup('op@example.com')),
      }),
    )
    expect(rebound.status).toBe(403)
    expect(await testlot.accounts.hasOperator()).toBe(false)
  })

  it.each([
    ['a proxy that nobody declared', { 'x-forwarded-for': '203.0.113.9' }],
    ['a proxy that passes the name on', { host: 'lot.example' }],
    ['a frame without an origin', { origin: 'null' }],
  ])('does not come through %s', async (_way, headers) => {
    const testlot = await open()
    const answer = await testlot.browser().send('POST', '/v1/setup', setup('op@example.com'), headers)
    expect([answer.status, await testlot.accounts.hasOperator()]).toEqual([403, false])
  })

  it('must know the token where strangers can reach us', async () => {
    const testlot = await open({ setupToken: 'the-token-of-the-terminal' })
    const browser = testlot.browser()
    expect((await browser.json('GET', '/v1/setup')).body).toMatchObject({ needs_token: true })
    expect((await browser.json('POST', '/v1/setup', setup('op@example.com'))).code).toBe('setup_token_wrong')
    expect((await browser.json('POST', '/v1/setup', setup('op@example.com', 'guess'))).code).toBe(
      'setup_token_wrong',
    )
    const right = setup('op@example.com', 'the-token-of-the-terminal')
    expect((await browser.json('POST', '/v1/setup', right)).status).toBe(201)
  })
})

describe('registration', () => {
  it('closed: nobody joins, the operator may still be made', async () => {
    const testlot = await open({ profile: { ...profile, registration: 'closed' } })
    const answer = await testlot.browser().json('POST', '/v1/sign-up', signUpBody('ada@example.com'))
    expect(answer.code).toBe('registration_closed')
    expect((await testlot.browser().json('POST', '/v1/setup', setup('op@example.com'))).status).toBe(201)
  })

  it('invited: an invitation admits one person, of its address where it names one', async () => {
    const testlot = await open({ profile: { ...profile, registration: 'invited' } })
    const operator = testlot.browser()
    await operator.json('POST', '/v1/setup', setup('op@example.com'))
    const without = await testlot.browser().json('POST', '/v1/sign-up', signUpBody('ada@example.com'))
    expect(without.code).toBe('registration_closed')

    const made = await operator.json('POST', '/v1/console/invitations', { email: 'ada@example.com' })
    expect(made.status).toBe(201)
    const invitation = linkToken(String(made.body['url']), 'invitation')
    expect((await testlot.mails())[0]).toMatchObject({ to: 'ada@example.com' })

    const join = (email: string) =>
      testlot.browser().json('POST', '/v1/sign-up', { ...signUpBody(email), invitation })
    expect((await join('bob@example.com')).code).toBe('invitation_invalid')
    expect((await join('ada@example.com')).status).toBe(201)

    const open_ = await operator.json('POST', '/v1/console/invitations', {})
    const anybody = linkToken(String(open_.body['url']), 'invitation')
    const answers = await Promise.all(
      ['x', 'y', 'z'].map((name) =>
        testlot
          .browser()
          .json('POST', '/v1/sign-up', { ...signUpBody(`${name}@example.com`), invitation: anybody }),
      ),
    )
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1)

    const third = await operator.json('POST', '/v1/console/invitations', {})
    expect((await operator.json('DELETE', `/v1/console/invitations/${third.body['id']}`)).status).toBe(204)
    const revoked = linkToken(String(third.body['url']), 'invitation')
    const late = await testlot
      .browser()
      .json('POST', '/v1/sign-up', { ...signUpBody('late@example.com'), invitation: revoked })
    expect(late.code).toBe('invitation_invalid')
    const listed = await operator.json('GET', '/v1/console/invitations')
    expect(JSON.stringify(listed.body)).not.toContain(anybody)
  })
})

describe('an account is made whole or not at all', () => {
  it('writes nothing when what hangs on it fails, and succeeds when tried again', async () => {
    let broken = true
    const testlot = await open({
      hooks: {
        async onAccountCreated() {
          if (broken) throw new Error('the ledger is down')
        },
      },
    })
    const first = await testlot.browser().json('POST', '/v1/sign-up', signUpBody('ada@example.com'))
    expect(first.status).toBe(500)
    for (const table of [
      'users',
      'accounts',
      'members',
      'account_keys',
      'terms_acceptances',
      'events',
      'mails',
    ]) {
      expect(await testlot.db.query(`select 1 from ${table}`), table).toHaveLength(0)
    }
    broken = false
    expect((await testlot.browser().json('POST', '/v1/sign-up', signUpBody('ada@example.com'))).status).toBe(
      201,
    )
  })

  it('keeps the acceptance of terms for ever', async () => {
    const testlot = await open()
    await testlot.signedUp('ada@example.com')
    await expect(testlot.db.query('delete from terms_acceptances')).rejects.toThrow(/append-only/)
    await expect(testlot.db.query(`update terms_acceptances set version = 'x'`)).rejects.toThrow(
      /append-only/,
    )
  })
})
