import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Context } from 'hono'
import type { Sample } from './landing.ts'

const size = { width: 854, height: 480 }

/** What `draft` made of these descriptions, shipped so that a fresh deployment has something real to show. */
export const bundledSamples: readonly Sample[] = [
  { name: 'fox', caption: 'a fox walks through a snowy forest at dawn' },
  { name: 'lighthouse', caption: 'a lighthouse under a full moon, slow push in' },
  { name: 'boat', caption: 'a sailing boat on a calm sea at sunset' },
].map(({ name, caption }) => ({
  videoUrl: `/assets/samples/${name}.mp4`,
  posterUrl: `/assets/samples/${name}.webp`,
  caption,
  ...size,
}))

const types: Readonly<Record<string, string>> = { mp4: 'video/mp4', webp: 'image/webp' }
const known = new Set(bundledSamples.flatMap((sample) => [sample.videoUrl, sample.posterUrl]))

/** Serves one of the files, whole or in part: some browsers play nothing that they cannot ask for in parts. */
export async function serveSample(context: Context): Promise<Response | null> {
  const address = context.req.path
  if (!known.has(address)) return null
  const name = path.posix.basename(address)
  const bytes = new Uint8Array(await readFile(path.join(import.meta.dirname, 'samples', name)))
  const headers = {
    'content-type': types[name.split('.')[1] ?? ''] ?? 'application/octet-stream',
    'cache-control': 'public, max-age=86400',
    'accept-ranges': 'bytes',
  }
  const range = /^bytes=(\d+)-(\d*)$/.exec(context.req.header('range') ?? '')
  if (!range) return context.body(bytes, 200, headers)
  const start = Number(range[1])
  const end = Math.min(range[2] ? Number(range[2]) : bytes.length - 1, bytes.length - 1)
  if (start > end) return context.body(null, 416, { ...headers, 'content-range': `bytes */${bytes.length}` })
  return context.body(bytes.slice(start, end + 1), 206, {
    ...headers,
    'content-range': `bytes ${start}-${end}/${bytes.length}`,
  })
}
