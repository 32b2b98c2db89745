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
  <header>
    <h1>Error codes</h1>
    <p class="meta">Every error is an <code class="figure">application/problem+json</code> document with one of these codes. They are stable: decide on them, not on the words. A request that is answered with an error costs nothing.</p>
  </header>
  <div class="columns">
    <nav class="contents" aria-label="Contents">
      <ol>${Object.entries(kinds).map(([kind, title]) => html`<li><a href="#${kind}">${title}</a></li>`)}</ol>
    </nav>
    <div class="clauses">${Object.entries(kinds).map(
      ([kind, title]) => html`
      <section id="${kind}"><h2><a href="#${kind}">${title}</a></h2>
        <dl>${entries.filter(([, entry]) => entry.kind === kind).map(([code, entry]) => renderEntry(code, entry))}</dl>
      </section>`,
    )}
    </div>
  </div>
</main>`
  return pageFrame({ title: `Error codes · ${words.name}`, main }, words, settings)
}

function renderEntry(code: string, entry: CatalogueEntry) {
  const again = entry.retryable
    ? 'The same request may succeed later.'
    : 'Trying the same again will not help.'
  return html`
        <div><dt id="${code}"><code class="figure">${code}</code></dt><dd>${entry.title} (status ${entry.status}). ${again}</dd></div>`
}
