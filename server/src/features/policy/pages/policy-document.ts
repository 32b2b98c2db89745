import { html, type Markup } from './markup.ts'
import { type PageSettings, pageFrame } from './page-frame.ts'
import type { PageWords } from './page-words.ts'

export interface Clause {
  /** Anchor of the clause. Links from outside point at it, so it never changes. */
  readonly id: string
  readonly title: string
  readonly body: (words: PageWords) => Markup
}

export interface PolicyDocument {
  readonly title: string
  /** Items of the list at the top. */
  readonly summary: (words: PageWords) => Markup
  readonly clauses: readonly Clause[]
}

export function renderDocument(document: PolicyDocument, words: PageWords, settings: PageSettings): string {
  const main = html`
<main id="main" class="document">
  <header>
    <h1>${document.title}</h1>
    <p class="meta">Version <span class="figure">${words.termsVersion}</span> · in effect from ${words.effectiveOn}</p>
    ${words.isUnsettled ? unsettledNotice : null}
  </header>
  <div class="columns">
    <nav class="contents" aria-label="Contents">
      <ol>${document.clauses.map((clause) => html`<li><a href="#${clause.id}">${clause.title}</a></li>`)}</ol>
    </nav>
    <div class="clauses">
      <section class="summary" aria-labelledby="summary"><h2 id="summary">In short</h2><ul>${document.summary(words)}</ul></section>
      ${document.clauses.map(
        (clause) =>
          html`<section id="${clause.id}"><h2><a href="#${clause.id}">${clause.title}</a></h2>${clause.body(words)}</section>`,
      )}
    </div>
  </div>
</main>`
  return pageFrame({ title: `${document.title} · ${words.name}`, main }, words, settings)
}

const unsettledNotice = html`<p class="notice">This deployment still uses the neutral profile: its operator has not filled in a name and contacts yet.</p>`
