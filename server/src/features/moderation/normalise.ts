import confusables from 'unhomoglyph/data.json' with { type: 'json' }

/** One word of a prompt with the ways in which it may be read. */
export interface Token {
  /** Lower-case with its diacritics, for the few terms that need them to mean what they mean. */
  readonly exact: string
  /** Without diacritics, look-alikes, digits for letters and stretched letters; the plain reading first. */
  readonly readings: readonly string[]
}

/** What the rules look at: every plausible reading of a prompt, never the prompt alone. */
export interface Normalised {
  /** The same prompt cut into words in several ways. */
  readonly streams: readonly (readonly Token[])[]
  /** For scripts without spaces between words. */
  readonly unspaced: string
}

const isAscii = /^[\x20-\x7e\n\r\t]*$/
const tagCharacters = /[\u{e0020}-\u{e007e}]+/gu
const overrides = /[\u202d\u202e]/
const ignorable = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu
// Marks carry meaning in Devanagari, Thai and others; here they are decoration.
const decorated = /(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{M}+/gu
// Vowel signs and the lengthening stroke, which Arabic texts set or leave out at will.
const arabicDecoration = /[\u064b-\u0652\u0670\u0640]/g

/** Enclosed and flag letters that NFKC leaves as they are. */
function enclosedLetter(character: string): string {
  const code = character.codePointAt(0) ?? 0
  for (const start of [0x1f150, 0x1f170, 0x1f1e6]) {
    if (code >= start && code < start + 26) return String.fromCharCode(97 + code - start)
  }
  return character
}

/** Step one: compatibility forms, enclosed letters and everything invisible. */
function clean(text: string): string {
  if (isAscii.test(text)) return text.toLowerCase()
  // Letters that only machines see are still read by models: they are read here too.
  const hidden = [...text.matchAll(tagCharacters)].map((match) =>
    [...match[0]].map((one) => String.fromCodePoint((one.codePointAt(0) ?? 0) - 0xe0000)).join(''),
  )
  const visible = text
    .replaceAll(/[\u{1f150}-\u{1f189}\u{1f1e6}-\u{1f1ff}]/gu, enclosedLetter)
    .normalize('NFKC')
  const reversed = overrides.test(visible)
    ? ` ${[...visible.replaceAll(ignorable, '')].reverse().join('')}`
    : ''
  const rest = visible.replaceAll(ignorable, '')
  return `${rest}${reversed}${hidden.length > 0 ? ` ${hidden.join(' ')} ${hidden.join('')}` : ''}`.toLowerCase()
}

const latinLetters: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ð: 'd',
  ħ: 'h',
  ŋ: 'n',
  ƒ: 'f',
  ɑ: 'a',
  ɡ: 'g',
}
const arabicLetters: Readonly<Record<string, string>> = { أ: 'ا', إ: 'ا', آ: 'ا', ى: 'ي', ة: 'ه' }

/** Step two: the form in which terms and words are compared. Input must be `clean`. */
export function plain(text: string): string {
  if (isAscii.test(text)) return text.toLowerCase()
  return text
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(decorated, '')
    .replaceAll(arabicDecoration, '')
    .normalize('NFC')
    .replaceAll(/[øłđıßæœþðħŋƒɑɡ]/g, (letter) => latinLetters[letter] ?? letter)
    .replaceAll(/[أإآىة]/g, (letter) => arabicLetters[letter] ?? letter)
}

// By shape, not by sound. What is missing here is asked from Unicode's table of confusables.
const lookAlikes: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['а', 'a', 'в', 'b', 'с', 'c', 'ԁ', 'd', 'е', 'e', 'ғ', 'f', 'ɡ', 'g', 'н', 'h', 'һ', 'h', 'і', 'i'],
    ['ј', 'j', 'к', 'k', 'ӏ', 'l', 'м', 'm', 'п', 'n', 'о', 'o', 'р', 'p', 'ԛ', 'q', 'г', 'r', 'ѕ', 's'],
    ['т', 't', 'у', 'y', 'ѵ', 'v', 'ш', 'w', 'ԝ', 'w', 'х', 'x', 'з', 'e', 'и', 'n', 'я', 'r', 'ь', 'b'],
    ['α', 'a', 'β', 'b', 'ε', 'e', 'η', 'n', 'ι', 'i', 'κ', 'k', 'μ', 'u', 'ν', 'v', 'ο', 'o', 'ρ', 'p'],
    ['σ', 'o', 'τ', 't', 'υ', 'u', 'χ', 'x', 'ω', 'w', 'γ', 'y', 'ս', 'u', 'ո', 'n', 'օ', 'o', 'ց', 'g'],
    ['հ', 'h', 'յ', 'j', 'զ', 'q', 'լ', 'l', 'ա', 'w', 'ք', 'p', 'ր', 'n', 'ѐ', 'e', 'ҽ', 'e', 'ա', 'w'],
    ['ᴀ', 'a', 'ʙ', 'b', 'ᴄ', 'c', 'ᴅ', 'd', 'ᴇ', 'e', 'ꜰ', 'f', 'ɢ', 'g', 'ʜ', 'h', 'ɪ', 'i', 'ᴊ', 'j'],
    ['ᴋ', 'k', 'ʟ', 'l', 'ᴍ', 'm', 'ɴ', 'n', 'ᴏ', 'o', 'ᴘ', 'p', 'ʀ', 'r', 'ꜱ', 's', 'ᴛ', 't', 'ᴜ', 'u'],
    ['ᴠ', 'v', 'ᴡ', 'w', 'ʏ', 'y', 'ᴢ', 'z'],
  ].flatMap((row) =>
    row.flatMap((letter, index) => (index % 2 === 0 ? [[letter, row[index + 1] ?? '']] : [])),
  ),
)

function foldLookAlikes(word: string): string {
  let folded = ''
  for (const letter of word) {
    if (letter <= '\u007f') folded += letter
    else folded += lookAlikes[letter] ?? asciiOf(letter)
  }
  return folded
}

// The package's own function runs one pattern of thousands of branches; its table is what is wanted.
const asciiTwins: ReadonlyMap<string, string> = new Map(
  Object.entries(confusables as Record<string, string>)
    .map(([letter, twin]) => [letter, twin.toLowerCase()] as const)
    .filter(([, twin]) => /^[a-z]{1,2}$/.test(twin)),
)

function asciiOf(letter: string): string {
  return asciiTwins.get(letter) ?? letter
}

const hasLatin = /\p{Script=Latin}/u
const hasOther = /[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u
const asciiWord = /^[a-z0-9@$!|*+]+$/

const leetLetters: Readonly<Record<string, readonly string[]>> = {
  '0': ['o'],
  '1': ['i', 'l'],
  '2': ['z'],
  '3': ['e'],
  '4': ['a'],
  '5': ['s'],
  '6': ['g'],
  '7': ['t'],
  '8': ['b'],
  '9': ['g'],
  '@': ['a'],
  $: ['s'],
  '!': ['i', 'l'],
  '|': ['l', 'i'],
  '+': ['t'],
  '*': ['a', 'e', 'i', 'o', 'u'],
  '#': ['a', 'e', 'i', 'o', 'u'],
  '€': ['e'],
  '£': ['l'],
  '(': ['c'],
  '<': ['c'],
  '¡': ['i'],
  '§': ['s'],
}
const readingsMax = 12
// Longer ones are no words, and reading them in many ways would cost time for nothing.
const wordCharactersMax = 60

/** The letters that digits and symbols stand for; several readings where a sign has several. */
function leetReadings(word: string): string[] {
  if (word.length > wordCharactersMax || !/\p{L}/u.test(word)) return []
  let readings = ['']
  for (const letter of word) {
    const meanings = leetLetters[letter] ?? [/[\p{L}\p{M}]/u.test(letter) ? letter : '']
    readings = readings.flatMap((start) => meanings.map((meaning) => start + meaning)).slice(0, readingsMax)
  }
  return readings
}

/** `nuuude` is `nude` and `nuude`; what is doubled as a rule stays doubled in one of them. */
function collapsed(word: string): string[] {
  if (!/(\p{L})\1\1/u.test(word)) return []
  return [word.replaceAll(/(\p{L})\1{2,}/gu, '$1'), word.replaceAll(/(\p{L})\1{2,}/gu, '$1$1')]
}

function tokenOf(raw: string): Token {
  const base = plain(raw)
  const readings = [base]
  if (!asciiWord.test(base) && hasOther.test(base)) {
    const folded = foldLookAlikes(base)
    // A word in one script is read as it stands first; Russian would be damaged otherwise.
    if (asciiWord.test(folded)) {
      if (hasLatin.test(base)) readings.unshift(folded)
      else readings.push(folded)
    }
  } else if (!asciiWord.test(base) && hasLatin.test(base)) {
    const folded = foldLookAlikes(base)
    if (folded !== base) readings.push(folded)
  }
  if (/[^\p{L}\p{M}]/u.test(base))
    for (const reading of [...readings]) readings.push(...leetReadings(reading))
  for (const reading of [...readings]) readings.push(...collapsed(reading))
  return { exact: raw.normalize('NFC'), readings: readings.length === 1 ? readings : [...new Set(readings)] }
}

const words = /[\p{L}\p{M}\p{N}]+/gu
const symbolInside = /[\p{L}\p{N}][^\s\p{L}\p{M}\p{N}]+[\p{L}\p{N}]|[$@€£][\p{L}]/u
const spelled =
  /(?<![\p{L}\p{N}])(?:[\p{L}\p{N}@$!][\s.\-_*·•|/\\,~]{1,3}){2,}[\p{L}\p{N}@$!](?![\p{L}\p{N}])/gu
const unspacedGap =
  /(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\s\p{P}\p{S}]+(?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])/gu

/** All readings of a prompt. Pure; some tens of microseconds for a usual prompt. */
export function normalise(prompt: string): Normalised {
  const text = clean(prompt)
  const streams: Token[][] = [(text.match(words) ?? []).map(tokenOf)]
  if (symbolInside.test(text)) {
    // Symbols inside words: "n@ked", "p.o.r.n", "p*rn".
    streams.push(
      text
        .split(/\s+/)
        .map((chunk) => chunk.replace(/^[^\p{L}\p{N}@$€£]+|[^\p{L}\p{N}$]+$/gu, ''))
        .filter((chunk) => chunk.length > 0)
        .map(tokenOf),
    )
  }
  const joined = text.replaceAll(spelled, (run) => run.replaceAll(/[^\p{L}\p{N}@$!]/gu, ''))
  if (joined !== text) streams.push((joined.match(/[\p{L}\p{M}\p{N}@$!]+/gu) ?? []).map(tokenOf))
  return { streams, unspaced: isAscii.test(text) ? '' : plain(text).replaceAll(unspacedGap, '') }
}
