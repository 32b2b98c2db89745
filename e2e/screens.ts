import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'

export const desk = { width: 1440, height: 900 }
export const phone = { width: 390, height: 844 }

const screenshots = path.join(import.meta.dirname, 'screenshots')

export interface Screen {
  context: BrowserContext
  page: Page
  /** What went wrong in any page of the context: console errors, broken policies, failed requests, lost scripts. */
  faults: string[]
}

export interface ScreenOptions {
  origin: string
  size?: { width: number; height: number }
  theme?: 'dark' | 'light'
  storageState?: BrowserContextOptions['storageState']
  /** Answers of these addresses that are errors on purpose, e.g. a refused prompt; written into no fault. */
  expected?: RegExp
}

/** A browser of its own, as far as cookies and storage go, that takes down everything that goes wrong in it. */
export async function openScreen(browser: Browser, options: ScreenOptions): Promise<Screen> {
  const { size = desk, theme = 'dark', origin, storageState, expected } = options
  const narrow = size.width < 640
  const context = await browser.newContext({
    baseURL: origin,
    viewport: size,
    hasTouch: narrow,
    isMobile: narrow,
    deviceScaleFactor: 1,
    colorScheme: theme,
    locale: 'en-GB',
    acceptDownloads: true,
    ...(storageState ? { storageState } : {}),
  })
  context.setDefaultTimeout(30_000)
  // The studio is dark unless told otherwise; the pages made by the server follow the system.
  await context.addInitScript("try { localStorage.setItem('backlot.theme', 'system') } catch {}")
  const faults: string[] = []
  const note = (fault: string) => {
    if (!expected?.test(fault)) faults.push(fault)
  }
  context.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return
    note(`console: ${message.text()} (${message.location().url})`)
  })
  context.on('weberror', (error) => note(`uncaught: ${error.error().message}`))
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? ''
    // A page that is left, or a video that has enough, breaks off what it still asked for.
    if (reason !== 'net::ERR_ABORTED') note(`failed: ${reason} ${request.url()}`)
  })
  context.on('response', (response) => {
    if (response.status() >= 400) note(`answered ${response.status()}: ${response.url()}`)
  })
  return { context, page: await context.newPage(), faults }
}

/** A picture for people to look at, in the ignored folder `e2e/screenshots`. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true })
  await page.screenshot({ path: path.join(screenshots, `${name}.png`) })
}

/** What the page looked like when a test failed; for `onTestFailed`. */
export async function pictureOfFailure(page: Page, testName: string): Promise<void> {
  await picture(page, `failed-${testName.replaceAll(/\W+/g, '-')}`).catch(() => undefined)
}

/** Waits until the fonts have come, colours have changed, and all of it is painted. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const painted = () =>
      new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    await document.fonts.ready
    await painted()
    const changes = document.getAnimations().filter((each) => each instanceof CSSTransition)
    await Promise.all(changes.map((each) => each.finished.catch(() => undefined)))
    await painted()
  })
}

interface AxeResult {
  id: string
  impact: string | null
  help: string
  nodes: { target: unknown[]; failureSummary?: string }[]
}

let axeSource: Promise<string> | undefined

/** What axe-core calls serious or critical on the page as it stands, one line each. */
export async function seriousFindings(page: Page, rules?: readonly string[]): Promise<string[]> {
  axeSource ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  // Run by the debugger and not as a script of the page, so that the content policy stays as it is.
  await page.evaluate(`${await axeSource}; undefined`)
  const violations = await page.evaluate(async (only) => {
    const axe = (
      globalThis as unknown as { axe: { run(options: object): Promise<{ violations: AxeResult[] }> } }
    ).axe
    const found = await axe.run({
      resultTypes: ['violations'],
      ...(only ? { runOnly: { type: 'rule', values: only } } : {}),
    })
    return found.violations.map(({ id, impact, help, nodes }) => ({ id, impact, help, nodes }))
  }, rules)
  return violations
    .filter((found) => found.impact === 'serious' || found.impact === 'critical')
    .map((found) => {
      const where = found.nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary ?? ''}`)
      return `${found.id} (${found.impact}): ${found.help}\n  ${where.join('\n  ')}`
    })
}
