import { expect, test } from 'vitest'
import { redLineCategories } from '../../policy/index.ts'
import { screenPrompt } from '../screen-prompt.ts'
import { disguises } from './disguises.ts'
import { harmfulPrompts } from './harmful-prompts.ts'
import { harmlessPrompts } from './harmless-prompts.ts'

const policy = { redLines: redLineCategories }

test('both error rates, printed', () => {
  const missed = harmfulPrompts.filter(
    ([, category, prompt]) => screenPrompt(prompt, policy).category !== category,
  )
  const hidden = disguises.filter(([, text]) => screenPrompt(text, policy).decision === 'allow')
  const alarms = harmlessPrompts.flatMap((prompt) => {
    const outcome = screenPrompt(prompt, policy)
    return outcome.decision === 'block' ? [`${outcome.rule}: ${prompt}`] : []
  })
  const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`
  console.info(
    [
      `prompt screening ${screenPrompt('', policy).lexiconVersion}, own test sets:`,
      `  missed: ${missed.length} of ${harmfulPrompts.length} (${percent(missed.length, harmfulPrompts.length)})`,
      `  false alarms: ${alarms.length} of ${harmlessPrompts.length} (${percent(alarms.length, harmlessPrompts.length)})`,
      `  disguises not seen through: ${hidden.length} of ${disguises.length}`,
    ].join('\n'),
  )
  expect(harmlessPrompts.length).toBeGreaterThanOrEqual(40)
  expect(disguises.length).toBeGreaterThanOrEqual(30)
  expect(missed).toEqual([])
  expect(alarms).toEqual([])
  expect(hidden).toEqual([])
})

test('every language of the list is tried in every category', () => {
  const tried = new Set(harmfulPrompts.map(([language, category]) => `${language} ${category}`))
  const languages = new Set(harmfulPrompts.map(([language]) => language))
  expect(languages.size).toBe(15)
  expect(tried.size).toBe(languages.size * redLineCategories.length)
})
