import { html } from './markup.ts'
import { type PageSettings, pageFrame } from './page-frame.ts'
import type { PageWords } from './page-words.ts'

export function renderNotFound(words: PageWords, settings: PageSettings): string {
  const main = html`
<main id="main" class="plain">
  <h1>There is nothing here</h1>
  <p>The address is wrong, or what it led to has been deleted. Nothing was charged.</p>
  <p class="actions">${
    settings.studioAvailable ? html`<a class="primary" href="/studio">Open the studio</a>` : null
  }<a class="quiet" href="/">Go to the start page</a></p>
</main>`
  return pageFrame({ title: `Nothing here · ${words.name}`, main }, words, settings)
}
