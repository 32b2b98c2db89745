import type { Generation, GenerationState } from '@backlot/contract'
import { aboutDuration } from './format.ts'

const finals: readonly GenerationState[] = ['delivered', 'failed', 'blocked', 'canceled']

/** Whether nothing will change any more. */
export function isFinal(state: GenerationState): boolean {
  return finals.includes(state)
}

/** What is going on, in a few words; the server's own phase where it has one. */
export function phaseWords(generation: Pick<Generation, 'state' | 'phase' | 'queue_place'>): string {
  switch (generation.state) {
    case 'queued':
      if (generation.queue_place === 1) return 'Next in line'
      return generation.queue_place === null ? 'In line' : `Place ${generation.queue_place} in line`
    case 'starting':
      return 'Starting'
    case 'running':
      // The model has taken it and has its own line.
      if (generation.phase === 'queued') return 'Waiting to render'
      return sentenceCase(generation.phase ?? 'rendering')
    case 'collecting':
      return sentenceCase(generation.phase ?? 'saving')
    case 'uncertain':
      return 'Checking what happened'
    case 'delivered':
      return 'Delivered'
    case 'failed':
      return 'Failed'
    case 'blocked':
      return 'Blocked'
    case 'canceled':
      return 'Canceled'
  }
}

/** `about 9 s left`, or null when nobody can tell. */
export function estimateWords(generation: Pick<Generation, 'state' | 'estimate_seconds'>): string | null {
  if (generation.estimate_seconds === null || isFinal(generation.state)) return null
  return `${aboutDuration(generation.estimate_seconds)} left`
}

/** What a generation that ended without a result cost. */
export function chargeWords(generation: Pick<Generation, 'credits'>): string {
  const { charged } = generation.credits
  return charged === 0 ? 'Nothing was charged.' : `${charged} credits were charged.`
}

/** One sentence for people who listen: what became of which prompt. */
export function spokenState(generation: Generation): string {
  const subject = shorten(generation.prompt, 60)
  switch (generation.state) {
    case 'delivered':
      return `Delivered: ${subject}. ${generation.credits.charged} credits charged.`
    case 'failed':
    case 'blocked':
      return `${phaseWords(generation)}: ${subject}. ${generation.fault?.message ?? chargeWords(generation)}`
    case 'canceled':
      return `Canceled: ${subject}. ${chargeWords(generation)}`
    default: {
      const done = generation.progress === null ? '' : `, ${Math.round(generation.progress * 100)} percent`
      const left = estimateWords(generation)
      return `${phaseWords(generation)}${done}${left ? `, ${left}` : ''}: ${subject}.`
    }
  }
}

/** The first words of a text, cut at a space where there is one. */
export function shorten(text: string, charactersMax: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  const characters = [...line]
  if (characters.length <= charactersMax) return line
  const cut = characters.slice(0, charactersMax - 1).join('')
  const space = cut.lastIndexOf(' ')
  return `${(space > charactersMax * 0.6 ? cut.slice(0, space) : cut).trimEnd()}…`
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
