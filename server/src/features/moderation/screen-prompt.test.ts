import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type RedLineCategory, redLineCategories } from '../policy/index.ts'
import { allTerms, lexiconVersion } from './lexicon/index.ts'
import { rules } from './rules.ts'
import { screenPrompt } from './screen-prompt.ts'

const policy = { redLines: redLineCategories }

test('only the categories of the profile are refused', () => {
  const lenient: RedLineCategory[] = ['sexual_minors', 'intimate_imagery']
  expect(screenPrompt('a naked woman', policy)).toMatchObject({
    decision: 'block',
    category: 'sexual_explicit',
  })
  expect(screenPrompt('a naked woman', { redLines: lenient }).decision).toBe('allow')
  expect(screenPrompt('a naked child', { redLines: lenient }).category).toBe('sexual_minors')
})

test('the gravest category names the decision', () => {
  expect(screenPrompt('porn with a child, sieg heil', policy)).toEqual({
    decision: 'block',
    category: 'sexual_minors',
    rule: 'minor.explicit',
    lexiconVersion,
  })
})

test('the ages of minors count, the age of a whisky does not', () => {
  for (const prompt of [
    'sexy 17 year old',
    'sexy, aged 14',
    'sexy 16yo',
    'sexy seventeen-year-old',
    '17歳 セクシー',
  ]) {
    expect(screenPrompt(prompt, policy).category, prompt).toBe('sexual_minors')
  }
  for (const prompt of ['a 12-year-old whisky, a man smiles', 'sexy 18 year old car', 'sexy, aged 114']) {
    expect(screenPrompt(prompt, policy).category, prompt).not.toBe('sexual_minors')
  }
})

test('protected names are guarded in their own spelling and in others, and only there', () => {
  const named = { redLines: redLineCategories, protectedNames: ['Élodie Marchand-Roux', '山田花子'] }
  for (const prompt of ['Elodie Marchand Roux topless', 'sexy Élodie Marchand-Roux', '山田花子の裸']) {
    expect(screenPrompt(prompt, named).category, prompt).toBe('intimate_imagery')
  }
  expect(screenPrompt('Elodie Marchand Roux reads a book', named).decision).toBe('allow')
  expect(screenPrompt('sexy Élodie Marchand-Roux', policy).decision).toBe('allow')
})

test('two words may be disguised in two ways', () => {
  expect(screenPrompt('n4ked сhild', policy).category).toBe('sexual_minors')
  expect(screenPrompt('a p.o.r.n of a t33nager', policy).category).toBe('sexual_minors')
})

test('any text whatever is judged, in the same way twice', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(screenPrompt(text, policy)).toEqual(screenPrompt(text, policy))
    }),
    { numRuns: 40 },
  )
  expect(screenPrompt('', policy).decision).toBe('allow')
  expect(screenPrompt(`${'*'.repeat(2000)}${'a*'.repeat(1000)}`, policy).decision).toBe('allow')
})

test('what surrounds a listed phrase does not hide it', () => {
  const filler = fc.stringMatching(/^[a-z ,.]{0,60}$/)
  fc.assert(
    fc.property(filler, filler, (before, after) => {
      fc.pre(!/statue|marble|bronze|museum|baroque|fresco|rodin|anatomy/.test(`${before}${after}`))
      expect(screenPrompt(`${before} hardcore sex ${after}`, policy).decision).toBe('block')
    }),
  )
})

test('the list itself: no term twice in a group of words, none that mixes scripts, every rule with its own name', () => {
  const mixed = allTerms.filter((term) =>
    term
      .split(' ')
      .some((word) => /\p{Script=Latin}/u.test(word) && /\p{Script=Cyrillic}|\p{Script=Greek}/u.test(word)),
  )
  expect(mixed).toEqual([])
  expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length)
  expect(new Set(rules.map((rule) => rule.category))).toEqual(new Set(redLineCategories))
  expect(lexiconVersion).toMatch(/^\d{4}-\d{2}-\d{2}\.[0-9a-f]{8}$/)
})
