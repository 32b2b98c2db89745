import type { Generation, Page } from '@backlot/contract'
import { expect, test } from 'vitest'
import { withGeneration } from './generation-cache.ts'

const named = (id: string, prompt = id) => ({ id, prompt }) as Generation
const pages = (...lists: string[][]) => ({
  pages: lists.map(
    (ids, index): Page<Generation> => ({
      data: ids.map((id) => named(id)),
      next: index < lists.length - 1 ? `after-${ids.at(-1)}` : null,
    }),
  ),
  pageParams: lists.map(() => null),
})
const idsOf = (result: { pages: Page<Generation>[] }) =>
  result.pages.map((page) => page.data.map((each) => each.id))

test('a known generation is replaced where it stands', () => {
  const result = withGeneration(pages(['gen_5', 'gen_4'], ['gen_3']), named('gen_3', 'new words'))
  expect(idsOf(result)).toEqual([['gen_5', 'gen_4'], ['gen_3']])
  expect(result.pages[1]?.data[0]?.prompt).toBe('new words')
})

test('a new generation goes on top', () => {
  expect(idsOf(withGeneration(pages(['gen_5', 'gen_4'], ['gen_3']), named('gen_6')))).toEqual([
    ['gen_6', 'gen_5', 'gen_4'],
    ['gen_3'],
  ])
})

test('one that another tab made a moment earlier finds its place', () => {
  expect(idsOf(withGeneration(pages(['gen_6', 'gen_4'], ['gen_3']), named('gen_5')))).toEqual([
    ['gen_6', 'gen_5', 'gen_4'],
    ['gen_3'],
  ])
})

test('one from a page that is not loaded changes nothing', () => {
  const before = { ...pages(['gen_6', 'gen_5'], ['gen_4']) }
  expect(idsOf(withGeneration(before, named('gen_2')))).toEqual([['gen_6', 'gen_5'], ['gen_4']])
})

test('the first generation of an empty library appears', () => {
  expect(idsOf(withGeneration(pages([]), named('gen_1')))).toEqual([['gen_1']])
})
