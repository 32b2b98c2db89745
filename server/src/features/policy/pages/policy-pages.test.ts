import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { loadProfile } from '../load-profile.ts'
import { type Profile, redLineCategories } from '../profile.ts'
import { notFoundPage, policyPages, wantsPage } from './policy-pages.ts'
import { privacy } from './privacy.ts'
import { terms } from './terms.ts'

const neutral = loadProfile()
const sample = {
  videoUrl: '/assets/samples/a.mp4',
  posterUrl: '/assets/samples/a.webp',
  caption: 'a <fox>',
  width: 640,
  height: 360,
}

function appWith(profile: Profile, changes: Partial<Parameters<typeof policyPages>[1]> = {}): Hono {
  const app = new Hono()
  policyPages(app, { profile, studioAvailable: true, samples: [sample], ...changes })
  return app
}

async function textOf(profile: Profile, ...addresses: string[]): Promise<string> {
  const app = appWith(profile)
  const pages = await Promise.all(addresses.map(async (address) => (await app.request(address)).text()))
  return pages.join('\n')
}

/** Every number and date of the profile, as paths. Limits of the pages' own numbers: there are none. */
function numberPaths(value: unknown, at: string[] = []): string[][] {
  if (typeof value === 'number') return [at]
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => numberPaths(inner, [...at, key]))
}

function withValue(profile: Profile, at: readonly string[], value: unknown): Profile {
  const copy = structuredClone(profile) as Record<string, unknown>
  let inner = copy
  for (const key of at.slice(0, -1)) inner = inner[key] as Record<string, unknown>
  inner[at.at(-1) ?? ''] = value
  return copy as unknown as Profile
}

test('every number of the profile stands in the documents, and changes there when it changes', async () => {
  const paths = numberPaths(neutral)
  expect(paths.map((at) => at.join('.'))).toEqual([
    'minimum_age',
    'credits.free_monthly',
    'credits.draft_per_second',
    'limits.generations_simultaneous',
    'limits.generations_outstanding',
    'media.upload_megabytes_max',
    'media.upload_megapixels_max',
    'retention.outputs_days',
    'retention.uploads_days',
    'retention.failed_prompts_days',
    'retention.blocked_prompts_days',
    'retention.log_prompts_days',
    'retention.server_logs_days',
    'retention.backups_days',
    'rights.answer_days',
  ])
  for (const at of paths) {
    const text = await textOf(withValue(neutral, at, 739), '/terms', '/privacy')
    expect(text, at.join('.')).toMatch(/\b739\b/)
    expect(await textOf(neutral, '/terms', '/privacy')).not.toMatch(/\b739\b/)
  }
})

test('version, date, names, contacts and law come from the profile too', async () => {
  const profile: Profile = {
    ...neutral,
    name: 'Nordlicht',
    terms_version: '2031-02-03.4',
    terms_effective_on: '2031-02-05',
    operator: { legal_name: 'Studio Nord <GmbH>', address: 'Hafenstrasse, Bremen' },
    law: { country: 'DE' },
    contacts: {
      support_email: 'help@studio-nord.de',
      privacy_email: 'data@studio-nord.de',
      abuse_email: 'abuse@studio-nord.de',
    },
  }
  const text = await textOf(profile, '/', '/terms', '/privacy')
  for (const part of [
    'Nordlicht',
    '2031-02-03.4',
    '5 February 2031',
    'Studio Nord &lt;GmbH&gt;',
    'Bremen',
    'Germany',
  ]) {
    expect(text).toContain(part)
  }
  for (const address of Object.values(profile.contacts)) expect(text).toContain(`href="mailto:${address}"`)
  expect(text).not.toContain('<GmbH>')
  expect(text).not.toContain('neutral profile')
  expect(await textOf(neutral, '/terms')).toContain('neutral profile')
  expect(await textOf(neutral, '/terms')).not.toContain('.invalid')
})

test('what is kept until its owner deletes it is said so', async () => {
  const text = await textOf(
    withValue(neutral, ['retention', 'outputs_days'], null),
    '/terms',
    '/privacy',
    '/',
  )
  expect(text).toContain('until you delete them')
})

test('the terms list exactly the red lines of the profile', async () => {
  const profile: Profile = { ...neutral, red_lines: ['sexual_minors', 'intimate_imagery', 'self_harm'] }
  const text = await textOf(profile, '/terms')
  for (const category of redLineCategories) {
    expect(text.includes(`id="red-line-${category.replaceAll('_', '-')}"`)).toBe(
      profile.red_lines.includes(category),
    )
  }
})

test('no digit stands in the templates', () => {
  for (const name of ['terms.ts', 'privacy.ts', 'landing.ts']) {
    // Headings have a digit in their tag, and only there.
    const source = readFileSync(path.join(import.meta.dirname, name), 'utf8').replaceAll(/<\/?h[12]>/g, '')
    expect(source.match(/.*\d.*/g) ?? [], name).toEqual([])
  }
})

test('clauses have anchors that never change', () => {
  expect(terms.clauses.map((clause) => clause.id)).toEqual([
    ...['who', 'what', 'accounts', 'credits', 'uploads', 'acceptable-use', 'rights', 'marking', 'retention'],
    ...['suspension', 'liability', 'changes', 'contact'],
  ])
  expect(privacy.clauses.map((clause) => clause.id)).toEqual([
    ...[
      'controller',
      'stored',
      'retention',
      'protection',
      'providers',
      'content-credentials',
      'cookies',
      'logs',
    ],
    ...['automated', 'rights', 'children', 'changes'],
  ])
})

test('pages are small, need no script and no inline style, and nothing from elsewhere', async () => {
  const app = appWith(neutral)
  for (const address of ['/', '/terms', '/privacy']) {
    const answer = await app.request(address)
    const text = await answer.text()
    expect(answer.headers.get('content-type')).toContain('text/html')
    expect(Buffer.byteLength(text), address).toBeLessThan(30_000)
    expect(text).not.toMatch(/<script|<style|style=|javascript:|onclick|(?:src|href)="(?:https?:)?\/\//)
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map((match) => match[1])
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, target] of text.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target)
    for (const [, asset] of text.matchAll(/(?:href|src)="(\/assets\/(?!samples)[^"]+)"/g)) {
      expect((await app.request(asset ?? '')).status, asset).toBe(200)
    }
  }
  const style = await (await app.request('/assets/pages.css')).text()
  for (const [, font] of style.matchAll(/url\("([^"]+)"\)/g)) {
    const answer = await app.request(font ?? '')
    expect(answer.headers.get('content-type')).toBe('font/woff2')
  }
  expect((await app.request('/assets/fonts/other.woff2')).status).toBe(404)
})

test('an unchanged page is not sent twice', async () => {
  const app = appWith(neutral)
  const etag = (await app.request('/terms')).headers.get('etag') ?? ''
  expect((await app.request('/terms', { headers: { 'if-none-match': etag } })).status).toBe(304)
  expect((await app.request('/privacy', { headers: { 'if-none-match': etag } })).status).toBe(200)
})

test('samples are escaped, and before the first operator exists the start page leads to the set-up', async () => {
  expect(await textOf(neutral, '/')).toContain('“a &lt;fox&gt;”')
  const fresh = appWith(neutral, { needsSetup: async () => true })
  expect((await fresh.request('/')).headers.get('location')).toBe('/setup')
  const api = appWith(neutral, { studioAvailable: false, needsSetup: async () => true })
  expect(await (await api.request('/')).text()).not.toContain('/studio')
})

test('the shipped samples are there, whole and in parts', async () => {
  const app = appWith(neutral, { samples: undefined })
  const text = await (await app.request('/')).text()
  const addresses = [...text.matchAll(/(?:src|poster)="(\/assets\/samples\/[^"]+)"/g)].map(
    ([, address]) => address ?? '',
  )
  expect(addresses).toHaveLength(6)
  for (const address of addresses) {
    const whole = new Uint8Array(await (await app.request(address)).arrayBuffer())
    expect(whole.length).toBeGreaterThan(1000)
    const part = await app.request(address, { headers: { range: 'bytes=2-9' } })
    expect(part.status).toBe(206)
    expect(part.headers.get('content-range')).toBe(`bytes 2-9/${whole.length}`)
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(whole.slice(2, 10))
    expect((await app.request(address, { headers: { range: 'bytes=99999999-' } })).status).toBe(416)
  }
  expect((await app.request('/assets/samples/other.mp4')).status).toBe(404)
})

test('the sign-up link follows the registration', async () => {
  expect(await textOf({ ...neutral, registration: 'open' }, '/')).toContain('/sign-up')
  expect(await textOf({ ...neutral, registration: 'closed' }, '/')).not.toContain('/sign-up')
})

test('people get a page for what does not exist, programs do not', () => {
  expect(notFoundPage({ profile: neutral, studioAvailable: true })).toContain('There is nothing here')
  const get = (address: string, accept: string) =>
    wantsPage(new Request(`http://host${address}`, { headers: { accept } }))
  expect(get('/nowhere', 'text/html,*/*')).toBe(true)
  expect(get('/nowhere', 'application/json')).toBe(false)
  expect(get('/v1/nowhere', 'text/html')).toBe(false)
})

test('a font is one of those that the pages use, whatever else an object has by nature', async () => {
  const app = appWith(neutral)
  expect((await app.request('/assets/fonts/geist-mono-latin.woff2')).status).toBe(200)
  for (const name of ['constructor', 'toString', '__proto__', 'other.woff2']) {
    expect([name, (await app.request(`/assets/fonts/${name}`)).status]).toEqual([name, 404])
  }
})
