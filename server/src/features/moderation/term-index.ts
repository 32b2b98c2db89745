import { type Normalised, plain, type Token } from './normalise.ts'

/**
 * How a term is written in the lexicon. Words are separated by spaces.
 *
 * `word`    exactly this word            `stem*`  words that begin so
 * `*part*`  words that contain it        `..`     up to three words in between
 * `=wörd`   with these diacritics only   Chinese, Japanese, Korean and Thai are found anywhere in the text
 */
export type Term = string

type Step =
  | { readonly how: 'word' | 'stem' | 'part' | 'exact'; readonly text: string }
  | { readonly how: 'gap' }

interface Entry<Group extends string> {
  readonly group: Group
  readonly rest: readonly Step[]
}

export interface TermIndex<Group extends string> {
  readonly words: ReadonlyMap<string, readonly Entry<Group>[]>
  readonly stems: ReadonlyMap<string, readonly Entry<Group>[]>
  readonly stemLengths: readonly number[]
  readonly parts: readonly { readonly text: string; readonly entry: Entry<Group> }[]
  readonly exact: ReadonlyMap<string, readonly Entry<Group>[]>
  readonly unspaced: ReadonlyMap<string, readonly { readonly text: string; readonly group: Group }[]>
}

const unspacedScript =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u
const gapWordsMax = 3

function stepOf(word: string): Step {
  if (word === '..') return { how: 'gap' }
  if (word.startsWith('=')) return { how: 'exact', text: word.slice(1).normalize('NFC').toLowerCase() }
  if (word.startsWith('*') && word.endsWith('*')) return { how: 'part', text: plain(word.slice(1, -1)) }
  if (word.endsWith('*')) return { how: 'stem', text: plain(word.slice(0, -1)) }
  return { how: 'word', text: plain(word) }
}

/** @throws when a term begins with a gap: it would fit everywhere */
export function buildIndex<Group extends string>(
  groups: Readonly<Record<Group, readonly Term[]>>,
): TermIndex<Group> {
  const words = new Map<string, Entry<Group>[]>()
  const stems = new Map<string, Entry<Group>[]>()
  const exact = new Map<string, Entry<Group>[]>()
  const parts: { text: string; entry: Entry<Group> }[] = []
  const unspaced = new Map<string, { text: string; group: Group }[]>()
  for (const group of Object.keys(groups) as Group[]) {
    for (const term of groups[group]) {
      if (unspacedScript.test(term)) {
        const text = plain(term.normalize('NFKC'))
        push(unspaced, firstLetter(text), { text, group })
        continue
      }
      const [first, ...rest] = term.trim().split(/\s+/).map(stepOf)
      if (!first || first.how === 'gap' || rest.at(-1)?.how === 'gap')
        throw new TypeError(`the term "${term}"`)
      const entry = { group, rest }
      if (first.how === 'word') push(words, first.text, entry)
      else if (first.how === 'stem') push(stems, first.text, entry)
      else if (first.how === 'exact') push(exact, first.text, entry)
      else parts.push({ text: first.text, entry })
    }
  }
  return {
    words,
    stems,
    stemLengths: [...new Set([...stems.keys()].map((stem) => stem.length))].sort((a, b) => a - b),
    parts,
    exact,
    unspaced,
  }
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

function firstLetter(text: string): string {
  return String.fromCodePoint(text.codePointAt(0) ?? 0)
}

function fits(step: Exclude<Step, { how: 'gap' }>, token: Token): boolean {
  switch (step.how) {
    case 'word':
      return token.readings.includes(step.text)
    case 'stem':
      return token.readings.some((reading) => reading.startsWith(step.text))
    case 'part':
      return token.readings.some((reading) => reading.includes(step.text))
    case 'exact':
      return token.exact === step.text
  }
}

/** Index behind the last word that `steps` take from `at` on; -1 when they do not fit. */
function walk(steps: readonly Step[], tokens: readonly Token[], at: number): number {
  const [step, ...rest] = steps
  if (!step) return at
  if (step.how === 'gap') {
    for (let skipped = 0; skipped <= gapWordsMax; skipped += 1) {
      const end = walk(rest, tokens, at + skipped)
      if (end !== -1) return end
    }
    return -1
  }
  const token = tokens[at]
  return token && fits(step, token) ? walk(rest, tokens, at + 1) : -1
}

function* entriesAt<Group extends string>(index: TermIndex<Group>, token: Token): Generator<Entry<Group>> {
  for (const reading of token.readings) {
    yield* index.words.get(reading) ?? []
    for (const length of index.stemLengths) {
      if (length > reading.length) break
      yield* index.stems.get(reading.slice(0, length)) ?? []
    }
    for (const part of index.parts) if (reading.includes(part.text)) yield part.entry
  }
  yield* index.exact.get(token.exact) ?? []
}

/** Which groups occur in one stream of words. `onFound` also hears from where to where. */
export function findInTokens<Group extends string>(
  index: TermIndex<Group>,
  tokens: readonly Token[],
  onFound: (group: Group, from: number, to: number) => void,
): void {
  tokens.forEach((token, at) => {
    for (const entry of entriesAt(index, token)) {
      const end = walk(entry.rest, tokens, at + 1)
      if (end !== -1) onFound(entry.group, at, end)
    }
  })
}

/** Which groups occur in text without spaces between its words. */
export function findUnspaced<Group extends string>(
  index: TermIndex<Group>,
  text: Normalised['unspaced'],
  onFound: (group: Group) => void,
): void {
  for (let at = 0; at < text.length; at += 1) {
    const candidates = index.unspaced.get(firstLetter(text.slice(at, at + 2)))
    if (!candidates) continue
    for (const { text: term, group } of candidates) if (text.startsWith(term, at)) onFound(group)
  }
}
