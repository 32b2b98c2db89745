import type { RedLineCategory } from '../policy/index.ts'
import { type Group, harmlessPhrases, lexicon, lexiconVersion } from './lexicon/index.ts'
import { type Normalised, normalise, type Token } from './normalise.ts'
import { rules } from './rules.ts'
import { buildIndex, findInTokens, findUnspaced, type TermIndex } from './term-index.ts'

export type ScreeningOutcome =
  | {
      readonly decision: 'allow'
      readonly category: null
      readonly rule: null
      readonly lexiconVersion: string
    }
  | {
      readonly decision: 'block'
      readonly category: RedLineCategory
      /** Stable id of the rule that fired. */
      readonly rule: string
      readonly lexiconVersion: string
    }

export interface ScreeningPolicy {
  readonly redLines: readonly RedLineCategory[]
  /** Real people who are never shown undressed or in sexual scenes. */
  readonly protectedNames?: readonly string[]
}

// A masked word reads as nothing: no term begins with it and none goes through it.
const masked: Token = { exact: '', readings: [] }
const ageInUnspacedText = /(?:^|[^\d])(?:[1-9]|1[0-7])\s*(?:歳|才|岁|歲|살)/

const nameIndexes = new WeakMap<readonly string[], TermIndex<Group>>()

/**
 * Judges a prompt by the listed terms and rules of the given categories. It reads through disguised spellings and
 * looks for every language at once; it understands neither context nor paraphrase, and says nothing about pictures.
 * Pure: the same prompt under the same version is judged the same.
 */
export function screenPrompt(prompt: string, policy: ScreeningPolicy): ScreeningOutcome {
  const found = groupsIn(normalise(prompt), policy.protectedNames ?? [])
  for (const rule of rules) {
    if (!policy.redLines.includes(rule.category)) continue
    if (!rule.all.every((group) => found.has(group))) continue
    if (rule.unless?.some((group) => found.has(group))) continue
    return { decision: 'block', category: rule.category, rule: rule.id, lexiconVersion }
  }
  return { decision: 'allow', category: null, rule: null, lexiconVersion }
}

function groupsIn(prompt: Normalised, names: readonly string[]): ReadonlySet<Group> {
  const found = new Set<Group>()
  const note = (group: Group) => found.add(group)
  for (const stream of prompt.streams) {
    const tokens = maskHarmless(stream)
    findInTokens(lexicon, tokens, note)
    if (names.length > 0) findInTokens(indexOfNames(names), tokens, note)
  }
  if (prompt.unspaced !== '') {
    const text = maskHarmlessUnspaced(prompt.unspaced)
    findUnspaced(lexicon, text, note)
    if (names.length > 0) findUnspaced(indexOfNames(names), text, note)
    if (ageInUnspacedText.test(text)) found.add('minor')
  }
  return found
}

function maskHarmless(stream: readonly Token[]): readonly Token[] {
  let tokens: Token[] | null = null
  findInTokens(harmlessPhrases, stream, (_, from, to) => {
    tokens ??= [...stream]
    tokens.fill(masked, from, to)
  })
  return tokens ?? stream
}

function maskHarmlessUnspaced(text: string): string {
  let rest = text
  for (const candidates of harmlessPhrases.unspaced.values()) {
    for (const { text: phrase } of candidates) rest = rest.replaceAll(phrase, ' ')
  }
  return rest
}

function indexOfNames(names: readonly string[]): TermIndex<Group> {
  const known = nameIndexes.get(names)
  if (known) return known
  // The signs that mean something in the lexicon mean nothing in a name.
  const terms = names.map((name) =>
    name
      .replaceAll(/[*=.]/g, ' ')
      .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
      .trim(),
  )
  const index = buildIndex({
    protected_name: terms.filter((term) => term.length > 0),
  }) as unknown as TermIndex<Group>
  nameIndexes.set(names, index)
  return index
}
