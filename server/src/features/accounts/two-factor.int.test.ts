import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestAccounts, goodPassword } from '../../../test/accounts.ts'
import { totpCode } from '../../../test/totp.ts'

let testlot: Awaited<ReturnType<typeof createTestAccounts>>
beforeAll(async () => {
  testlot = await createTestAccounts()
})
afterAll(() => testlot.close())

async function enrolled(email: string) {
  const browser = await testlot.signedUp(email)
  const prepared = await browser.json('POST', '/v1/two-factor', { password: goodPassword })
  const uri = String(prepared.body['totp_uri'])
  const code = totpCode(uri, Date.now())
  const confirmed = await browser.json('POST', '/v1/two-factor/confirm', { code })
  if (confirmed.status !== 204) throw new Error(`the confirmation answered ${confirmed.code}`)
  return { browser, uri, recoveryCodes: prepared.body['recovery_codes'] as string[] }
}
const credentials = (email: string) => ({ email, password: goodPassword })

describe('a second factor', () => {
  it('is asked for after the password, and a code opens the session', async () => {
    const { browser, uri } = await enrolled('tom@example.com')
    expect((await browser.json('GET', '/v1/me')).body).toMatchObject({ user: { two_factor: true } })

    const other = testlot.browser()
    const first = await other.json('POST', '/v1/sign-in', credentials('tom@example.com'))
    expect(first.body).toEqual({ state: 'second_factor_required', methods: ['totp', 'recovery_code'] })
    expect((await other.json('GET', '/v1/me')).status).toBe(401)
    const wrong = String((Number(totpCode(uri, Date.now())) + 1) % 1_000_000).padStart(6, '0')
    expect((await other.json('POST', '/v1/sign-in/second-factor', { code: wrong })).code).toBe(
      'second_factor_wrong',
    )
    const right = { code: totpCode(uri, Date.now()) }
    expect((await other.json('POST', '/v1/sign-in/second-factor', right)).body).toMatchObject({
      state: 'signed_in',
    })
    expect((await other.json('GET', '/v1/me')).status).toBe(200)

    // Whoever saw the code cannot use it again.
    const onlooker = testlot.browser()
    await onlooker.json('POST', '/v1/sign-in', credentials('tom@example.com'))
    expect((await onlooker.json('POST', '/v1/sign-in/second-factor', right)).code).toBe('second_factor_wrong')
    expect((await onlooker.json('GET', '/v1/me')).status).toBe(401)
  })

  it('cannot be guessed: five wrong codes end the attempt', async () => {
    const { uri } = await enrolled('una@example.com')
    const browser = testlot.browser()
    await browser.json('POST', '/v1/sign-in', credentials('una@example.com'))
    const right = totpCode(uri, Date.now())
    const wrong = String((Number(right) + 7) % 1_000_000).padStart(6, '0')
    for (let index = 0; index < 5; index += 1) {
      const answer = await browser.json('POST', '/v1/sign-in/second-factor', { code: wrong })
      expect(answer.code).toBe('second_factor_wrong')
    }
    expect((await browser.json('POST', '/v1/sign-in/second-factor', { code: right })).code).toBe(
      'too_many_attempts',
    )
    expect((await browser.json('POST', '/v1/sign-in/second-factor', { code: right })).status).toBe(401)
  })

  it('takes a recovery code, once', async () => {
    const { recoveryCodes } = await enrolled('vic@example.com')
    expect(new Set(recoveryCodes).size).toBe(10)
    const proof = { method: 'recovery_code', code: recoveryCodes[0] }
    for (const expected of [200, 401]) {
      const browser = testlot.browser()
      await browser.json('POST', '/v1/sign-in', credentials('vic@example.com'))
      expect((await browser.json('POST', '/v1/sign-in/second-factor', proof)).status).toBe(expected)
    }
  })

  it('changes only with the password, and renewed codes replace the old ones', async () => {
    const { browser, recoveryCodes } = await enrolled('wes@example.com')
    const bad = { password: 'not this one' }
    for (const path of ['/v1/two-factor/disable', '/v1/two-factor/recovery-codes']) {
      expect((await browser.json('POST', path, bad)).code).toBe('credentials_wrong')
      expect((await browser.json('POST', path, {})).code).toBe('credentials_wrong')
    }
    const renewed = await browser.json('POST', '/v1/two-factor/recovery-codes', { password: goodPassword })
    expect(renewed.body['recovery_codes']).not.toEqual(recoveryCodes)
    expect((await browser.json('POST', '/v1/two-factor', { password: goodPassword })).code).toBe(
      'state_conflict',
    )
    const off = await browser.json('POST', '/v1/two-factor/disable', { password: goodPassword })
    expect(off.status).toBe(204)
    expect((await browser.json('GET', '/v1/me')).body).toMatchObject({ user: { two_factor: false } })
    const again = await testlot.browser().json('POST', '/v1/sign-in', credentials('wes@example.com'))
    expect(again.body).toMatchObject({ state: 'signed_in' })
  })

  it('is not on before a code was confirmed', async () => {
    const browser = await testlot.signedUp('xia@example.com')
    await browser.json('POST', '/v1/two-factor', { password: goodPassword })
    const other = await testlot.browser().json('POST', '/v1/sign-in', credentials('xia@example.com'))
    expect(other.body).toMatchObject({ state: 'signed_in' })
  })

  it('plays no part of an older session in the same browser', async () => {
    const { uri } = await enrolled('yan@example.com')
    const browser = await testlot.signedUp('zoe@example.com')
    await browser.json('POST', '/v1/sign-in', credentials('yan@example.com'))
    // Better Auth takes the old cookie away with the challenge; nobody is signed in half-way.
    await browser.json('POST', '/v1/sign-in/second-factor', { code: totpCode(uri, Date.now()) })
    expect((await browser.json('GET', '/v1/me')).body).toMatchObject({ user: { email: 'yan@example.com' } })
  })

  it('stands encrypted in the database', async () => {
    const { uri, recoveryCodes } = await enrolled('abe@example.com')
    const rows = await testlot.db.query('select secret, backup_codes from second_factors')
    const dump = JSON.stringify(rows)
    expect(dump).not.toContain(new URL(uri).searchParams.get('secret'))
    expect(dump).not.toContain(recoveryCodes[0])
  })
})
