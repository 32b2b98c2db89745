import { html, type Markup } from './markup.ts'
import { type PageSettings, pageFrame } from './page-frame.ts'
import type { PageWords } from './page-words.ts'

/** A real output of this deployment or of `draft`; never a mock-up. */
export interface Sample {
  readonly videoUrl: string
  readonly posterUrl: string
  /** The description it was made from. */
  readonly caption: string
  /** Pixels; they reserve its space before the picture arrives. */
  readonly width: number
  readonly height: number
}

// No digit stands in this file: numbers come from the profile, and a test holds it to that.
export function renderLanding(
  words: PageWords,
  settings: PageSettings,
  options: { samples: readonly Sample[]; canSignUp: boolean },
): string {
  const main = html`
<main id="main" class="landing">
  <section class="opening">
    <h1>Every model.<br>Your lot.</h1>
    <p class="lead">The studio you own. Write what should happen, see what it will cost, and watch it become a video.</p>
    ${
      settings.studioAvailable
        ? html`<p class="actions"><a class="primary" href="/studio">Open the studio</a>${
            options.canSignUp ? html`<a class="quiet" href="/sign-up">Create an account</a>` : null
          }</p>`
        : null
    }
  </section>
  ${options.samples.length ? sheet(options.samples) : null}
  <section class="points" aria-label="How it works">
    <article><h2>The price is on the button</h2><p>${
      words.hasFreeCredits ? html`${words.freeCredits} free each month. ` : null
    }Every setting shows what it costs before you press it. What fails or is refused costs nothing, and the credits come back by themselves.</p></article>
    <article><h2>Yours, and sealed</h2><p>Descriptions and videos are encrypted with a key of your own account. Videos are kept ${words.outputsKept}; the date stands on every tile.</p></article>
    <article><h2>Honest by construction</h2><p>Every video carries signed Content Credentials that say which model made it. A draft is called a draft. <a href="/terms">The terms</a> are made from the settings that the program enforces.</p></article>
  </section>
</main>`
  return pageFrame(
    {
      title: `${words.name} · Every model. Your lot.`,
      description: 'The studio you own: video from a description, on machines of your own.',
      main,
    },
    words,
    settings,
  )
}

function sheet(samples: readonly Sample[]): Markup {
  return html`
  <section class="sheet" aria-label="Made with draft">
    <div class="tiles">${samples.map(
      (sample) => html`<figure>
        <video src="${sample.videoUrl}" poster="${sample.posterUrl}" width="${sample.width}" height="${sample.height}" controls muted loop playsinline preload="none" aria-label="${sample.caption}"></video>
        <figcaption>“${sample.caption}”</figcaption>
      </figure>`,
    )}</div>
    <p class="meta">Made by <em>draft</em>, the built-in model: a moving storyboard, drawn on a plain processor.</p>
  </section>`
}
