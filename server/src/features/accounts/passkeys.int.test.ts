import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, createTestAccounts, testOrigin } from '../../../test/accounts.ts'
import { SoftwareAuthenticator } from '../../../test/authenticator.ts'

let testlot: Awaited<ReturnType<typeof createTestAccounts>>
beforeAll(async () => {
  testlot = await createTestAccounts()
})
afterAll(() => testlot.close())

async function register(browser: Browser, device: SoftwareAuthenticator) {
  const options = (await browser.json('POST', '/v1/passkeys/options')).body
  const response = device.create(options as { challenge: string; rp: { id: string } })
  return browser.json('POST', '/v1/passkeys', { name: 'My phone', response })
}

async function signInWith(browser: Browser, device: SoftwareAuthenticator) {
  const options = (await browser.json('POST', '/v1/sign-in/passkey-options')).body
  const response = device.get(options as { challenge: string; rpId: string })
  return { answer: await browser.json('POST', '/v1/sign-in/passkey', { response }), response }
}

describe('a passkey', () => {
  it('is registered, signs in without a password, and opens nothing once removed', async () => {
    const owner = await testlot.signedUp('ada@example.com')
    const device = new SoftwareAuthenticator(testOrigin)
    expect(await register(owner, device)).toMatchObject({ status: 201, body: { name: 'My phone' } })

    const browser = testlot.browser()
    const { answer } = await signInWith(browser, device)
    expect(answer.body).toEqual({ state: 'signed_in', methods: [] })
    expect((await browser.json('GET', '/v1/me')).body).toMatchObject({ user: { email: 'ada@example.com' } })

    const listed = (await owner.json('GET', '/v1/passkeys')).body['data'] as { id: string }[]
    expect(listed).toHaveLength(1)
    const other = await testlot.signedUp('bob@example.com')
    expect((await other.json('DELETE', `/v1/passkeys/${listed[0]?.id}`)).code).toBe('not_found')
    expect((await owner.json('DELETE', `/v1/passkeys/${listed[0]?.id}`)).status).toBe(204)
    expect((await signInWith(testlot.browser(), device)).answer.code).toBe('credentials_wrong')
  })

  it('answers one question once', async () => {
    const owner = await testlot.signedUp('cleo@example.com')
    const device = new SoftwareAuthenticator(testOrigin)
    await register(owner, device)
    const browser = testlot.browser()
    const { answer, response } = await signInWith(browser, device)
    expect(answer.status).toBe(200)
    expect((await browser.json('POST', '/v1/sign-in/passkey', { response })).code).toBe('credentials_wrong')
  })

  it('is refused when another site asked, when another key signed, or when its owner was not asked', async () => {
    const owner = await testlot.signedUp('dan@example.com')
    const device = new SoftwareAuthenticator(testOrigin)
    await register(owner, device)

    const phished = Object.assign(Object.create(SoftwareAuthenticator.prototype), device, {
      origin: 'https://evil.example',
    }) as SoftwareAuthenticator
    expect((await signInWith(testlot.browser(), phished)).answer.code).toBe('credentials_wrong')

    const forged = Object.assign(new SoftwareAuthenticator(testOrigin), { credentialId: device.credentialId })
    expect((await signInWith(testlot.browser(), forged)).answer.code).toBe('credentials_wrong')

    device.counter += 10
    device.verifiesOwner = false
    expect((await signInWith(testlot.browser(), device)).answer.code).toBe('credentials_wrong')
    device.verifiesOwner = true
    expect((await signInWith(testlot.browser(), device)).answer.status).toBe(200)
  })

  it('is not made without a session, nor with nonsense', async () => {
    expect((await testlot.browser().json('POST', '/v1/passkeys/options')).code).toBe('unauthenticated')
    const owner = await testlot.signedUp('eve@example.com')
    await owner.json('POST', '/v1/passkeys/options')
    const nonsense = { name: 'x', response: { id: 'x', response: {} } }
    expect((await owner.json('POST', '/v1/passkeys', nonsense)).code).toBe('credentials_wrong')
  })
})

it('questions that nobody answers are not asked without end', async () => {
  const index = testlot.keyring.blindIndex('attempts.beginnings.address', '198.51.100.7')
  await testlot.db.query(
    `insert into sign_in_attempts (kind, key, at, outcome)
     select 'beginnings.address', $1, $2, 'failed' from generate_series(1, 199)`,
    [index, testlot.clock.now()],
  )
  const ask = (address: string) => testlot.browser(address).json('POST', '/v1/sign-in/passkey-options')
  expect((await ask('198.51.100.7')).status).toBe(200)
  expect((await ask('198.51.100.7')).code).toBe('too_many_attempts')
  expect((await ask('198.51.100.8')).status).toBe(200)
})
