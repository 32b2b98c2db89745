import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestAccounts, goodPassword } from '../../../test/accounts.ts'

let testlot: Awaited<ReturnType<typeof createTestAccounts>>
beforeAll(async () => {
  testlot = await createTestAccounts()
})
afterAll(() => testlot.close())

interface Listed {
  data: { id: string; current: boolean; device: string; ip_address: string | null }[]
}
const signIn = (email: string) => ({ email, password: goodPassword })

describe('sessions', () => {
  it('lists them with device and address, ends one, then all others', async () => {
    const laptop = await testlot.signedUp('dora@example.com', '192.0.2.7')
    const phone = testlot.browser('2001:db8::1')
    phone.userAgent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1'
    const tablet = testlot.browser()
    await phone.json('POST', '/v1/sign-in', signIn('dora@example.com'))
    await tablet.json('POST', '/v1/sign-in', signIn('dora@example.com'))

    const listed = (await laptop.json('GET', '/v1/sessions')).body as unknown as Listed
    expect(listed.data).toHaveLength(3)
    expect(listed.data.find((session) => session.current)).toMatchObject({
      device: 'Chrome on Linux',
      ip_address: '192.0.2.7',
    })
    const ofPhone = listed.data.find((session) => session.device === 'Safari on iPhone')
    expect(ofPhone?.ip_address).toBe('2001:db8::1')

    // Warm, so that the end of the session must also reach what is remembered.
    expect((await phone.json('GET', '/v1/me')).status).toBe(200)
    expect((await laptop.json('DELETE', `/v1/sessions/${ofPhone?.id}`)).status).toBe(204)
    expect((await phone.json('GET', '/v1/me')).status).toBe(401)
    expect((await laptop.json('DELETE', `/v1/sessions/${ofPhone?.id}`)).code).toBe('not_found')

    expect((await tablet.json('GET', '/v1/me')).status).toBe(200)
    expect((await laptop.json('DELETE', '/v1/sessions')).status).toBe(204)
    expect((await tablet.json('GET', '/v1/me')).status).toBe(401)
    expect((await laptop.json('GET', '/v1/me')).status).toBe(200)
  })

  it('does not end the session of somebody else', async () => {
    const one = await testlot.signedUp('eve@example.com')
    const other = await testlot.signedUp('finn@example.com')
    const listed = (await other.json('GET', '/v1/sessions')).body as unknown as Listed
    expect((await one.json('DELETE', `/v1/sessions/${listed.data[0]?.id}`)).code).toBe('not_found')
    expect((await other.json('GET', '/v1/me')).status).toBe(200)
  })

  it('run out after thirty days', async () => {
    const browser = await testlot.signedUp('gil@example.com')
    expect((await browser.json('GET', '/v1/me')).status).toBe(200)
    const start = testlot.clock.now()
    testlot.clock.advance(31 * 86_400_000)
    expect((await browser.json('GET', '/v1/me')).status).toBe(401)
    await testlot.accounts.sweep(testlot.clock.now())
    expect(await testlot.db.query('select 1 from sessions')).toHaveLength(0)
    testlot.clock.set(start)
  })

  it('writes to the owner when a device signs in that was not used before, and only then', async () => {
    const browser = await testlot.signedUp('hal@example.com')
    const warnings = async () =>
      (await testlot.mails()).filter(
        (mail) => mail.to === 'hal@example.com' && mail.subject.startsWith('New sign-in'),
      )
    await browser.json('POST', '/v1/sign-out')
    await browser.json('POST', '/v1/sign-in', signIn('hal@example.com'))
    expect(await warnings()).toHaveLength(0)
    await testlot.browser('198.51.100.9').json('POST', '/v1/sign-in', signIn('hal@example.com'))
    const [mail, ...others] = await warnings()
    expect(others).toHaveLength(0)
    expect(mail?.text).toContain('Chrome on Linux')
    expect(mail?.text).toContain('198.51.100.9')
  })

  it('a changed password ends the others and is told by mail', async () => {
    const browser = await testlot.signedUp('ida@example.com')
    const other = testlot.browser()
    await other.json('POST', '/v1/sign-in', signIn('ida@example.com'))
    const change = { current_password: 'not this one', new_password: 'another good one' }
    expect((await browser.json('POST', '/v1/password', change)).code).toBe('credentials_wrong')
    const right = { ...change, current_password: goodPassword }
    expect((await browser.json('POST', '/v1/password', right)).status).toBe(204)
    expect((await browser.json('GET', '/v1/me')).status).toBe(200)
    expect((await other.json('GET', '/v1/me')).status).toBe(401)
    expect((await other.json('POST', '/v1/sign-in', signIn('ida@example.com'))).code).toBe(
      'credentials_wrong',
    )
    const told = (await testlot.mails()).filter((mail) => mail.to === 'ida@example.com')
    expect(told.filter((mail) => mail.subject.includes('was changed'))).toHaveLength(1)
  })
})
