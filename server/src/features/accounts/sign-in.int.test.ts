import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestAccounts, goodPassword } from '../../../test/accounts.ts'

let testlot: Awaited<ReturnType<typeof createTestAccounts>>
beforeAll(async () => {
  testlot = await createTestAccounts()
})
afterAll(() => testlot.close())

const attempt = (email: string, password: string, address: string) =>
  testlot.browser(address).json('POST', '/v1/sign-in', { email, password })

describe('throttled sign-in', () => {
  it('shuts an account to strangers after ten wrong passwords, and opens it again', async () => {
    const owner = await testlot.signedUp('rob@example.com')
    const codes: (string | undefined)[] = []
    for (let index = 0; index < 12; index += 1) {
      codes.push((await attempt('rob@example.com', 'wrong guess', `198.51.100.${index}`)).code)
    }
    expect(codes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'credentials_wrong'))
    expect(codes.slice(10)).toEqual(['too_many_attempts', 'too_many_attempts'])
    // Not even the right password helps a stranger now, …
    const refused = await testlot
      .browser('203.0.113.5')
      .send('POST', '/v1/sign-in', { email: 'rob@example.com', password: goodPassword })
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    // … but the owner's own browser is not locked out by them.
    await owner.json('POST', '/v1/sign-out')
    const own = await owner.json('POST', '/v1/sign-in', { email: 'rob@example.com', password: goodPassword })
    expect(own.status).toBe(200)
    testlot.clock.advance(16 * 60_000)
    expect((await attempt('rob@example.com', goodPassword, '203.0.113.5')).status).toBe(200)
  })

  it('answers an unknown address exactly alike', async () => {
    const codes: (string | undefined)[] = []
    for (let index = 0; index < 11; index += 1) {
      codes.push((await attempt('ghost@example.com', 'wrong guess', `198.51.100.${index + 20}`)).code)
    }
    expect(codes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'credentials_wrong'))
    expect(codes[10]).toBe('too_many_attempts')
  })

  it('lets no burst through the limit', async () => {
    await testlot.signedUp('sue@example.com')
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, index) =>
        attempt('sue@example.com', 'wrong guess', `198.51.101.${index}`),
      ),
    )
    const tried = answers.filter((answer) => answer.code === 'credentials_wrong')
    expect(tried.length).toBeLessThanOrEqual(10)
    expect(answers.every((answer) => answer.status === 401 || answer.status === 429)).toBe(true)
  })

  it('counts all of an IPv6 /64 as one', async () => {
    // Written straight into the record: fifty real attempts would take seconds of scrypt.
    const index = testlot.keyring.blindIndex('attempts.sign_in.address', '2001:db8:7:8::/64')
    await testlot.db.query(
      `insert into sign_in_attempts (kind, key, at, outcome)
       select 'sign_in.address', $1, $2, 'failed' from generate_series(1, 50)`,
      [index, testlot.clock.now()],
    )
    expect((await attempt('any@example.com', 'wrong guess', '2001:db8:7:8:aaaa::1')).code).toBe(
      'too_many_attempts',
    )
    expect((await attempt('any@example.com', 'wrong guess', '2001:db8:7:9::1')).code).toBe(
      'credentials_wrong',
    )
  })

  it('does not let its record grow with those who knock on', async () => {
    const count = async () =>
      (await testlot.db.query("select 1 from sign_in_attempts where kind like 'sign_in.%'")).length
    for (let index = 0; index < 10; index += 1) {
      await attempt('knock@example.com', 'wrong guess', `198.51.102.${index}`)
    }
    const before = await count()
    for (let index = 0; index < 5; index += 1) {
      expect((await attempt('knock@example.com', 'wrong guess', '198.51.103.1')).code).toBe(
        'too_many_attempts',
      )
    }
    expect(await count()).toBe(before)
  })

  it('keeps no address and no network in its record', async () => {
    const rows = await testlot.db.query<{ key: string }>('select key from sign_in_attempts')
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.every((row) => /^[0-9a-f]{64}$/.test(row.key))).toBe(true)
  })
})
