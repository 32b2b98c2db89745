import type { Term } from '../term-index.ts'

/** Terms by language. The language says who can review a line; all lines are always searched. */
export type ByLanguage = Readonly<Partial<Record<Language, string>>>

export type Language =
  | 'en'
  | 'de'
  | 'fr'
  | 'es'
  | 'it'
  | 'pt'
  | 'nl'
  | 'pl'
  | 'ru'
  | 'tr'
  | 'ar'
  | 'hi'
  | 'zh'
  | 'ja'
  | 'ko'

/** Flattens comma-separated lines. */
export function termsOf(...lists: readonly ByLanguage[]): Term[] {
  return lists.flatMap((list) =>
    Object.values(list).flatMap((line) =>
      line
        .split(',')
        .map((term) => term.trim())
        .filter((term) => term.length > 0),
    ),
  )
}
