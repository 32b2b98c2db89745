export { lexiconVersion } from './lexicon/index.ts'
export { createModeration, type Moderation } from './moderation.ts'
export { refusalDetail, refusalSentences } from './refusal.ts'
export { type ScreeningOutcome, type ScreeningPolicy, screenPrompt } from './screen-prompt.ts'
