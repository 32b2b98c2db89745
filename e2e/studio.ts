import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Locator, Page } from 'playwright-core'
import { expect, vi } from 'vitest'
import { operatorEmail, operatorPassword } from './operator.ts'
import type { Screen } from './screens.ts'

/** How long a draft may take on a loaded machine. */
export const deliveryDeadlineMs = 90_000

/** The sheet's tiles, newest first, whatever their state. */
export function tiles(page: Page): Locator {
  return page.getByRole('region', { name: 'Contact sheet' }).getByRole('article')
}

export function composer(page: Page): Locator {
  return page.getByRole('form', { name: 'New generation' })
}

export function generateButton(page: Page): Locator {
  return composer(page).getByRole('button', { name: /^Generate/ })
}

/** A session without the forms, for tests that are about something else. */
export async function setUpByRequest(screen: Screen, origin: string): Promise<void> {
  const answer = await screen.context.request.post('/v1/setup', {
    headers: { origin },
    data: { email: operatorEmail, password: operatorPassword, accept_terms: true, confirm_age: true },
  })
  expect(answer.status(), await answer.text()).toBeLessThan(300)
}

export async function openStudio(page: Page): Promise<void> {
  await page.goto('/studio')
  await page.getByRole('button', { name: /^Generate · / }).waitFor()
}

/** The smallest video there is: two seconds at 480p. */
export async function chooseSmallest(page: Page): Promise<void> {
  await composer(page).getByLabel('Resolution', { exact: true }).selectOption('480p')
  await composer(page).getByLabel('Length in seconds').fill('2')
  await composer(page).getByText('2 s', { exact: true }).first().waitFor()
}

export async function writePrompt(page: Page, text: string): Promise<void> {
  await promptField(page).fill(text)
}

export function promptField(page: Page): Locator {
  return composer(page).getByRole('textbox', { name: 'Prompt', exact: true })
}

/** Waits until the newest tile is delivered, and gives it. */
export async function untilDelivered(page: Page, prompt: string): Promise<Locator> {
  const tile = tiles(page).filter({ hasText: prompt }).first()
  await vi.waitFor(
    async () => expect(await tile.getAttribute('aria-label')).toMatch(/^(Delivered|Failed|Blocked)/),
    { timeout: deliveryDeadlineMs, interval: 200 },
  )
  expect(await tile.getAttribute('aria-label')).toMatch(/^Delivered/)
  return tile
}

/** The credits that the bar on top shows. */
export async function shownBalance(page: Page): Promise<number> {
  const text = await page.locator('header a[href="/studio/credits"] .numbers').last().textContent()
  return amountIn(text ?? '')
}

/** A number as the studio writes it: `1,200`, `+300`, `−2`. */
export function amountIn(text: string): number {
  const found = /[+−-]?\d[\d,]*/.exec(text)?.[0]
  if (!found) throw new Error(`no number in "${text}"`)
  return Number(found.replace('−', '-').replaceAll(',', ''))
}

/** Waits until the element plays: its time moves on and it has pictures to show. */
export async function untilPlaying(video: Locator): Promise<void> {
  await video.waitFor()
  const state = () => video.evaluate((each: HTMLVideoElement) => [each.currentTime, each.readyState] as const)
  await expect
    .poll(async () => (await state())[1], { timeout: 20_000, interval: 100 })
    .toBeGreaterThanOrEqual(2)
  const [before] = await state()
  await expect.poll(async () => (await state())[0], { timeout: 20_000, interval: 100 }).not.toBe(before)
  // Not only a jump of a repeat: something has been shown.
  const shown = () =>
    video.evaluate((each: HTMLVideoElement) => each.getVideoPlaybackQuality().totalVideoFrames)
  await expect.poll(shown, { timeout: 20_000, interval: 100 }).toBeGreaterThan(3)
}

export async function sha256OfFile(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
}
