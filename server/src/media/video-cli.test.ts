import { expect, test } from 'vitest'
import { encodeArguments, pictureArguments, remuxArguments } from './video-cli.ts'

const order = {
  path: '/work/in put.mp4',
  container: 'mp4' as const,
  output: '/work/out.mp4',
  startMs: 1500,
  durationMsMax: 3000,
  framesMax: 36,
  graph: 'fps=12,scale=320:180,format=yuv420p',
  crf: 30,
  soundGraph: null,
  threads: 2,
}

const calls: [string, string[]][] = [
  ['encode', encodeArguments(order)],
  ['encode with sound', encodeArguments({ ...order, soundGraph: 'aresample=48000' })],
  ['picture', pictureArguments('/work/in put.mp4', 'webm', 500, 'format=rgb24', '/work/out.raw')],
  ['remux', remuxArguments('/work/in put.mp4', 'mov', '/work/out.mp4')],
]

test.each(calls)(
  '%s: the whitelists and the format come before the input, and files are named as files',
  (_, call) => {
    const input = call.indexOf('-i')
    for (const option of ['-protocol_whitelist', '-format_whitelist', '-f']) {
      expect(call.indexOf(option)).toBeGreaterThanOrEqual(0)
      expect(call.indexOf(option)).toBeLessThan(input)
    }
    expect(call[call.indexOf('-protocol_whitelist') + 1]).toBe('file')
    expect(call[input + 1]).toBe('file:/work/in put.mp4')
    expect(call.at(-1)).toMatch(/^file:\/work\/out/)
    expect(call).toContain('-nostdin')
  },
)

test('an encode is bounded in time and in frames, and drops metadata', () => {
  const call = encodeArguments(order)
  const after = (option: string) => call[call.indexOf(option) + 1]
  expect([after('-t'), after('-frames:v'), after('-ss'), after('-map_metadata')]).toEqual([
    '3.000',
    '36',
    '1.500',
    '-1',
  ])
  expect(call).toContain('-an')
  expect(call).not.toContain('-c:a')
})
