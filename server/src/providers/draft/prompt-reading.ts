import {
  type ActionName,
  actionWords,
  type CameraName,
  cameraWords,
  countWords,
  type MoodName,
  moodWords,
  type PlaceName,
  placeWords,
  type SubjectName,
  subjectWords,
  type WeatherName,
  weatherWords,
} from './concept-words.ts'

/** What the artist understood of a prompt; names in the order of their first mention. */
export type PromptReading = {
  subjects: { name: SubjectName; count: 1 | 2 | 3 }[]
  places: PlaceName[]
  moods: MoodName[]
  weathers: WeatherName[]
  cameras: CameraName[]
  actions: ActionName[]
  /** Whether there is anything to read at all: at least two letters. */
  isEmpty: boolean
}

type Matcher = { name: string; exact: Set<string>; prefixes: string[]; anywhere: string[] }

const withoutSpaces = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/

function compile(table: Record<string, string>): Matcher[] {
  return Object.entries(table).map(([name, text]) => {
    const words = text.split(' ').filter((word) => word !== '')
    return {
      name,
      exact: new Set(words.filter((word) => !word.endsWith('*') && !withoutSpaces.test(word))),
      prefixes: words.filter((word) => word.endsWith('*')).map((word) => word.slice(0, -1)),
      anywhere: words.filter((word) => withoutSpaces.test(word)),
    }
  })
}

const matchers = {
  subjects: compile(subjectWords),
  places: compile(placeWords),
  moods: compile(moodWords),
  weathers: compile(weatherWords),
  cameras: compile(cameraWords),
  actions: compile(actionWords),
  counts: compile(countWords),
}

/** Reads a prompt in any of the table's languages. Unknown words are simply not understood. */
export function readPrompt(prompt: string): PromptReading {
  const text = plain(prompt)
  const words = wordsOf(text)
  const named = <Name extends string>(table: Matcher[]) =>
    mentions(text, words, table).map((one) => one.name as Name)
  const counts = mentions(text, words, matchers.counts, true)
  const subjects = mentions(text, words, matchers.subjects).map((mention) => {
    // Without spaces a number stands right before what it counts.
    const reach = withoutSpaces.test(text) ? 4 : 22
    // A number counts for the subject that follows it within three words.
    const before = counts.filter(
      (count) =>
        mention.at - count.at < reach && mention.at - count.at >= (withoutSpaces.test(text) ? -1 : 0),
    )
    const count = before.length > 0 ? Number(before.at(-1)?.name) : 1
    return { name: mention.name as SubjectName, count: (count === 2 || count === 3 ? count : 1) as 1 | 2 | 3 }
  })
  return {
    subjects,
    places: named<PlaceName>(matchers.places),
    moods: named<MoodName>(matchers.moods),
    weathers: named<WeatherName>(matchers.weathers),
    cameras: named<CameraName>(matchers.cameras),
    actions: named<ActionName>(matchers.actions),
    isEmpty: text.replace(/[^\p{L}\p{N}]/gu, '').length < 2,
  }
}

/** Lower case without accents, vowel marks and Arabic letter variants, so that one spelling is enough in the table. */
function plain(prompt: string): string {
  // Korean and Japanese marks are part of the letter: only composed text is folded, so they are put back together.
  const folded = prompt
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\u064b-\u065f\u0670\u0640]/g, '')
    .normalize('NFKC')
  return folded
    .toLowerCase()
    .replace(/[أإآ]/g, 'ا')
    .replace(/ł/g, 'l')
    .replace(/ß/g, 'ss')
    .replace(/ø/g, 'o')
    .replace(/æ/g, 'ae')
    .replace(/ё/g, 'е')
    .replace(/й/g, 'й')
}

function wordsOf(text: string): { word: string; at: number }[] {
  const found: { word: string; at: number }[] = []
  for (const match of text.matchAll(/[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*/gu)) {
    const at = match.index
    found.push({ word: match[0], at })
    // Parts of a compound, and Arabic words without their article or prefixed letters.
    if (match[0].includes('-')) for (const part of match[0].split('-')) found.push({ word: part, at })
    const bare = /^(?:[وفبل]?ال|لل|[وفبل])(.{2,})$/.exec(match[0])?.[1]
    if (bare) found.push({ word: bare, at })
  }
  return found
}

function mentions(text: string, words: { word: string; at: number }[], table: Matcher[], all = false) {
  const found: { name: string; at: number }[] = []
  for (const matcher of table) {
    const places: number[] = []
    for (const { word, at } of words) {
      if (matcher.exact.has(word) || matcher.prefixes.some((prefix) => word.startsWith(prefix)))
        places.push(at)
    }
    for (const piece of matcher.anywhere) {
      const at = text.indexOf(piece)
      if (at >= 0) places.push(at)
    }
    if (all) for (const at of places) found.push({ name: matcher.name, at })
    else if (places.length > 0) found.push({ name: matcher.name, at: Math.min(...places) })
  }
  return found.sort((first, second) => first.at - second.at)
}
