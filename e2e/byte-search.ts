import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

/** Bytes that must not lie around, and what they give away. */
export interface Needle {
  readonly name: string
  readonly bytes: Buffer
}

/** Names of what occurs in `haystack`, each once. */
export type Search = (haystack: Buffer) => string[]

/**
 * A text as UTF-8, UTF-16, in JSON, in an address, in hexadecimal and in base64 (at each of its three alignments):
 * the whole, and its first 24 characters.
 */
export function textNeedles(name: string, text: string): Needle[] {
  const beginning = [...text].slice(0, 24).join('')
  const forms = [text, beginning].flatMap((form) => {
    const escaped = JSON.stringify(form).slice(1, -1)
    const ascii = escaped.replaceAll(
      /[^\x20-\x7e]/g,
      (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    const bytes = Buffer.from(form)
    const encoded = [form, escaped, ascii, encodeURIComponent(form), bytes.toString('hex'), ...base64(bytes)]
    return [...encoded.map((one) => Buffer.from(one)), Buffer.from(form, 'utf16le')]
  })
  // Where a longer form is found, the shorter one within it is found too.
  const shortestFirst = forms.sort((a, b) => a.length - b.length)
  const needed = shortestFirst.filter(
    (form, index) => !shortestFirst.slice(0, index).some((shorter) => form.includes(shorter)),
  )
  return needed.map((bytes) => ({ name, bytes }))
}

/** What stays the same of the base64 of `bytes` wherever in a longer text they stand. */
function base64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const inner = text.slice(shift === 0 ? 0 : 4, -1)
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

/**
 * The windows of a file at each multiple of their length: any stretch of the file of twice that length holds one.
 * Those of hardly any variety (padding) are left out.
 */
export function fileNeedles(name: string, file: Buffer, windowBytes = 64): Needle[] {
  const varietyMin = Math.min(16, windowBytes / 4)
  const needles: Needle[] = []
  for (let at = 0; at + windowBytes <= file.length; at += windowBytes) {
    const bytes = file.subarray(at, at + windowBytes)
    if (new Set(bytes).size >= varietyMin) needles.push({ name, bytes })
  }
  return needles
}

/** Looks for all of them in one pass, at every single byte. */
export function createSearch(needles: readonly Needle[]): Search {
  // A mark for each three bytes that may be part of one, so that almost every position costs one look.
  const marks = new Uint8Array(1 << 24)
  const byAnchor = new Map<number, { needle: Needle; anchor: number }[]>()
  for (const needle of needles) {
    const anchor = anchorOf(needle.bytes)
    const three = needle.bytes.readUIntBE(anchor, 3)
    marks[three] = 1
    const known = byAnchor.get(three)
    if (known) known.push({ needle, anchor })
    else byAnchor.set(three, [{ needle, anchor }])
  }
  return (haystack) => {
    const found = new Set<string>()
    let three = 0
    for (let index = 0; index < haystack.length; index += 1) {
      three = ((three << 8) | (haystack[index] ?? 0)) & 0xff_ff_ff
      if (marks[three] === 0 || index < 2) continue
      for (const { needle, anchor } of byAnchor.get(three) ?? []) {
        const start = index - 2 - anchor
        if (start < 0 || found.has(needle.name)) continue
        if (haystack.subarray(start, start + needle.bytes.length).equals(needle.bytes)) found.add(needle.name)
      }
    }
    return [...found]
  }
}

/** Where three different bytes stand, none of them the zero of which database files are full. */
function anchorOf(bytes: Buffer): number {
  for (let at = 0; at + 3 <= bytes.length; at += 1) {
    const [a, b, c] = bytes.subarray(at, at + 3)
    if (a && b && c && a !== b && b !== c && a !== c) return at
  }
  return 0
}

/** Every file below a folder, with its bytes; one that went away while we looked is passed over. */
export async function* filesBelow(folder: string): AsyncGenerator<{ name: string; bytes: Buffer }> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = path.join(entry.parentPath, entry.name)
    const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    if (bytes) yield { name: path.relative(folder, file), bytes }
  }
}
