import { createHmac } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { operatorEmail, operatorPassword } from './operator.ts'
import { openScreen, picture, pictureOfFailure, type Screen } from './screens.ts'
import { type RunningServer, startServer } from './server.ts'
import { setUpByRequest } from './studio.ts'

let server: RunningServer
let browser: Browser
let origin: string

beforeAll(async () => {
  const [started, launched] = await Promise.all([startServer(), launchBrowser()])
  server = started
  browser = launched
  // A passkey belongs to a name, never to a bare number.
  origin = `http://localhost:${server.port}`
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

async function open(): Promise<Screen> {
  const screen = await openScreen(browser, { origin, expected: /401/ })
  onTestFailed(({ task }) => pictureOfFailure(screen.page, task.name))
  return screen
}

async function signInByHand(page: Page): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').fill(operatorEmail)
  await page.getByLabel('Password').fill(operatorPassword)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

async function signOutByHand(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/sign-in')
}

test('a passkey is made and opens the studio; then an authenticator app guards the password', async () => {
  const screen = await open()
  const { page, context, faults } = screen
  await setUpByRequest(screen, origin)
  const devices = await context.newCDPSession(page)
  await devices.send('WebAuthn.enable')
  const { authenticatorId } = await devices.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })

  await page.goto('/studio/account')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('The test bench')
  await page.getByRole('button', { name: 'Make the passkey' }).click()
  await page.getByRole('listitem').filter({ hasText: 'The test bench' }).waitFor()
  const { credentials } = await devices.send('WebAuthn.getCredentials', { authenticatorId })
  expect(credentials).toMatchObject([{ isResidentCredential: true, rpId: 'localhost' }])
  await picture(page, 'passkey-1-account')

  await signOutByHand(page)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByRole('heading', { name: 'Nothing shot yet' }).waitFor()

  await page.goto('/studio/account')
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Password').fill(operatorPassword)
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await dialog.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor()
  const key = (await dialog.locator('p.numbers').textContent()) ?? ''
  await picture(page, 'passkey-2-app')
  await dialog.getByLabel('Code that the app shows now').fill(timeCode(key, Date.now()))
  await dialog.getByRole('button', { name: 'Turn on' }).click()
  const codes = dialog.getByRole('listitem')
  await codes.first().waitFor()
  const recoveryCode = (await codes.first().textContent()) ?? ''
  await dialog.getByRole('button', { name: 'I kept them' }).click()
  await page.getByText('On. After the password, a code from your authenticator app is needed.').waitFor()
  await signOutByHand(page)

  // The password alone opens nothing any more.
  await signInByHand(page)
  await page.waitForURL('**/two-factor')
  expect((await context.request.get('/v1/me')).status()).toBe(401)
  await page.getByLabel('Code').fill('000000')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('alert').waitFor()
  await picture(page, 'passkey-3-wrong-code')
  // A code opens once; the next one is taken from the following half minute, which clocks are allowed to be ahead by.
  await page.getByLabel('Code').fill(timeCode(key, Date.now() + 30_000))
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'Nothing shot yet' }).waitFor()

  // Without the app, one of the kept codes.
  await signOutByHand(page)
  await signInByHand(page)
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await page.getByLabel('Recovery code').fill(recoveryCode)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'Nothing shot yet' }).waitFor()
  expect(faults).toEqual([])
  await context.close()
})

/** The six digits of RFC 6238 (SHA-1, half minutes) for a key in base 32. */
function timeCode(key: string, atMs: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const letters = [...key.replaceAll(/[\s=]/g, '').toUpperCase()]
  const bits = letters.map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(atMs / 30_000)))
  const digest = createHmac('sha1', secret).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 15
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
