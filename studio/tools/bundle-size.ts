// npm run size: what a browser must load before the studio's first screen works, compressed. Fails above the budget.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

const budgetBytes = 200_000
const dist = path.join(import.meta.dirname, '..', 'dist')

interface Chunk {
  readonly file: string
  readonly isEntry?: boolean
  readonly imports?: readonly string[]
}

const manifest = JSON.parse(readFileSync(path.join(dist, '.vite', 'manifest.json'), 'utf8')) as Record<
  string,
  Chunk
>

/** The files of a chunk and of everything that it imports before it can run. */
function filesOf(name: string, found = new Set<string>()): Set<string> {
  const chunk = manifest[name]
  if (!chunk || found.has(chunk.file)) return found
  found.add(chunk.file)
  for (const each of chunk.imports ?? []) filesOf(each, found)
  return found
}

function chunkNamed(part: string): string {
  const name = Object.keys(manifest).find((each) => each.endsWith(part))
  if (!name) throw new Error(`the build has no chunk for ${part}; run npm run build -w studio first`)
  return name
}

const entry = Object.keys(manifest).find((name) => manifest[name]?.isEntry)
if (!entry) throw new Error('the build has no entry; run npm run build -w studio first')

// The first screen is the entry, the frame and the studio itself: all three, not the entry alone.
const first = [entry, chunkNamed('app/shell.tsx'), chunkNamed('app/studio-page.tsx')]
const scripts = [...new Set(first.flatMap((name) => [...filesOf(name)]))].filter((file) =>
  file.endsWith('.js'),
)
const texts = scripts.map((file) => readFileSync(path.join(dist, file)))
const gzip = texts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0)
const brotli = texts.reduce((sum, text) => sum + brotliCompressSync(text).length, 0)

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`
console.log(
  `first load of the studio: ${scripts.length} scripts, ${kilobytes(gzip)} with gzip, ${kilobytes(brotli)} with brotli; budget ${kilobytes(budgetBytes)}`,
)
if (gzip > budgetBytes) process.exitCode = 1
