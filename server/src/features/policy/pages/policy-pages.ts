import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Context, Hono } from 'hono'
import type { Profile } from '../profile.ts'
import { bundledSamples, serveSample } from './bundled-samples.ts'
import { renderErrors } from './error-catalogue.ts'
import { renderLanding, type Sample } from './landing.ts'
import { renderNotFound } from './not-found.ts'
import { mark, type PageSettings } from './page-frame.ts'
import { type PageWords, pageWords } from './page-words.ts'
import { renderDocument } from './policy-document.ts'
import { privacy } from './privacy.ts'
import { terms } from './terms.ts'

export interface PolicyPagesOptions {
  readonly profile: Profile
  /** Whether this process serves the studio. */
  readonly studioAvailable: boolean
  /** Real outputs for the landing page; absent: those that are shipped; empty: the page goes without. */
  readonly samples?: readonly Sample[]
  /** True until the first operator exists: `/` then leads to `/setup`. */
  readonly needsSetup?: () => boolean | Promise<boolean>
}

const stylesheet = readFileSync(path.join(import.meta.dirname, 'pages.css'), 'utf8')

/** Only what the pages use, under names of our own: `/assets/fonts/<name>`. */
const fonts: ReadonlyMap<string, string> = new Map([
  [
    'instrument-sans-latin.woff2',
    '@fontsource-variable/instrument-sans/files/instrument-sans-latin-wght-normal.woff2',
  ],
  [
    'instrument-sans-latin-ext.woff2',
    '@fontsource-variable/instrument-sans/files/instrument-sans-latin-ext-wght-normal.woff2',
  ],
  [
    'bricolage-grotesque-latin.woff2',
    '@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque-latin-wght-normal.woff2',
  ],
  ['geist-mono-latin.woff2', '@fontsource-variable/geist-mono/files/geist-mono-latin-wght-normal.woff2'],
])

const settingsFor = (studioAvailable: boolean): PageSettings => ({
  studioAvailable,
  stylesheet: `/assets/pages.css?v=${digest(stylesheet)}`,
})

/** The pages that anybody may read, without script: `/`, `/terms`, `/privacy` and what they are made of. */
export function policyPages(app: Pick<Hono, 'get'>, options: PolicyPagesOptions): void {
  const words: PageWords = pageWords(options.profile)
  const settings = settingsFor(options.studioAvailable)
  const landing = page(
    renderLanding(words, settings, {
      samples: options.samples ?? bundledSamples,
      canSignUp: options.profile.registration !== 'closed',
    }),
  )
  const documents = {
    terms: page(renderDocument(terms, words, settings)),
    privacy: page(renderDocument(privacy, words, settings)),
    errors: page(renderErrors(words, settings)),
  }

  app.get('/', async (context) => {
    if (options.studioAvailable && (await options.needsSetup?.())) return context.redirect('/setup', 302)
    return landing(context)
  })
  app.get('/terms', (context) => documents.terms(context))
  app.get('/privacy', (context) => documents.privacy(context))
  app.get('/docs/errors', (context) => documents.errors(context))
  app.get('/assets/pages.css', (context) =>
    context.body(stylesheet, 200, {
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    }),
  )
  app.get('/assets/mark.svg', (context) =>
    context.body(markFile, 200, {
      'content-type': 'image/svg+xml',
      'cache-control': 'public, max-age=86400',
    }),
  )
  app.get('/assets/samples/:name', async (context, next) => (await serveSample(context)) ?? next())
  app.get('/assets/fonts/:name', async (context, next) => {
    const source = fonts.get(context.req.param('name'))
    if (source === undefined) return next()
    const bytes = await readFile(fileURLToPath(import.meta.resolve(source)))
    return context.body(new Uint8Array(bytes), 200, {
      'content-type': 'font/woff2',
      'cache-control': 'public, max-age=31536000, immutable',
    })
  })
}

/**
 * The 404 page for people. Programs are answered with a problem document: see `wantsPage`.
 */
export function notFoundPage(options: Pick<PolicyPagesOptions, 'profile' | 'studioAvailable'>): string {
  return renderNotFound(pageWords(options.profile), settingsFor(options.studioAvailable))
}

/** Whether a request comes from somebody who reads pages rather than JSON. */
export function wantsPage(request: Request): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  if (/^\/(v\d+|api)\//.test(new URL(request.url).pathname)) return false
  return (request.headers.get('accept') ?? '').includes('text/html')
}

// As a picture of its own it has no text around it to take a colour from.
const markFile = mark.text
  .replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ')
  .replace('currentColor', '#e6b04e')

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 12)
}

function page(text: string): (context: Context) => Response {
  const etag = `"${digest(text)}"`
  const headers = { 'cache-control': 'no-cache', etag }
  return (context) =>
    context.req.header('if-none-match') === etag
      ? context.body(null, 304, headers)
      : (context.html(text, 200, headers) as Response)
}
