import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AnimaticRequest, planAnimatic } from './animatic-plan.ts'

const usual: AnimaticRequest = {
  prompt: 'A small sailing boat crossing a golden sea at sunset',
  seed: 7,
  width: 1280,
  height: 720,
  durationMs: 8000,
  frameRate: 24,
  hasReference: false,
}
const plan = (change: Partial<AnimaticRequest> = {}) => planAnimatic({ ...usual, ...change })
const names = (prompt: string) => {
  const shot = plan({ prompt }).shots[0]
  return {
    place: shot?.place,
    subjects: [...new Set(shot?.subjects.map((subject) => subject.name))],
    mood: shot?.palette.name,
  }
}

const request = fc.record({
  prompt: fc.oneof(fc.string({ maxLength: 200 }), fc.string({ unit: 'grapheme', maxLength: 200 })),
  seed: fc.nat({ max: 2 ** 32 - 1 }),
  width: fc.constantFrom(480, 720, 1280, 1920),
  height: fc.constantFrom(480, 720, 1280, 1920),
  durationMs: fc.integer({ min: 2000, max: 12_000 }),
  frameRate: fc.constant(24),
  hasReference: fc.boolean(),
})

test('the same request gives the same plan, and it survives JSON', () => {
  fc.assert(
    fc.property(request, (one) => {
      const first = planAnimatic(one)
      expect(planAnimatic(one)).toEqual(first)
      expect(JSON.parse(JSON.stringify(first))).toEqual(first)
    }),
  )
})

test('shots follow one another without gap or overlap and fill the video', () => {
  fc.assert(
    fc.property(request, (one) => {
      const { shots, frames } = planAnimatic(one)
      expect(frames).toBe(Math.round((one.durationMs / 1000) * one.frameRate))
      let next = 0
      for (const shot of shots) {
        expect(shot.startFrame).toBe(next)
        expect(shot.frames).toBeGreaterThan(0)
        next += shot.frames
      }
      expect(next).toBe(frames)
    }),
  )
})

test('another seed draws another picture of the same prompt', () => {
  const [one, two] = [plan({ seed: 1 }), plan({ seed: 2 })]
  expect(one.shots[0]?.place).toBe(two.shots[0]?.place)
  expect(one.shots[0]?.seed).not.toBe(two.shots[0]?.seed)
})

test('longer videos have more shots, and a reference is never cut away from', () => {
  const counts = [2000, 4000, 9000].map((durationMs) => plan({ durationMs }).shots.length)
  expect(counts).toEqual([1, 2, 3])
  expect(plan({ durationMs: 9000, hasReference: true }).shots).toHaveLength(1)
})

describe('prompts in many languages', () => {
  test.each([
    ['A small sailing boat crossing a golden sea at sunset', 'sea', ['boat'], 'sunset'],
    ['Ein Leuchtturm am Meer bei Sturm', 'sea', ['lighthouse'], 'storm'],
    ['Une tasse de café près de la fenêtre', 'room', ['cup'], 'interior'],
    [
      'Un dragón vuela sobre un castillo en las montañas de noche',
      'mountains',
      ['dragon', 'castle'],
      'night',
    ],
    ['Un gatto nella foresta in autunno', 'forest', ['cat'], 'autumn'],
    ['Um foguete no espaço', 'space', ['rocket'], 'cosmos'],
    ['Een paard in de woestijn', 'desert', ['horse'], 'dune'],
    ['Niedźwiedź w lesie zimą', 'forest', ['bear'], 'grove'],
    ['Старый поезд едет через горы осенью', 'mountains', ['train'], 'autumn'],
    ['حصان يركض في الصحراء عند الغروب', 'desert', ['horse'], 'sunset'],
    ['水下珊瑚礁中的鱼群', 'underwater', ['fish'], 'deep'],
    ['夜の街を走るロボット', 'city', ['robot'], 'night'],
    ['눈 덮인 산속의 오두막', 'mountains', ['house'], undefined],
  ])('%s', (prompt, place, subjects, mood) => {
    const found = names(prompt)
    expect(found.place).toBe(place)
    expect(found.subjects).toEqual(subjects)
    if (mood) expect(found.mood).toBe(mood)
  })

  test('articles and everyday words are not mistaken for things', () => {
    const everyday = 'The last of us waited a while before the end, and there was nothing to be done about it'
    expect(names(everyday).subjects).toEqual([])
  })

  test('numbers multiply what follows them', () => {
    const elephants = plan({ prompt: 'three elephants walking' }).shots[0]?.subjects
    expect(elephants?.map((subject) => subject.name)).toEqual(['elephant', 'elephant', 'elephant'])
  })
})

test('an unknown prompt gets set pieces and an almost empty one a calm empty stage', () => {
  const unknown = plan({ prompt: 'Quarterly synergy of the seventh paradox' })
  expect(unknown.shots.every((shot) => shot.place === 'stage' && shot.hasSetPieces)).toBe(true)
  const empty = plan({ prompt: ' . ' })
  expect(
    empty.shots.every((shot) => shot.place === 'stage' && !shot.hasSetPieces && shot.subjects.length === 0),
  ).toBe(true)
})

test('the caption is one line, whole where it is short', () => {
  expect(plan({ prompt: '  two\n lines\u0007 ' }).caption).toBe('two lines')
  const long = plan({ prompt: 'word '.repeat(100) }).caption
  expect([...long].length).toBeLessThanOrEqual(160)
  expect(long.endsWith('…')).toBe(true)
})
