import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { GlobalFonts } from '@napi-rs/canvas'
import type { Pen } from './pen.ts'

const require = createRequire(import.meta.url)

type FontPackage = {
  name: string
  alias: string
  subsets: { name: string; ranges: [number, number][] }[]
  folder: string
}

const registered = new Map<string, boolean>()

/** A package's subsets with the characters that each covers, as the package itself declares them. */
function readPackage(name: string, alias: string): FontPackage {
  const folder = dirname(require.resolve(`@fontsource-variable/${name}/package.json`))
  const table = JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8')) as Record<string, string>
  const subsets = Object.entries(table).map(([subset, ranges]) => ({
    name: subset.replace(/^\[(\d+)\]$/, '$1'),
    ranges: ranges.split(',').map((range): [number, number] => {
      const [low, high] = range.replace(/^U\+/i, '').split('-')
      return [Number.parseInt(low ?? '0', 16), Number.parseInt(high ?? low ?? '0', 16)]
    }),
  }))
  return { name, alias, subsets, folder }
}

function familyFor(fonts: FontPackage, codePoint: number): string | undefined {
  for (const subset of fonts.subsets) {
    if (!subset.ranges.some(([low, high]) => codePoint >= low && codePoint <= high)) continue
    const family = `${fonts.alias}-${subset.name}`
    let isThere = registered.get(family)
    if (isThere === undefined) {
      // A subset is read when a caption needs it: the Chinese package alone has a hundred.
      const file = join(fonts.folder, 'files', `${fonts.name}-${subset.name}-wght-normal.woff2`)
      isThere = GlobalFonts.registerFromPath(file, family) !== null
      registered.set(family, isThere)
    }
    if (isThere) return family
  }
  return undefined
}

/** Which packages to ask, in order: Han characters look Japanese beside kana, Korean beside hangul, else Chinese. */
function packagesFor(text: string): FontPackage[] {
  const names: [string, string][] = [
    ['instrument-sans', 'is'],
    ['noto-sans', 'ns'],
  ]
  if (/[\u0600-\u06ff]/.test(text)) names.push(['noto-sans-arabic', 'na'])
  if (/[\u3040-\u30ff]/.test(text)) names.push(['noto-sans-jp', 'nj'], ['noto-sans-sc', 'nc'])
  else if (/[\u1100-\u11ff\uac00-\ud7af]/.test(text))
    names.push(['noto-sans-kr', 'nk'], ['noto-sans-sc', 'nc'])
  else if (/[\u2e80-\u9fff\uf900-\uffef]/.test(text))
    names.push(['noto-sans-sc', 'nc'], ['noto-sans-jp', 'nj'])
  return names.map(([name, alias]) => readPackage(name, alias))
}

export type CaptionFont = { families: string; isRightToLeft: boolean }

/**
 * The fonts that draw a caption whole. Undefined when one character has no shipped font: then there is no caption,
 * because a row of boxes says nothing. Pictographs are left out beforehand.
 */
export function captionFont(text: string): CaptionFont | undefined {
  if (text === '') return undefined
  try {
    const packages = packagesFor(text)
    const families = new Set<string>()
    for (const character of text) {
      const codePoint = character.codePointAt(0) ?? 0
      if (/\s/u.test(character)) continue
      const family = packages.map((fonts) => familyFor(fonts, codePoint)).find((name) => name !== undefined)
      if (family === undefined) return undefined
      families.add(family)
    }
    if (families.size === 0) return undefined
    return { families: [...families].join(', '), isRightToLeft: /^[^\p{L}]*[\u0590-\u08ff]/u.test(text) }
  } catch {
    // A font package that is not installed costs the caption, not the video.
    return undefined
  }
}

/** The face of slate and time code. */
export function monoFamily(): string {
  const family = familyFor(readPackage('geist-mono', 'gm'), 0x41)
  return family ?? 'monospace'
}

/** Drops what no text font draws: pictographs, their joiners and variation marks. */
export function withoutPictographs(text: string): string {
  return text
    .replace(/[\p{Extended_Pictographic}\u{1f1e6}-\u{1f1ff}\u{1f3fb}-\u{1f3ff}\ufe0f\u200d]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Breaks a caption into at most `linesMax` lines, with an ellipsis when it does not fit. */
export function breakLines(pen: Pen, text: string, widthMax: number, linesMax: number): string[] {
  const isSpaced = /\s/.test(text)
  const pieces = isSpaced
    ? text.split(' ').flatMap((word) => (pen.measureText(word).width > widthMax ? [...word] : [word]))
    : [...text]
  const gap = isSpaced ? ' ' : ''
  const lines: string[] = []
  let line = ''
  for (const piece of pieces) {
    const longer = line === '' ? piece : line + gap + piece
    if (pen.measureText(longer).width <= widthMax || line === '') {
      line = longer
      continue
    }
    lines.push(line)
    line = piece
    if (lines.length === linesMax) break
  }
  if (lines.length < linesMax) lines.push(line)
  else {
    let last = lines[linesMax - 1] ?? ''
    while (last !== '' && pen.measureText(`${last}…`).width > widthMax) last = [...last].slice(0, -1).join('')
    lines[linesMax - 1] = `${last.trimEnd()}…`
  }
  return lines.slice(0, linesMax)
}
