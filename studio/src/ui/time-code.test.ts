import fc from 'fast-check'
import { expect, test } from 'vitest'
import { frameAt, lastFrame, middleOfFrame, timeCode } from './time-code.ts'

test('a time code counts frames within the second', () => {
  expect(timeCode(0, 24)).toBe('00:00:00')
  expect(timeCode(3.5, 24)).toBe('00:03:12')
  expect(timeCode(61, 30)).toBe('01:01:00')
  expect(timeCode(3600, 25)).toBe('01:00:00:00')
})

test('seeking to the middle of a frame shows that frame', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 20_000 }),
      fc.constantFrom(23.976, 24, 25, 29.97, 30, 60),
      (frame, rate) => frameAt(middleOfFrame(frame, rate), rate) === frame,
    ),
  )
})

test('every frame has its own code', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 20_000 }),
      fc.constantFrom(23.976, 24, 25, 29.97, 30),
      (frame, rate) =>
        timeCode(middleOfFrame(frame, rate), rate) !== timeCode(middleOfFrame(frame + 1, rate), rate),
    ),
  )
})

test('the last frame lies inside the medium', () => {
  expect(lastFrame(4, 24)).toBe(95)
  expect(lastFrame(0, 24)).toBe(0)
})
