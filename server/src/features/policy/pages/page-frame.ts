import { html, Markup } from './markup.ts'
import type { PageWords } from './page-words.ts'

export interface PageSettings {
  /** Whether the studio can be opened here; an API-only process shows no way into it. */
  readonly studioAvailable: boolean
  /** Address of the style sheet, with its version. */
  readonly stylesheet: string
}

/** The clapperboard: two strokes and three stripes, in the colour of the text around it. */
export const mark = new Markup(
  '<svg viewBox="0 0 16 16" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" aria-hidden="true"><path d="M1.5 5.5 14.5 2.2M1.5 13.5h13M3 10.2l1.6-3.1M7 10.2l2-4M11 10.2l2.4-4.8"/></svg>',
)

/** One whole page: readable without script, without inline style, below 30 kB. */
export function pageFrame(
  page: { title: string; description?: string; main: Markup },
  words: PageWords,
  settings: PageSettings,
): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${page.title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<meta name="description" content="${page.description ?? page.title}">
<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
<link rel="preload" href="/assets/fonts/instrument-sans-latin.woff2" as="font" type="font/woff2" crossorigin>
<link rel="preload" href="/assets/fonts/bricolage-grotesque-latin.woff2" as="font" type="font/woff2" crossorigin>
<link rel="stylesheet" href="${settings.stylesheet}">
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<header class="top">
  <a class="brand" href="/">${mark}<span>${words.name}</span></a>
  ${settings.studioAvailable ? html`<nav aria-label="Account"><a href="/sign-in">Sign in</a></nav>` : null}
</header>
${page.main}
<footer class="bottom">
  <p>${words.name}, run by ${words.operator}.</p>
  <nav aria-label="Documents"><a href="/terms">Terms</a><a href="/privacy">Privacy</a></nav>
</footer>
</body>
</html>
`.text
}
