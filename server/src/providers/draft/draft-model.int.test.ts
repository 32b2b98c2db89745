import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMediaEngine, type MediaEngine } from '../../media/index.ts'
import { createDraftVideoModel, type DraftVideoModel } from './index.ts'

const log = pino({ level: 'silent' })
let folder: string
let work: string
let model: DraftVideoModel
let media: MediaEngine

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-draft-'))
  work = join(folder, 'work')
  model = createDraftVideoModel({ workDirectory: work, log, concurrency: 1 })
  media = createMediaEngine({ workDirectory: join(folder, 'media'), log })
})

afterAll(async () => {
  await model.stop()
  await rm(folder, { recursive: true, force: true })
})

type Options = Parameters<DraftVideoModel['doStart']>[0]
const usual = {
  prompt: 'planted-prompt-7391 a boat on the sea',
  n: 1,
  seed: 5,
  duration: 2,
  resolution: '480x480',
  providerOptions: {},
} as unknown as Options

async function settle(from: DraftVideoModel, operation: Parameters<DraftVideoModel['forget']>[0]) {
  const phases: unknown[] = []
  for (const deadline = Date.now() + 50_000; Date.now() < deadline; ) {
    const status = await from.doStatus({ operation })
    if (status.status !== 'pending') return { status, phases }
    phases.push(status.providerMetadata?.['draft'])
    await new Promise((resolve) => setTimeout(resolve, 40))
  }
  throw new Error('the draft was never finished')
}

async function videoOf(
  from: DraftVideoModel,
  operation: Parameters<DraftVideoModel['forget']>[0],
): Promise<Uint8Array> {
  const { status } = await settle(from, operation)
  if (status.status !== 'completed') throw new Error(`ended as ${JSON.stringify(status)}`)
  const video = status.videos[0]
  if (video?.type !== 'binary') throw new Error('expected bytes')
  return video.data
}

test('a draft is a web MP4 with sound, made twice alike, with no word of the prompt on the disk', async () => {
  const { operation, warnings } = await model.doStart(usual)
  expect(warnings).toEqual([])
  expect(JSON.parse(JSON.stringify(operation))).toEqual(operation)
  const { status, phases } = await settle(model, operation)
  expect(phases.every((phase) => typeof (phase as { progress: number }).progress === 'number')).toBe(true)
  expect(status.status).toBe('completed')
  const data = Buffer.from(await videoOf(model, operation))
  expect(data.includes('planted-prompt')).toBe(false)
  const files = await readdir(work, { recursive: true })
  expect(files.filter((name) => name.includes('.'))).toHaveLength(1)
  expect(files.some((name) => name.endsWith('video.mp4'))).toBe(true)

  await writeFile(join(folder, 'draft.mp4'), data)
  expect(await media.probe(join(folder, 'draft.mp4'))).toMatchObject({
    width: 480,
    height: 480,
    durationMs: 2000,
    frameRate: 24,
    audioCodec: 'aac',
    isWebSafe: true,
    isFaststart: true,
  })

  // A server that comes back after a kill has the operation and nothing else: it renders the same video.
  await model.forget(operation)
  expect(await readdir(work)).toEqual([])
  const successor = createDraftVideoModel({ workDirectory: work, log })
  const again = await videoOf(successor, JSON.parse(JSON.stringify(operation)))
  await writeFile(join(folder, 'again.mp4'), again)
  expect(await media.streamHash(join(folder, 'again.mp4'))).toBe(
    await media.streamHash(join(folder, 'draft.mp4')),
  )
  await successor.forget(operation)
  expect(await readdir(work)).toEqual([])
})

test('a reference picture travels with the operation, small, and appears in the video', async () => {
  await media.poster(join(folder, 'draft.mp4'), join(folder, 'picture.jpg'))
  const picture = await readFile(join(folder, 'picture.jpg'))
  const image = { type: 'file', mediaType: 'image/jpeg', data: new Uint8Array(picture) } as const
  const { operation } = await model.doStart({ ...usual, image, generateAudio: false })
  expect(JSON.stringify(operation).length).toBeLessThan(400_000)
  await writeFile(join(folder, 'moved.mp4'), await videoOf(model, operation))
  expect(await media.probe(join(folder, 'moved.mp4'))).toMatchObject({ audioCodec: null, durationMs: 2000 })
  expect(await media.streamHash(join(folder, 'moved.mp4'))).not.toBe(
    await media.streamHash(join(folder, 'draft.mp4')),
  )
  await model.forget(operation)
  const broken = { ...image, data: new Uint8Array(picture.subarray(0, 30)) }
  await expect(model.doStart({ ...usual, image: broken })).rejects.toMatchObject({
    name: 'DraftInputError',
    field: 'image',
  })
  expect(await readdir(work)).toEqual([])
})

test('a canceled draft ends at once and leaves nothing', async () => {
  const { operation } = await model.doStart({ ...usual, duration: 12 })
  expect(await model.cancel(operation)).toBe(true)
  const { status } = await settle(model, operation)
  expect(status).toMatchObject({ status: 'error', error: 'canceled' })
  expect(await model.cancel(operation)).toBe(false)
  await model.forget(operation)
  await model.stop()
  expect(await readdir(work)).toEqual([])
})

test('an operation that is not ours is refused before it becomes a path', async () => {
  await expect(model.doStatus({ operation: { version: 1, id: '../../etc' } })).rejects.toMatchObject({
    field: 'operation',
  })
})

test('a sweep deletes what nobody collected', async () => {
  const stale = join(work, `render-${'a'.repeat(24)}`)
  const fresh = join(work, `render-${'b'.repeat(24)}`)
  for (const path of [stale, fresh]) await mkdir(path, { recursive: true })
  const longAgo = new Date(Date.now() - 25 * 3600_000)
  await utimes(stale, longAgo, longAgo)
  expect(await model.sweep(new Date())).toBe(1)
  expect([existsSync(stale), existsSync(fresh)]).toEqual([false, true])
  await rm(fresh, { recursive: true })
})
