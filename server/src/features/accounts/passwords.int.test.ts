import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestAccounts, goodPassword, linkToken } from '../../../test/accounts.ts'

let testlot: Awaited<ReturnType<typeof createTestAccounts>>
beforeAll(async () => {
  testlot = await createTestAccounts()
})
afterAll(() => testlot.close())

async function resetToken(email: string): Promise<string> {
  const answer = await testlot.browser().json('POST', '/v1/password/reset-requests', { email })
  if (answer.status !== 202) throw new Error(`the request answered ${answer.code}`)
  await testlot.accounts.settle()
  const mail = (await testlot.mails()).find((one) => one.to === email && one.subject.startsWith('Set a new'))
  return linkToken(mail?.text ?? '')
}

describe('a forgotten password', () => {
  it('is set anew by a link that works once, and ends every session', async () => {
    const browser = await testlot.signedUp('ada@example.com')
    const token = await resetToken('ada@example.com')
    const reset = { token, password: 'a brand new one' }
    const answers = await Promise.all(
      [1, 2, 3].map(() => testlot.browser().json('POST', '/v1/password/resets', reset)),
    )
    expect(answers.map((answer) => answer.code ?? 'done').sort()).toEqual([
      'done',
      'signature_invalid',
      'signature_invalid',
    ])
    expect((await browser.json('GET', '/v1/me')).status).toBe(401)
    const old = { email: 'ada@example.com', password: goodPassword }
    expect((await testlot.browser().json('POST', '/v1/sign-in', old)).code).toBe('credentials_wrong')
    const fresh = { email: 'ada@example.com', password: 'a brand new one' }
    expect((await testlot.browser().json('POST', '/v1/sign-in', fresh)).status).toBe(200)
  })

  it('answers an unknown address alike, and sends nothing', async () => {
    const before = (await testlot.mails()).length
    const answer = await testlot
      .browser()
      .json('POST', '/v1/password/reset-requests', { email: 'nobody@example.com' })
    expect(answer).toMatchObject({ status: 202, body: {} })
    await testlot.accounts.settle()
    expect(await testlot.mails()).toHaveLength(before)
  })

  it('a link dies after an hour, with a newer password, and is none for another purpose', async () => {
    await testlot.signedUp('bea@example.com')
    const first = await resetToken('bea@example.com')
    const verifying = await testlot.browser().json('POST', '/v1/email/verifications', { token: first })
    expect(verifying.code).toBe('signature_invalid')
    testlot.clock.advance(61 * 60_000)
    const late = { token: first, password: 'a brand new one' }
    expect((await testlot.browser().json('POST', '/v1/password/resets', late)).code).toBe('signature_invalid')
    const [second, third] = [await resetToken('bea@example.com'), await resetToken('bea@example.com')]
    const use = (token: string) =>
      testlot.browser().json('POST', '/v1/password/resets', { token, password: 'a brand new one' })
    expect((await use(third)).status).toBe(204)
    expect((await use(second)).code).toBe('signature_invalid')
  })

  it('is limited per address of mail', async () => {
    const codes: number[] = []
    for (let index = 0; index < 6; index += 1) {
      const browser = testlot.browser(`198.51.100.${index}`)
      codes.push(
        (await browser.json('POST', '/v1/password/reset-requests', { email: 'c@example.com' })).status,
      )
    }
    expect(codes).toEqual([202, 202, 202, 202, 202, 429])
  })

  it('takes away what a squatter planted on an address that was never proven', async () => {
    const squatter = await testlot.signedUp('victim@example.com')
    const made = await squatter.json('POST', '/v1/keys', { name: 'backdoor', scopes: ['models:read'] })
    const key = String(made.body['key'])
    const withKey = () =>
      testlot.fetchApp(
        new Request('http://localhost:4000/v1/models', { headers: { authorization: `Bearer ${key}` } }),
      )
    expect((await withKey()).status).toBe(204)
    const token = await resetToken('victim@example.com')
    const reset = { token, password: 'the real owner' }
    expect((await testlot.browser().json('POST', '/v1/password/resets', reset)).status).toBe(204)
    expect((await withKey()).status).toBe(401)
    expect((await squatter.json('GET', '/v1/me')).status).toBe(401)
    const owner = testlot.browser()
    await owner.json('POST', '/v1/sign-in', { email: 'victim@example.com', password: 'the real owner' })
    expect((await owner.json('GET', '/v1/me')).body).toMatchObject({ user: { email_verified: true } })
  })

  it('stands nowhere in the database, nor do links', async () => {
    await testlot.signedUp('dan@example.com')
    const token = await resetToken('dan@example.com')
    const rows = await testlot.db.query(
      'select token_hash::text, email from email_tokens union all select password, user_id from sign_in_methods',
    )
    const dump = JSON.stringify(rows)
    expect(dump).not.toContain(token)
    expect(dump).not.toContain(goodPassword)
    const mails = await testlot.db.query<{ text: string }>('select sealed::text as text from mails')
    const sealed = mails.map((row) => Buffer.from(row.text.slice(2), 'hex').toString('latin1')).join()
    expect(sealed).not.toContain('dan@example.com')
    expect(sealed).not.toContain(token)
  })
})
