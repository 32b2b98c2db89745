import { type CatalogueEntry, catalogue, type ErrorKind } from '@backlot/contract'
import { html } from './markup.ts'
import { type PageSettings, pageFrame } from './page-frame.ts'
import type { PageWords } from './page-words.ts'

const kinds: Readonly<Record<ErrorKind, string>> = {
  user: 'The request must change',
  funds: 'Credits are missing',
  limit: 'A limit was reached',
  policy: 'A rule was broken',
  provider: 'The model did not deliver',
  ours: 'Our side broke',
}

/** What the `type` of every problem document leads to: each code, and whether trying again can help. */
export function renderErrors(words: PageWords, settings: PageSettings): string {
  const entries = Object.entries(catalogue) as [string, CatalogueEntry][]
  const main = html`
<main id="main" class="document">
  <h1>Error codes</h1>
  <p>Every error is an <code>application/problem+json</code> document with one of these codes. Codes are stable: decide on them, not on the words. Nothing is ever charged for a request that is answered with an error.</p>
  ${Object.entries(kinds).map(
    ([kind, title]) => html`
  <section id="${kind}">
    <h2>${title}</h2>
    <dl>${entries
      .filter(([, entry]) => entry.kind === kind)
      .map(
        ([code, entry]) => html`
      <dt id="${code}"><code>${code}</code></dt>
      <dd>${entry.title} (status ${entry.status}). ${
        entry.retryable ? 'The same request may succeed later.' : 'Trying the same again will not help.'
      }</dd>`,
      )}
    </dl>
  </section>`,
  )}
</main>`
  return pageFrame({ title: `Error codes · ${words.name}`, main }, words, settings)
}
