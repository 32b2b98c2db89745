import { APICallError, type Experimental_VideoModelV4 as VideoModelV4 } from '@ai-sdk/provider'
import { describe, expect, test } from 'vitest'
import { nextCheckMs, type VideoRequest } from './provider.ts'
import { classifyError, videoModelProvider } from './video-model-provider.ts'

type Status = Awaited<ReturnType<NonNullable<VideoModelV4['doStatus']>>>

const response = { timestamp: new Date(0), modelId: 'fake', headers: undefined }
const signal = new AbortController().signal
const request: VideoRequest = {
  reference: 'att_1',
  upstreamModel: 'fake',
  prompt: 'a harbour',
  seconds: 5,
  width: 1280,
  height: 720,
  aspectRatio: '16:9',
  seed: 3,
  audio: true,
  image: { mediaType: 'image/png', data: new Uint8Array([1]) },
}

function fakeModel(parts: Partial<VideoModelV4>): VideoModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'fake',
    modelId: 'fake',
    maxVideosPerCall: 1,
    async doStart() {
      return { operation: { task: 'one' }, warnings: [], response }
    },
    async doStatus() {
      return { status: 'pending', response }
    },
    ...parts,
  } as VideoModelV4
}

function open(parts: Partial<VideoModelV4>) {
  return videoModelProvider({
    name: 'fake',
    model: fakeModel(parts),
    pace: { firstMs: 10, longestMs: 100 },
    runDeadlineMs: 1_000,
  })
}

const status = (value: unknown) =>
  open({ doStatus: async () => value as Status }).check({ task: 'one' }, signal)

test('a model that only generates in one go is refused: a restart would lose its work', () => {
  const model = fakeModel({})
  const { doStart: _start, ...inOneGo } = model
  expect(() =>
    videoModelProvider({
      name: 'fake',
      model: inOneGo as VideoModelV4,
      pace: { firstMs: 1, longestMs: 1 },
      runDeadlineMs: 1,
    }),
  ).toThrow(TypeError)
})

test('the request becomes the call options of the interface', async () => {
  let seen: unknown
  const provider = open({
    async doStart(options) {
      seen = options
      return { operation: 'op', warnings: [{ type: 'unsupported', feature: 'seed' }], response }
    },
  })
  const started = await provider.start(request, signal)
  expect(started).toEqual({ operation: 'op', warnings: ['unsupported: seed'] })
  expect(seen).toMatchObject({
    prompt: 'a harbour',
    n: 1,
    duration: 5,
    resolution: '1280x720',
    aspectRatio: '16:9',
    seed: 3,
    generateAudio: true,
    image: { type: 'file', mediaType: 'image/png' },
  })
})

describe('what a status says', () => {
  test('pending, done as bytes, base64 or address, and failed', async () => {
    expect(await status({ status: 'pending', response })).toMatchObject({ state: 'running' })
    const done = (video: unknown) => status({ status: 'completed', videos: [video], warnings: [], response })
    expect(await done({ type: 'binary', data: new Uint8Array([7]), mediaType: 'video/mp4' })).toMatchObject({
      state: 'done',
      output: { type: 'bytes' },
    })
    const base64 = await done({ type: 'base64', data: 'Bwc=', mediaType: 'video/mp4' })
    expect(base64).toMatchObject({ output: { type: 'bytes', data: Buffer.from([7, 7]) } })
    expect(await done({ type: 'url', url: 'https://cdn.example/v', mediaType: 'video/mp4' })).toMatchObject({
      output: { type: 'url', url: 'https://cdn.example/v' },
    })
    expect(await status({ status: 'error', error: 'boom', response })).toMatchObject({
      state: 'failed',
      error: { kind: 'upstream', sent: 'refused' },
    })
  })

  test('done without a video is a refusal', async () => {
    expect(await status({ status: 'completed', videos: [], warnings: [], response })).toMatchObject({
      state: 'failed',
      error: { kind: 'policy', retryable: false },
    })
  })
})

describe('what an error means for money', () => {
  const call = (statusCode: number) =>
    new APICallError({ message: 'no', url: 'https://upstream.example', requestBodyValues: {}, statusCode })
  test.each([
    [401, 'ours', 'refused'],
    [402, 'funds', 'refused'],
    [422, 'user', 'refused'],
    [429, 'busy', 'never'],
    [500, 'upstream', 'maybe'],
    [504, 'upstream', 'maybe'],
  ])('status %i', (statusCode, kind, sent) => {
    expect(classifyError(call(statusCode), 'start')).toMatchObject({ kind, sent })
  })

  test('a connection that never stood was not sent; one that broke may have been', () => {
    const refused = new TypeError('fetch failed', {
      cause: Object.assign(new Error('no'), { code: 'ECONNREFUSED' }),
    })
    expect(classifyError(refused, 'start')).toMatchObject({ sent: 'never', retryable: true })
    const broken = new TypeError('fetch failed', {
      cause: Object.assign(new Error('no'), { code: 'ECONNRESET' }),
    })
    expect(classifyError(broken, 'start')).toMatchObject({ sent: 'maybe' })
    expect(classifyError(new Error('?'), 'start')).toMatchObject({ sent: 'maybe' })
  })
})

test('checks are frequent while a run is young and slow down with its age', () => {
  const pace = { firstMs: 300, longestMs: 5_000 }
  expect(nextCheckMs(pace, 0)).toBe(300)
  expect(nextCheckMs(pace, 10_000)).toBe(1_000)
  expect(nextCheckMs(pace, 3_600_000)).toBe(5_000)
})
