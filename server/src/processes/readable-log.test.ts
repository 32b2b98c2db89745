import { expect, test } from 'vitest'
import { readableLine } from './readable-log.ts'

test('a line for a person has the time, the words and what belongs to them', () => {
  const line = readableLine(
    '{"level":"info","time":"2026-11-20T13:52:01.123Z","generationId":"gen_1","durationMs":5,"msg":"delivered"}',
  )
  expect(line).toBe('13:52:01 delivered \u001b[2mgenerationId=gen_1 durationMs=5\u001b[22m')
})

test('what needs attention is coloured, and what is no log line stays as it is', () => {
  expect(readableLine('{"level":"warn","time":"2026-11-20T13:52:01.123Z","msg":"careful"}')).toBe(
    '\u001b[33m13:52:01 careful\u001b[39m',
  )
  expect(readableLine('not json')).toBe('not json')
})
