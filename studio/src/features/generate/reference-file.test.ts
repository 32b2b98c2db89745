import { expect, test } from 'vitest'
import { referenceBytesMax, referenceFault } from './reference-file.ts'

test('an image of an accepted kind and size is fine', () => {
  expect(referenceFault({ name: 'a.png', type: 'image/png', size: 1000 })).toBeNull()
  expect(referenceFault({ name: 'a.webp', type: 'image/webp', size: referenceBytesMax })).toBeNull()
})

test('anything else is explained before it is uploaded', () => {
  expect(referenceFault({ name: 'a.gif', type: 'image/gif', size: 1000 })).toContain('a.gif is no PNG')
  expect(referenceFault({ name: 'a.png', type: 'image/png', size: referenceBytesMax + 1 })).toContain('21 MB')
  expect(referenceFault({ name: '', type: 'image/png', size: 0 })).toContain('is empty')
})
