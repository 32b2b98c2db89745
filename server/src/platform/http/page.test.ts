import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutPage } from './page.ts'

test('pages one after the other are the whole list, each row once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }), (count, limit) => {
      const all = Array.from({ length: count }, (_, index) => String(index + 100))
      const seen: string[] = []
      let after: string | null = null
      let pages = 0
      do {
        const rest: string[] = all.filter((row) => after === null || row > after)
        const page = cutPage(rest.slice(0, limit + 1), limit, (row) => row)
        seen.push(...page.shown)
        after = page.next
        pages += 1
      } while (after !== null)
      expect(seen).toEqual(all)
      // An empty page is only ever the first: nobody is sent on to find nothing.
      expect(pages).toBe(Math.max(1, Math.ceil(count / limit)))
    }),
  )
})
