import { expect, test } from 'vitest'
import { breakLines, captionFont, withoutPictographs } from './captions.ts'
import { sheet } from './pen.ts'

test.each([
  ['English', 'A boat, “golden” sea – 50 % & more…', false],
  ['Polish', 'Zażółć gęślą jaźń', false],
  ['Russian', 'Старый поезд едет через горы', false],
  ['Greek', 'Καράβι στη θάλασσα', false],
  ['Arabic', 'حصان يركض في الصحراء', true],
  ['Chinese', '水下珊瑚礁中的鱼群和一条鲸鱼', false],
  ['Japanese', '雪の森を歩く狐、静かな夜', false],
  ['Korean', '벚꽃 아래 춤추는 소녀', false],
])('%s has a font', (_, text, isRightToLeft) => {
  expect(captionFont(text)).toMatchObject({ isRightToLeft })
})

test('a caption with one character that no font has is left out whole', () => {
  expect(captionFont('ཤེས་རབ')).toBeUndefined()
  expect(captionFont('a boat \u{10450}')).toBeUndefined()
  expect(captionFont('')).toBeUndefined()
})

test('pictographs are dropped, not drawn as boxes', () => {
  expect(withoutPictographs('a dog 🐕‍🦺 runs ❤️ 🇫🇷 3 times')).toBe('a dog runs 3 times')
})

test('lines stay within the width and the number of lines', () => {
  const { pen } = sheet(10, 10)
  const font = captionFont('words 水下珊')
  pen.font = `20px ${font?.families}`
  for (const text of [
    'several words that go on and on for a while',
    '水下珊瑚礁中的鱼群和一条鲸鱼'.repeat(4),
    'x'.repeat(200),
  ]) {
    const lines = breakLines(pen, text, 160, 2)
    expect(lines.length).toBeLessThanOrEqual(2)
    expect(lines.at(-1)?.endsWith('…')).toBe(true)
    for (const line of lines) expect(pen.measureText(line).width).toBeLessThanOrEqual(160)
  }
  expect(breakLines(pen, 'short', 160, 2)).toEqual(['short'])
})
