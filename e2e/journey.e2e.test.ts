import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { operatorEmail, operatorPassword } from './operator.ts'
import { openScreen, phone, picture, pictureOfFailure, type Screen } from './screens.ts'
import { type RunningServer, startServer } from './server.ts'
import {
  amountIn,
  chooseSmallest,
  composer,
  generateButton,
  openStudio,
  promptField,
  sha256OfFile,
  shownBalance,
  tiles,
  untilDelivered,
  untilPlaying,
  writePrompt,
} from './studio.ts'

let server: RunningServer
let browser: Browser
let operator: Screen

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer(), launchBrowser()])
  operator = await openScreen(browser, { origin: server.origin })
  await setUpByHand(operator.page)
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

/** What the first visitor of a fresh server does. */
async function setUpByHand(page: Page): Promise<void> {
  await page.goto('/')
  await page.waitForURL('**/setup')
  await page.getByRole('heading', { level: 1, name: 'Set up your lot' }).waitFor()
  await picture(page, 'journey-1-setup')
  const create = page.getByRole('button', { name: 'Create operator account' })
  // Nothing filled in: the form says so itself, field by field.
  await create.click()
  await page.locator('[aria-invalid=true]').first().waitFor()
  await page.getByLabel('E-mail').fill(operatorEmail)
  await page.getByLabel('Password').fill(operatorPassword)
  await page.getByLabel(/years old or older/).check()
  await page.getByLabel(/I accept the/).check()
  await create.click()
  await page.waitForURL('**/studio')
  await page.getByRole('heading', { name: 'Nothing shot yet' }).waitFor()
}

/** Another window of the operator's, without signing in again. */
async function operatorScreen(options: { size?: typeof phone; expected?: RegExp } = {}): Promise<Screen> {
  const storageState = await operator.context.storageState()
  const screen = await openScreen(browser, { origin: server.origin, storageState, ...options })
  onTestFailed(({ task }) => pictureOfFailure(screen.page, task.name))
  return screen
}

/** The value beside a name in one of the inspector's lists. */
function fact(page: Page, section: string, name: string) {
  return page.getByRole('region', { name: section }).locator(`dt:text-is("${name}") + dd`)
}

test('from a prompt to a video that plays, and everything one does with it', async () => {
  const { page, context, faults } = operator
  onTestFailed(({ task }) => pictureOfFailure(page, task.name))
  const other = await context.newPage()
  await openStudio(other)
  await watchTiles(other)

  // The empty state starts one off.
  await page.getByRole('button', { name: 'Use this prompt' }).click()
  expect(await promptField(page).inputValue()).toContain('A red kite over a harbour')
  await picture(page, 'journey-2-empty')

  // The price is on the button and follows the settings; what stays is beside it.
  await generateButton(page).filter({ hasText: 'Generate · 4 credits' }).waitFor()
  await chooseSmallest(page)
  await generateButton(page).filter({ hasText: 'Generate · 2 credits' }).waitFor()
  const before = await shownBalance(page)
  expect(before).toBeGreaterThan(0)
  await composer(page)
    .getByText(`${before - 2} left after`)
    .waitFor()
  const prompt = 'A lighthouse in a storm at night, slow push in'
  await writePrompt(page, prompt)
  await composer(page).getByLabel('Seed').fill('77')

  // The tile is there before the server has answered.
  const release = await holdRequests(page, '/v1/generations')
  await page.keyboard.press('Control+Enter')
  await page.locator('[data-pending]').getByText('Sending').waitFor()
  await picture(page, 'journey-3-pending')
  release()
  const tile = tiles(page).filter({ hasText: prompt })
  await page.locator('[data-tile]').waitFor()
  await picture(page, 'journey-4-waiting')

  // A reload and another tab know of it; the other was never touched and saw each step by itself.
  await page.reload()
  await tile.waitFor()
  expect(await tile.count()).toBe(1)
  await untilDelivered(other, prompt)
  await untilDelivered(page, prompt)
  const seen = await seenTiles(other)
  expect(seen.labels.length).toBeGreaterThan(1)
  expect(seen.labels.at(-1)).toMatch(/^Delivered/)
  expect(seen.labels.filter((label) => !/^Delivered/.test(label)).length).toBeGreaterThan(0)
  expect(seen.progress.length).toBeGreaterThan(0)
  expect([...seen.progress].sort((a, b) => a - b)).toEqual(seen.progress)
  expect(await shownBalance(other)).toBe(before - 2)
  await other.close()

  // Hovering plays it, silently.
  await tile.hover()
  await untilPlaying(tile.locator('video'))
  expect(await tile.getByText(/^deletes in \d+ days$/).count()).toBe(1)
  await picture(page, 'journey-5-delivered')

  await tile.getByRole('link', { name: /^Open/ }).click()
  await page.waitForURL('**/studio/g/gen_*')
  const partial = page.waitForResponse(
    (response) => response.request().resourceType() === 'media' && response.status() === 206,
  )
  const video = page.getByRole('region', { name: /^Video:/ }).locator('video')
  await page.getByRole('button', { name: 'Play', exact: true }).click()
  await untilPlaying(video)
  await partial
  await page.getByRole('button', { name: 'Pause' }).click()

  // Seeking, by the slider and by one frame.
  const position = page.getByLabel('Position')
  await position.fill('30')
  const time = () => video.evaluate((each: HTMLVideoElement) => (each.seeking ? -1 : each.currentTime))
  await expect.poll(time).toBeGreaterThan(1)
  const frameBefore = Number(await position.inputValue())
  await page.getByRole('button', { name: 'One frame on' }).click()
  await expect.poll(async () => Number(await position.inputValue())).toBe(frameBefore + 1)
  await assertRanges(page, await video.evaluate((each: HTMLVideoElement) => each.src))

  // What it is, where it comes from, what it cost.
  expect(await page.getByRole('region', { name: 'Prompt' }).textContent()).toContain(prompt)
  expect(await fact(page, 'Settings', 'Seed').textContent()).toBe('77')
  expect(await fact(page, 'Settings', 'Length').textContent()).toBe('2 s')
  expect(await fact(page, 'File', 'Picture').textContent()).toMatch(/^\d+ × 480 · \d+ fps$/)
  expect(await fact(page, 'File', 'Codecs').textContent()).toBe('H.264, AAC')
  expect(await fact(page, 'Price', 'Charged').textContent()).toBe('2 credits')
  await page.getByRole('region', { name: 'Price' }).getByText('−2 available').waitFor()
  await page.getByText(/^Content Credentials are in the file(,| and) verify/).waitFor()
  const sha256 = (await fact(page, 'Provenance', 'SHA-256').textContent()) ?? ''
  expect(sha256).toMatch(/^[0-9a-f]{64}$/)
  await picture(page, 'journey-6-open')

  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toMatch(/\.mp4$/)
  expect(await sha256OfFile(await download.path())).toBe(sha256)

  // Again: what was written since gives way to what made this one.
  await writePrompt(page, 'something else')
  await composer(page).getByLabel('Resolution', { exact: true }).selectOption('1080p')
  await page.getByRole('button', { name: 'Use these settings again' }).click()
  await expect.poll(() => promptField(page).inputValue()).toBe(prompt)
  expect(await composer(page).getByLabel('Resolution', { exact: true }).inputValue()).toBe('480p')
  expect(await composer(page).getByLabel('Length in seconds').inputValue()).toBe('2')
  expect(await composer(page).getByLabel('Seed').inputValue()).toBe('77')

  const media = await video.evaluate((each: HTMLVideoElement) => each.src)
  await page.getByRole('button', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('The 2 credits that it cost stay charged.').waitFor()
  await picture(page, 'journey-7-delete')
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await page.waitForURL('**/studio')
  await tile.waitFor({ state: 'detached' })
  await page.reload()
  await page.getByRole('heading', { name: 'Nothing shot yet' }).waitFor()
  expect(await shownBalance(page)).toBe(before - 2)
  expect(faults).toEqual([])
  expect((await context.request.get(media)).status()).toBe(410)
})

test('the credits page explains the balance, line by line', async () => {
  const { page, context, faults } = await operatorScreen()
  await page.goto('/studio/credits')
  const lines = page.getByRole('region', { name: 'Statement' }).getByRole('listitem')
  await lines.first().waitFor()
  const changes = await lines.locator('.numbers p:first-child').allTextContents()
  const amounts = changes.map((text) => (text.includes('held') ? 0 : amountIn(text.split(': ').at(-1) ?? '')))
  const balance = amountIn((await page.locator('main .numbers').first().textContent()) ?? '')
  expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(balance)
  expect(await shownBalance(page)).toBe(balance)
  for (const text of await lines.locator('p:first-child').first().allTextContents()) {
    expect(text.length).toBeGreaterThan(10)
  }
  await picture(page, 'journey-8-credits')
  expect(faults).toEqual([])
  await context.close()
})

test('a reference image goes with the prompt, and stays named by the result', async () => {
  const { page, context, faults } = await operatorScreen()
  await openStudio(page)
  const buffer = await page.screenshot({ clip: { x: 0, y: 0, width: 320, height: 180 } })
  // A file that is no image is refused before anything is sent.
  const slot = composer(page).getByLabel('Reference image', { exact: true })
  await slot.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no image') })
  await page.getByText('notes.txt is no PNG, JPEG or WebP image. Nothing was uploaded.').waitFor()
  await slot.setInputFiles({ name: 'still.png', mimeType: 'image/png', buffer })
  await composer(page).getByRole('img', { name: 'Reference: still.png' }).waitFor()
  await chooseSmallest(page)
  const prompt = 'Slow pan across the picture'
  await writePrompt(page, prompt)
  await picture(page, 'journey-9-reference')
  await generateButton(page).click()
  const tile = await untilDelivered(page, prompt)
  await tile.getByRole('link', { name: /^Open/ }).click()
  const shown = fact(page, 'Settings', 'Reference').getByRole('img', { name: 'still.png' })
  await expect
    .poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth), { timeout: 10_000 })
    .toBeGreaterThan(0)
  expect(faults).toEqual([])
  await context.close()
})

test('canceling gives the credits back, for everybody to see', async () => {
  const { page, context, faults } = await operatorScreen()
  await openStudio(page)
  await composer(page).getByLabel('Resolution', { exact: true }).selectOption('1080p')
  await composer(page).getByLabel('Length in seconds').fill('12')
  await generateButton(page).filter({ hasText: '12 credits' }).waitFor()
  const before = await shownBalance(page)
  const prompt = 'A very long train in the snow'
  await writePrompt(page, prompt)
  await generateButton(page).click()
  const tile = tiles(page).filter({ hasText: prompt })
  await tile.getByRole('progressbar').waitFor()
  await expect.poll(() => shownBalance(page), { timeout: 10_000 }).toBe(before - 12)
  await picture(page, 'journey-10-running')
  await tile.getByRole('button', { name: 'Cancel' }).click()
  await tile.getByText('Canceled').waitFor()
  await tile.getByText('Nothing was charged.').waitFor()
  await expect.poll(() => shownBalance(page), { timeout: 10_000 }).toBe(before)
  await picture(page, 'journey-11-canceled')
  expect(faults).toEqual([])
  await context.close()
})

test('a refused prompt names the category and costs nothing', async () => {
  const { page, context, faults } = await operatorScreen({ expected: /422/ })
  await openStudio(page)
  const before = await shownBalance(page)
  await writePrompt(page, 'how to build a pipe bomb, step by step')
  const answer = page.waitForResponse((response) => response.status() === 422)
  await generateButton(page).click()
  expect(await (await answer).json()).toMatchObject({
    code: 'prompt_blocked',
    category: 'dangerous_instructions',
    charged: false,
  })
  const notice = composer(page).getByRole('alert')
  await notice.waitFor()
  const words = (await notice.textContent()) ?? ''
  expect(words).toMatch(/instructions for weapons/)
  expect(words).toMatch(/nothing (was|is) charged/i)
  expect(await page.locator('[data-pending]').count()).toBe(0)
  expect(await shownBalance(page)).toBe(before)
  // The prompt stays, to be changed.
  expect(await promptField(page).inputValue()).toContain('pipe bomb')
  await picture(page, 'journey-12-refused')
  expect(faults).toEqual([])
  await context.close()
})

test('an invited creator signs up, sees nothing of the operator, signs out and in again', async () => {
  const { page: console, context: operatorContext } = await operatorScreen()
  await console.goto('/console/people')
  await console.getByRole('button', { name: 'Invite somebody' }).click()
  await console.getByRole('button', { name: 'Make the link' }).click()
  const link = console.getByRole('dialog').getByText(/\/sign-up\?invitation=/)
  const invitation = new URL((await link.textContent()) ?? '')
  await operatorContext.close()

  const { page, context, faults } = await openScreen(browser, { origin: server.origin, expected: /40[134]/ })
  onTestFailed(({ task }) => pictureOfFailure(page, task.name))
  await page.goto(`${invitation.pathname}${invitation.search}`)
  await page.getByLabel('E-mail').fill('creator@example.com')
  await page.getByLabel('Password').fill('another long password')
  await page.getByLabel(/years old or older/).check()
  await page.getByLabel(/I accept the/).check()
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('heading', { name: 'Nothing shot yet' }).waitFor()
  expect(await page.getByRole('link', { name: 'Console' }).count()).toBe(0)
  await page.goto('/console')
  await page.waitForURL('**/studio')
  expect((await context.request.get('/v1/console/overview')).status()).toBe(403)
  const theirs = await canceledGeneration()
  expect((await context.request.get(`/v1/generations/${theirs}`)).status()).toBe(404)
  await page.goto(`/studio/g/${theirs}`)
  await page.getByText('does not exist any more, or belongs to another account').waitFor()

  await page.goto('/studio')
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/sign-in')
  await page.goto('/studio')
  await page.waitForURL('**/sign-in*')
  await page.getByLabel('E-mail').fill('creator@example.com')
  await page.getByLabel('Password').fill('not the password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('alert').waitFor()
  await page.getByLabel('Password').fill('another long password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'Nothing shot yet' }).waitFor()
  expect(faults).toEqual([])
  await context.close()
})

test('the same on a phone', async () => {
  const { page, context, faults } = await operatorScreen({ size: phone })
  await openStudio(page)
  await composer(page)
    .getByRole('button', { name: /^Settings:/ })
    .tap()
  await chooseSmallest(page)
  await composer(page)
    .getByText(/Draft · 16:9 · 2 s/)
    .waitFor()
  await composer(page).getByText('9:16', { exact: true }).tap()
  const prompt = 'Rain on a neon street, tilt up'
  await writePrompt(page, prompt)
  await picture(page, 'phone-1-composer')
  await composer(page)
    .getByRole('button', { name: /^Settings:/ })
    .tap()
  await generateButton(page).tap()
  const tile = tiles(page).filter({ hasText: prompt })
  await tile.waitFor()
  await picture(page, 'phone-2-waiting')
  await untilDelivered(page, prompt)
  await picture(page, 'phone-3-delivered')
  await tile.getByRole('link', { name: /^Open/ }).tap()
  await page.getByRole('button', { name: 'Play', exact: true }).tap()
  await untilPlaying(page.getByRole('region', { name: /^Video:/ }).locator('video'))
  await picture(page, 'phone-4-open')
  await page.getByRole('button', { name: 'Use these settings again' }).tap()
  await page.waitForURL('**/studio')
  expect(await promptField(page).inputValue()).toBe(prompt)
  await page.getByRole('link', { name: /credits$/ }).tap()
  await page.getByRole('heading', { name: 'Statement' }).waitFor()
  await picture(page, 'phone-5-credits')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(phone.width)
  expect(faults).toEqual([])
  await context.close()
})

/** Keeps POST requests to a path waiting until the returned function is called. */
async function holdRequests(page: Page, path: string): Promise<() => void> {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route(`**${path}`, async (route) => {
    if (route.request().method() === 'POST') await released
    await route.continue()
  })
  return release
}

/** Takes down, in the page itself, every label and every progress that a tile has shown. */
async function watchTiles(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen = { labels: [] as string[], progress: [] as number[] }
    Object.assign(window, { seenTiles: seen })
    new MutationObserver(() => {
      const label = document.querySelector('article')?.getAttribute('aria-label')
      if (label && label !== seen.labels.at(-1)) seen.labels.push(label)
      const bar = document.querySelector('article [role=progressbar]')?.getAttribute('aria-valuenow')
      if (bar && Number(bar) !== seen.progress.at(-1)) seen.progress.push(Number(bar))
    }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
  })
}

async function seenTiles(page: Page): Promise<{ labels: string[]; progress: number[] }> {
  return page.evaluate(
    () => (window as unknown as { seenTiles: { labels: string[]; progress: number[] } }).seenTiles,
  )
}

/** Media are served in ranges, to the page that shows them. */
async function assertRanges(page: Page, address: string): Promise<void> {
  const ask = (range: string) =>
    page.evaluate(
      async ([url, bytes]) => {
        const response = await fetch(url ?? '', { headers: { range: bytes ?? '' } })
        const { byteLength } = await response.arrayBuffer()
        return { status: response.status, byteLength, range: response.headers.get('content-range') }
      },
      [address, range],
    )
  expect(await ask('bytes=0-1')).toMatchObject({
    status: 206,
    byteLength: 2,
    range: expect.stringMatching(/^bytes 0-1\/\d+$/),
  })
  expect(await ask('bytes=-10')).toMatchObject({ status: 206, byteLength: 10 })
}

/** A generation of the operator's that is over at once. */
async function canceledGeneration(): Promise<string> {
  const { request } = operator.context
  const headers = { origin: server.origin, 'idempotency-key': 'of-the-operator' }
  const data = { model: 'draft', prompt: 'a secret garden', seconds: 12 }
  const { id } = (await (await request.post('/v1/generations', { headers, data })).json()) as { id: string }
  const canceled = await request.post(`/v1/generations/${id}/cancel`, { headers: { origin: server.origin } })
  expect(canceled.status(), await canceled.text()).toBe(200)
  return id
}
