import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFailed, test, vi } from 'vitest'
import { launchBrowser } from './browser.ts'
import { operatorEmail } from './operator.ts'
import {
  desk,
  openScreen,
  phone,
  picture,
  pictureOfFailure,
  type Screen,
  seriousFindings,
  settle,
} from './screens.ts'
import { type RunningServer, startServer } from './server.ts'
import {
  chooseSmallest,
  composer,
  generateButton,
  openStudio,
  setUpByRequest,
  tiles,
  untilDelivered,
  writePrompt,
} from './studio.ts'

const looks = [
  { name: '1440-dark', size: desk, theme: 'dark' },
  { name: '390-light', size: phone, theme: 'light' },
] as const
type Look = (typeof looks)[number]
type Visitor = 'nobody' | 'creator' | 'operator'

interface PageToSee {
  name: string
  path: string | (() => string)
  /** What stands there once everything has come. */
  ready: (page: Page) => Locator
  /** What one comes for; Tab must get there. */
  action?: (page: Page) => Locator
}

const button = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name, exact: true })
const link = (name: string | RegExp) => (page: Page) => page.getByRole('link', { name, exact: true })
const heading = (name: string | RegExp) => (page: Page) => page.getByRole('heading', { name }).first()
const text = (words: string | RegExp) => (page: Page) => page.getByText(words).first()

let delivered = ''
const setup: PageToSee = {
  name: 'setup',
  path: '/setup',
  ready: heading('Set up your lot'),
  action: button('Create operator account'),
}
const pages: Record<Visitor, PageToSee[]> = {
  nobody: [
    { name: 'landing', path: '/', ready: heading(/./), action: (page) => page.locator('main a').first() },
    { name: 'terms', path: '/terms', ready: heading('Terms') },
    { name: 'privacy', path: '/privacy', ready: heading('Privacy') },
    { name: 'errors', path: '/docs/errors', ready: heading(/error/i) },
    {
      name: 'nothing',
      path: '/nowhere',
      ready: heading('There is nothing here'),
      action: link('Open the studio'),
    },
    { name: 'sign-in', path: '/sign-in', ready: heading('Sign in'), action: button('Sign in') },
    {
      name: 'sign-up',
      path: '/sign-up',
      ready: heading('Create an account'),
      action: button('Create account'),
    },
    { name: 'two-factor', path: '/two-factor', ready: heading('Second factor'), action: button('Continue') },
    {
      name: 'reset-password',
      path: '/reset-password',
      ready: heading('Forgot the password'),
      action: button('Send the link'),
    },
    {
      name: 'new-password',
      path: '/reset-password?token=abc',
      ready: heading('Choose a new password'),
      action: button('Save password'),
    },
    {
      name: 'verify-email',
      path: '/verify-email?token=abc',
      ready: (page) => page.locator('main a').first(),
    },
  ],
  creator: [
    {
      name: 'studio-empty',
      path: '/studio',
      ready: heading('Nothing shot yet'),
      action: button('Use this prompt'),
    },
  ],
  operator: [
    {
      name: 'studio',
      path: '/studio',
      ready: (page) => page.getByRole('article', { name: /^Delivered/ }).locator('img'),
      action: button(/^Generate · /),
    },
    {
      name: 'generation',
      path: () => `/studio/g/${delivered}`,
      ready: text(/^Content Credentials are in the file/),
      action: link('Download'),
    },
    { name: 'credits', path: '/studio/credits', ready: text('Charged for a delivered generation') },
    {
      name: 'account',
      path: '/studio/account',
      ready: text('There is none yet'),
      action: button('Change password'),
    },
    { name: 'console', path: '/console', ready: heading('Readiness'), action: button('Run now') },
    {
      name: 'console-accounts',
      path: '/console/accounts',
      ready: text('creator@example.com'),
      action: button('Grant credits to creator@example.com'),
    },
    { name: 'console-models', path: '/console/models', ready: (page) => page.getByRole('table') },
    {
      name: 'console-people',
      path: '/console/people',
      ready: (page) => page.locator('details').first(),
      action: button('Invite somebody'),
    },
  ],
}
/** Answers that are errors because the test asked for what is not there. */
const expected = /\/nowhere|\/v1\/email\/verifications/

let server: RunningServer
let browser: Browser
const screens = new Map<string, Screen>()
const setupFindings: string[] = []

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer(), launchBrowser()])
  const { origin } = server
  for (const look of looks) {
    const nobody = await openScreen(browser, { ...look, origin, expected })
    screens.set(`nobody ${look.name}`, nobody)
    // There before the operator is, and never again.
    setupFindings.push(...(await findings(nobody, setup, look)))
  }
  const storageStates = await fill()
  for (const look of looks) {
    for (const visitor of ['creator', 'operator'] as const) {
      const storageState = storageStates[visitor]
      screens.set(`${visitor} ${look.name}`, await openScreen(browser, { ...look, origin, storageState }))
    }
  }
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

/** An operator with something of everything on the pages, and a creator with nothing. */
async function fill() {
  const { origin } = server
  const headers = { origin }
  const operator = await openScreen(browser, { origin })
  const creator = await openScreen(browser, { origin })
  const { request } = operator.context
  const post = async (path: string, data: object, key?: string, by = request) => {
    const answer = await by.post(path, {
      headers: key ? { ...headers, 'idempotency-key': key } : headers,
      data,
    })
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true)
    return (await answer.text()) === '' ? undefined : await answer.json()
  }
  await setUpByRequest(operator, origin)
  const smallest = { model: 'draft', seconds: 2, resolution: '480p' }
  const made = await post('/v1/generations', { ...smallest, prompt: 'A fox in the snow, slow zoom' }, 'first')
  delivered = made.id
  const dropped = await post('/v1/generations', { ...smallest, prompt: 'Never mind' }, 'second')
  await post(`/v1/generations/${dropped.id}/cancel`, {})
  const invitation = await post('/v1/console/invitations', { email: 'creator@example.com' })
  await post('/v1/console/invitations', {})
  await post('/v1/password/reset-requests', { email: operatorEmail })
  const service = (await (await request.get('/v1/service')).json()) as { terms_version: string }
  await post(
    '/v1/sign-up',
    {
      email: 'creator@example.com',
      password: 'another long password',
      invitation: new URL(invitation.url).searchParams.get('invitation'),
      terms_version: service.terms_version,
      accept_terms: true,
      confirm_age: true,
    },
    undefined,
    creator.context.request,
  )
  await openStudio(operator.page)
  await untilDelivered(operator.page, 'A fox in the snow')
  const states = {
    operator: await operator.context.storageState(),
    creator: await creator.context.storageState(),
  }
  await operator.context.close()
  await creator.context.close()
  return states
}

/** Everything that is wrong with a page in one look, one line each. */
async function findings(screen: Screen, target: PageToSee, look: Look): Promise<string[]> {
  const { page, faults } = screen
  const wrong: string[] = []
  faults.length = 0
  await page.emulateMedia({ colorScheme: look.theme })
  await page.goto(typeof target.path === 'string' ? target.path : target.path())
  await target.ready(page).waitFor()
  await target.action?.(page).first().waitFor()
  await vi.waitFor(async () => expect(await page.locator('.shimmer').count()).toBe(0), { timeout: 10_000 })
  await settle(page)
  await picture(page, `${target.name}-${look.name}`)

  wrong.push(...(await shapeFindings(page)))
  wrong.push(...(await keyboardFindings(page, target.action?.(page))))
  wrong.push(...(await seriousFindings(page)))
  await page.emulateMedia({ colorScheme: look.theme === 'dark' ? 'light' : 'dark' })
  await settle(page)
  wrong.push(...(await seriousFindings(page, ['color-contrast'])).map((found) => `other theme: ${found}`))
  return [...wrong, ...faults]
}

/** Title, language, one heading of the first level, one main region, and nothing that sticks out. */
async function shapeFindings(page: Page): Promise<string[]> {
  const wrong: string[] = []
  const shape = await page.evaluate(() => ({
    title: document.title,
    language: document.documentElement.lang,
    headings: document.querySelectorAll('h1').length,
    mains: document.querySelectorAll('main').length,
    width: document.documentElement.scrollWidth,
  }))
  if (shape.title.length < 5) wrong.push(`the title is "${shape.title}"`)
  if (!shape.language) wrong.push('the document has no language')
  if (shape.headings !== 1) wrong.push(`there are ${shape.headings} headings of the first level`)
  if (shape.mains !== 1) wrong.push(`there are ${shape.mains} main regions`)
  // Not `innerWidth`: on a phone that grows with what sticks out.
  const overflow = shape.width - (page.viewportSize()?.width ?? 0)
  if (overflow > 0) wrong.push(`it scrolls sideways by ${overflow} px`)
  return wrong
}

/** Tab reaches what one comes for, and what has the focus shows it. */
async function keyboardFindings(page: Page, action: Locator | undefined): Promise<string[]> {
  const stopsMax = 60
  for (let stop = 0; stop < stopsMax; stop += 1) {
    await page.keyboard.press('Tab')
    const reached = action
      ? await action.first().evaluate((element) => element === document.activeElement)
      : await page.evaluate(() => document.activeElement !== document.body)
    if (!reached) continue
    const outline = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement ?? document.body)
      return { style: style.outlineStyle, width: Number.parseFloat(style.outlineWidth) }
    })
    return outline.style === 'none' || outline.width < 2 ? ['the focus cannot be seen'] : []
  }
  return [`Tab does not reach ${action ? 'the action' : 'anything'} within ${stopsMax} stops`]
}

describe.each(looks)('$name', (look) => {
  test('setup', () => {
    expect(setupFindings).toEqual([])
  })

  for (const visitor of ['nobody', 'creator', 'operator'] as const) {
    for (const target of pages[visitor]) {
      test(target.name, async () => {
        const screen = screens.get(`${visitor} ${look.name}`)
        if (!screen) throw new Error('the screen was not opened')
        onTestFailed(() => pictureOfFailure(screen.page, `${target.name}-${look.name}`))
        expect(await findings(screen, target, look)).toEqual([])
      })
    }
  }
})

async function operatorScreen(): Promise<Screen> {
  const storageState = await screens.get('operator 1440-dark')?.context.storageState()
  return openScreen(browser, { origin: server.origin, storageState })
}

test('what would be wrong with a page is found', async () => {
  const { page, context, faults } = await openScreen(browser, { origin: server.origin, size: phone })
  await page.goto('/terms')
  await page.evaluate(() => {
    document.title = ''
    document.body.innerHTML = `<h1>One</h1><h1>Two</h1><a href="/">Go</a><img src="/nothing.png"></img>`
    const link = document.querySelector('a')
    link?.style.setProperty('outline', 'none')
    link?.style.setProperty('color', 'rgb(130, 130, 130)')
    link?.style.setProperty('background', 'rgb(110, 110, 110)')
    document.querySelector('img')?.style.setProperty('width', '500px')
    const script = document.createElement('script')
    script.textContent = 'void 0'
    document.body.append(script)
  })
  await vi.waitFor(() => expect(faults.join('\n')).toMatch(/answered 404.*nothing\.png/))
  expect(faults.join('\n')).toMatch(/Content Security Policy/)
  expect(await shapeFindings(page)).toEqual([
    expect.stringMatching(/title/),
    expect.stringMatching(/2 headings/),
    expect.stringMatching(/0 main regions/),
    expect.stringMatching(/sideways by \d+ px/),
  ])
  expect(await keyboardFindings(page, undefined)).toEqual(['the focus cannot be seen'])
  expect(await keyboardFindings(page, page.locator('h1'))).toEqual([expect.stringMatching(/does not reach/)])
  const serious = (await seriousFindings(page)).join('\n')
  expect(serious).toMatch(/image-alt \(critical\)/)
  expect(serious).toMatch(/color-contrast \(serious\)/)
  expect(serious).toMatch(/document-title \(serious\)/)
  await context.close()
})

test('nothing moves on the contact sheet while a video is made', async () => {
  const { page, context, faults } = await operatorScreen()
  await openStudio(page)
  await tiles(page).first().waitFor()
  await chooseSmallest(page)
  const prompt = 'A quiet lake, nothing moves'
  await writePrompt(page, prompt)
  await settle(page)
  await generateButton(page).filter({ hasText: '2 credits' }).waitFor()
  await page.evaluate(() => {
    const shifts: { value: number; where: string }[] = []
    Object.assign(window, { shifts })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const shift = entry as PerformanceEntry & {
          value: number
          // Within half a second of a press things may make room: that is what the press asked for.
          hadRecentInput: boolean
          sources: { node?: Node }[]
        }
        if (shift.hadRecentInput) continue
        const where = shift.sources.map(({ node }) => (node as Element)?.outerHTML?.slice(0, 120)).join(' | ')
        shifts.push({ value: shift.value, where })
      }
    }).observe({ type: 'layout-shift' })
  })
  await composer(page).getByRole('textbox', { name: 'Prompt' }).press('Control+Enter')
  await untilDelivered(page, prompt)
  await tiles(page).filter({ hasText: prompt }).locator('img').waitFor()
  await settle(page)
  const shifts = await page.evaluate(
    () => (window as unknown as { shifts: { value: number; where: string }[] }).shifts,
  )
  const moved = shifts.reduce((sum, shift) => sum + shift.value, 0)
  expect(moved, JSON.stringify(shifts, null, 2)).toBeLessThan(0.005)
  expect(faults).toEqual([])
  await context.close()
})

test('the first load of the studio is under 200 kB of compressed JavaScript', async () => {
  const { page, context } = await operatorScreen()
  await openStudio(page)
  await tiles(page).first().waitFor()
  const scripts = await page.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter((entry) => new URL(entry.name).pathname.endsWith('.js'))
      .map((entry) => ({ name: entry.name, bytes: entry.encodedBodySize, unpacked: entry.decodedBodySize })),
  )
  const sum = (of: 'bytes' | 'unpacked') => scripts.reduce((total, script) => total + script[of], 0)
  console.log(`${scripts.length} scripts, ${sum('bytes')} bytes compressed, ${sum('unpacked')} unpacked`)
  expect(scripts.length).toBeGreaterThan(0)
  expect(sum('unpacked')).toBeGreaterThan(sum('bytes'))
  expect(sum('bytes')).toBeGreaterThan(20_000)
  expect(sum('bytes')).toBeLessThan(200_000)
  expect(scripts.filter((script) => script.name.includes('dev-runtime'))).toEqual([])
  await context.close()
})
