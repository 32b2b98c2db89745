import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type Browser,
  createTestAccounts,
  goodPassword,
  linkToken,
  testOrigin,
} from '../../../test/accounts.ts'
import { type OidcPerson, type OidcStandin, startOidc } from '../../../test/standins/oidc.ts'
import { totpCode } from '../../../test/totp.ts'

type Testlot = Awaited<ReturnType<typeof createTestAccounts>>
let oidc: OidcStandin
const opened: Testlot[] = []
beforeAll(async () => {
  oidc = await startOidc(`${testOrigin}/api/auth/callback/company`)
})
afterAll(() => oidc.close())
afterEach(async () => {
  for (const testlot of opened.splice(0)) await testlot.close()
})

async function open(options: Parameters<typeof createTestAccounts>[0] = {}): Promise<Testlot> {
  const { issuer, clientId, clientSecret } = oidc
  const provider = { id: 'company', name: 'Company', issuer, clientId, clientSecret }
  const testlot = await createTestAccounts({ providers: [provider], ...options })
  opened.push(testlot)
  return testlot
}

function person(name: string, changes: Partial<OidcPerson> = {}): OidcPerson {
  return { sub: `sub-${name}`, email: `${name}@example.com`, email_verified: true, name, ...changes }
}

/** The whole way to the provider and back. @returns where the browser is sent at the end */
async function comeFromProvider(browser: Browser, who: OidcPerson, body: object = {}): Promise<URL> {
  oidc.person = who
  const started = await browser.json('POST', '/v1/sign-in/providers/company', {
    return_to: '/studio',
    ...body,
  })
  if (started.status !== 200) throw new Error(`the start answered ${started.code}`)
  const back = await oidc.consent(String(started.body['url']))
  const response = await browser.send('GET', back)
  return new URL(response.headers.get('location') ?? 'none:')
}

describe('signing in at an OIDC provider', () => {
  it('makes an account that works once the terms are accepted', async () => {
    const testlot = await open()
    const browser = testlot.browser()
    const end = await comeFromProvider(browser, person('ada'))
    expect(end.href).toBe(`${testOrigin}/studio`)

    const me = await browser.json('GET', '/v1/me')
    expect(me.body).toMatchObject({
      user: { email: 'ada@example.com', email_verified: true, name: 'ada', has_password: false },
      terms: { accepted: null },
    })
    expect((await browser.json('GET', '/v1/models')).code).toBe('terms_not_accepted')
    // The router reads these as the same address.
    expect((await browser.json('GET', '/%761/models')).code).toBe('terms_not_accepted')
    expect((await browser.json('GET', '/v%31/models')).code).toBe('terms_not_accepted')
    expect((await browser.json('POST', '/v1/keys', { name: 'x' })).code).toBe('terms_not_accepted')
    const acceptance = { terms_version: '2026-11-20.1', accept_terms: true, confirm_age: true }
    const outdated = { ...acceptance, terms_version: '2020-01-01.1' }
    expect((await browser.json('POST', '/v1/terms/accept', outdated)).code).toBe('terms_not_accepted')
    expect((await browser.json('POST', '/v1/terms/accept', acceptance)).status).toBe(204)
    expect((await browser.json('GET', '/v1/models')).status).toBe(204)

    const again = testlot.browser()
    await comeFromProvider(again, person('ada'))
    expect((await again.json('GET', '/v1/me')).body).toMatchObject({ user: { email: 'ada@example.com' } })
    expect(await testlot.accounts.countAccounts()).toBe(1)
    const tokens = await testlot.db.query(
      'select access_token, refresh_token, id_token from sign_in_methods where access_token is not null or id_token is not null or refresh_token is not null',
    )
    expect(tokens).toEqual([])
  })

  it('refuses who comes back in another browser or with another state', async () => {
    const testlot = await open()
    oidc.person = person('bob')
    const victim = testlot.browser()
    const started = await victim.json('POST', '/v1/sign-in/providers/company', {})
    const back = await oidc.consent(String(started.body['url']))
    const thief = testlot.browser()
    await thief.send('GET', back)
    expect((await thief.json('GET', '/v1/me')).status).toBe(401)
    const forged = new URL(back)
    forged.searchParams.set('state', 'x'.repeat(32))
    await victim.send('GET', forged.href)
    expect((await victim.json('GET', '/v1/me')).status).toBe(401)
  })

  it('does not take over an account whose address was never proven here', async () => {
    const testlot = await open()
    const squatter = await testlot.signedUp('cleo@example.com')
    const victim = testlot.browser()
    const end = await comeFromProvider(victim, person('cleo'))
    expect(end.searchParams.get('error')).toBe('account_not_linked')
    expect((await victim.json('GET', '/v1/me')).status).toBe(401)
    expect((await squatter.json('GET', '/v1/me')).body).toMatchObject({ user: { email_verified: false } })
  })

  it('believes no address that the provider does not vouch for', async () => {
    const testlot = await open()
    const owner = await testlot.signedUp('dan@example.com')
    const token = linkToken((await testlot.mails())[0]?.text ?? '')
    await owner.json('POST', '/v1/email/verifications', { token })
    const attacker = testlot.browser()
    const taken = await comeFromProvider(attacker, person('dan', { email_verified: false }))
    expect(taken.searchParams.get('error')).toBe('account_not_linked')
    const fresh = await comeFromProvider(attacker, person('new', { email_verified: false }))
    expect(fresh.searchParams.get('error')).toBe('email_unverified')
    expect((await attacker.json('GET', '/v1/me')).status).toBe(401)
    expect(await testlot.accounts.findAccountByEmail('new@example.com')).toBeNull()
  })

  it('links to an account whose address both sides have proven, and then asks for its second factor', async () => {
    const testlot = await open()
    const owner = await testlot.signedUp('eve@example.com')
    const token = linkToken((await testlot.mails())[0]?.text ?? '')
    await owner.json('POST', '/v1/email/verifications', { token })
    const browser = testlot.browser()
    await comeFromProvider(browser, person('eve'))
    expect((await browser.json('GET', '/v1/me')).body).toMatchObject({
      user: { email: 'eve@example.com', has_password: true },
    })

    const prepared = await owner.json('POST', '/v1/two-factor', { password: goodPassword })
    const uri = String(prepared.body['totp_uri'])
    await owner.json('POST', '/v1/two-factor/confirm', { code: totpCode(uri, Date.now()) })
    const other = testlot.browser()
    const end = await comeFromProvider(other, person('eve'))
    expect(end.pathname).toBe('/two-factor')
    expect((await other.json('GET', '/v1/me')).status).toBe(401)
    const proof = { code: totpCode(uri, Date.now()) }
    expect((await other.json('POST', '/v1/sign-in/second-factor', proof)).status).toBe(200)
    expect((await other.json('GET', '/v1/me')).status).toBe(200)
  })

  it('does not link to an account with a second factor behind its owner’s back', async () => {
    const testlot = await open()
    const owner = await testlot.signedUp('finn@example.com')
    const token = linkToken((await testlot.mails())[0]?.text ?? '')
    await owner.json('POST', '/v1/email/verifications', { token })
    const prepared = await owner.json('POST', '/v1/two-factor', { password: goodPassword })
    const code = totpCode(String(prepared.body['totp_uri']), Date.now())
    await owner.json('POST', '/v1/two-factor/confirm', { code })
    const end = await comeFromProvider(testlot.browser(), person('finn'))
    expect(end.searchParams.get('error')).toBe('account_not_linked')
  })

  it('keeps to closed and invited registration', async () => {
    const profile = {
      name: 'Testlot',
      minimumAge: 18,
      termsVersion: '2026-11-20.1',
      contactEmail: 'help@testlot.example',
    }
    const closed = await open({ profile: { ...profile, registration: 'closed' } })
    const end = await comeFromProvider(closed.browser(), person('gil'))
    expect(end.searchParams.get('error')).toBe('registration_closed')

    const invited = await open({ profile: { ...profile, registration: 'invited' } })
    await invited.accounts.createOperator({ email: 'op@example.com', password: goodPassword })
    const operator = invited.browser()
    await operator.json('POST', '/v1/sign-in', { email: 'op@example.com', password: goodPassword })
    const without = await comeFromProvider(invited.browser(), person('hal'))
    expect(without.searchParams.get('error')).toBe('invitation_invalid')
    const made = await operator.json('POST', '/v1/console/invitations', {})
    const invitation = linkToken(String(made.body['url']), 'invitation')
    const guest = invited.browser()
    await comeFromProvider(guest, person('hal'), { invitation })
    expect((await guest.json('GET', '/v1/me')).status).toBe(200)
    const second = await comeFromProvider(invited.browser(), person('ida'), { invitation })
    expect(second.searchParams.get('error')).toBe('invitation_invalid')
    await operator.json('POST', '/v1/console/invitations', { email: 'jim@example.com' })
    const jim = invited.browser()
    await comeFromProvider(jim, person('jim'))
    expect((await jim.json('GET', '/v1/me')).status).toBe(200)
  })

  it('refuses a suspended account', async () => {
    const testlot = await open()
    await comeFromProvider(testlot.browser(), person('kay'))
    await testlot.db.query('update accounts set suspended_at = now()')
    const browser = testlot.browser()
    const end = await comeFromProvider(browser, person('kay'))
    expect(end.searchParams.get('error')).toBe('account_suspended')
    expect((await browser.json('GET', '/v1/me')).status).toBe(401)
  })

  it('heals a user whom a crash left without an account, once', async () => {
    let broken = true
    let made = 0
    const testlot = await open({
      hooks: {
        async onAccountCreated() {
          if (broken) throw new Error('the process died here')
          made += 1
        },
      },
    })
    await comeFromProvider(testlot.browser(), person('lou'))
    expect(await testlot.db.query('select 1 from users')).toHaveLength(1)
    expect(await testlot.db.query('select 1 from accounts')).toHaveLength(0)
    broken = false
    const browser = testlot.browser()
    await comeFromProvider(browser, person('lou'))
    const answers = await Promise.all([1, 2, 3, 4].map(() => browser.json('GET', '/v1/me')))
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body['account']))).size).toBe(1)
    expect(answers.every((answer) => answer.status === 200)).toBe(true)
    expect(made).toBe(1)
    expect(await testlot.db.query('select 1 from accounts')).toHaveLength(1)
  })

  it('says so when the provider is away, and works when it is back', async () => {
    const testlot = await open({
      providers: [
        {
          id: 'company',
          name: 'Company',
          issuer: 'http://127.0.0.1:9',
          clientId: 'backlot',
          clientSecret: 'secret',
        },
      ],
    })
    const browser = testlot.browser()
    expect((await browser.json('GET', '/v1/service')).body).toMatchObject({
      sign_in_with: [{ id: 'company', name: 'Company' }],
    })
    expect((await browser.json('POST', '/v1/sign-in/providers/company', {})).code).toBe('unavailable')
    expect((await browser.json('POST', '/v1/sign-in/providers/other', {})).code).toBe('not_found')
    const outside = { return_to: '//evil.example' }
    expect((await browser.json('POST', '/v1/sign-in/providers/company', outside)).code).toBe(
      'request_invalid',
    )
  })

  it('leaves nothing else of Better Auth reachable', async () => {
    const testlot = await open()
    for (const path of [
      'sign-up/email',
      'sign-in/email',
      'get-session',
      'update-user',
      'sign-in/social',
      'ok',
    ]) {
      for (const method of ['GET', 'POST']) {
        const answer = await testlot
          .browser()
          .json(method, `/api/auth/${path}`, method === 'POST' ? {} : undefined)
        expect(answer.status, path).toBe(404)
      }
    }
  })
})
