import { describe, expect, test } from 'vitest'
import { DraftInputError, readDraftInput } from './draft-input.ts'

type Options = Parameters<typeof readDraftInput>[0]

const usual: Options = {
  prompt: 'a boat',
  n: 1,
  aspectRatio: undefined,
  resolution: undefined,
  duration: undefined,
  fps: undefined,
  seed: 1,
  image: undefined,
  frameImages: undefined,
  inputReferences: undefined,
  generateAudio: undefined,
  providerOptions: {},
}

test('what is left out gets its default', () => {
  expect(readDraftInput(usual)).toMatchObject({
    width: 1280,
    height: 720,
    durationMs: 4000,
    frameRate: 24,
    hasSound: true,
  })
})

test.each([
  [{ aspectRatio: '9:16' }, 720, 1280],
  [{ aspectRatio: '1:1' }, 720, 720],
  [{ resolution: '1920x1080' }, 1920, 1080],
  [{ resolution: '854x480' }, 854, 480],
  [{ resolution: '848x480' }, 854, 480],
  [{ resolution: '480x854', aspectRatio: '9:16' }, 480, 854],
] as [Partial<Options>, number, number][])('%o gives its size', (change, width, height) => {
  expect(readDraftInput({ ...usual, ...change })).toMatchObject({ width, height })
})

describe('a wrong parameter is named', () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')
  test.each([
    ['n', { n: 2 }],
    ['duration', { duration: 1 }],
    ['duration', { duration: 13 }],
    ['duration', { duration: Number.NaN }],
    ['fps', { fps: 30 }],
    ['seed', { seed: -1 }],
    ['seed', { seed: 1.5 }],
    ['aspectRatio', { aspectRatio: '4:3' }],
    ['resolution', { resolution: '1000x1000' }],
    ['resolution', { resolution: '1280x720', aspectRatio: '9:16' }],
    ['prompt', { prompt: 'x'.repeat(20_001) }],
    ['image', { image: { type: 'url', url: 'https://example.com/a.png' } }],
    ['image', { image: { type: 'file', mediaType: 'image/svg+xml', data: svg } }],
  ] as [string, Partial<Options>][])('%s', (field, change) => {
    const read = () => readDraftInput({ ...usual, ...change })
    expect(read).toThrow(DraftInputError)
    expect(read).toThrow(expect.objectContaining({ field }))
  })
})

test('what cannot be honoured comes back as a warning', () => {
  const { warnings } = readDraftInput({ ...usual, aspectRatio: 'adaptive' })
  expect(warnings).toEqual([expect.objectContaining({ type: 'unsupported', feature: 'aspectRatio' })])
})
