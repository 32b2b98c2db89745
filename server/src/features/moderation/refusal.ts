import type { RedLineCategory } from '../policy/index.ts'

/** What each rule is about, for the person whose prompt it stopped. One sentence, no blame, no riddle. */
export const refusalSentences: Readonly<Record<RedLineCategory, string>> = {
  sexual_minors: 'This service makes nothing that shows or suggests minors in a sexual way.',
  intimate_imagery: 'This service does not show real people undressed or in sexual scenes.',
  sexual_explicit: 'This service makes no nude or sexually explicit scenes.',
  graphic_violence: 'This service makes no graphic cruelty: no executions, torture or mutilated bodies.',
  hate_extremism: 'This service makes nothing that calls for hatred or violence against groups of people.',
  terrorism: 'This service makes nothing that promotes terrorist groups or acts.',
  self_harm:
    'This service makes nothing that encourages or explains self-harm. If you think of hurting yourself, please talk to somebody now: findahelpline.com lists free help near you.',
  dangerous_instructions: 'This service makes no instructions for weapons, explosives or illegal drugs.',
}

/** The whole answer: which rule, what it cost, what to do next. */
export function refusalDetail(category: RedLineCategory): string {
  return `${refusalSentences[category]} Nothing was charged. Change the prompt and try again; if this is a mistake, write to support.`
}
