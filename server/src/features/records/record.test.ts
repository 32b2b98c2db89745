import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type ChainedRecord,
  type ChainHead,
  chain,
  commitTo,
  faultOf,
  genesis,
  type RecordBody,
} from './record.ts'

const body = fc.record({
  id: fc.integer({ min: 1 }),
  kind: fc.constantFrom('generation.accepted', 'generation.delivered'),
  accountId: fc.string(),
  subjectId: fc.string(),
  at: fc.date({ min: new Date('2020-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
  facts: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))),
  content: fc.constant(null),
})

function chainAll(bodies: readonly RecordBody[]): ChainedRecord[] {
  let head: ChainHead = genesis
  return bodies.map((one) => {
    const entry = chain(head, one)
    head = entry
    return entry
  })
}

function firstFault(entries: readonly ChainedRecord[]) {
  let head: ChainHead = genesis
  for (const entry of entries) {
    const fault = faultOf(head, entry)
    if (fault) return fault
    head = entry
  }
  return null
}

test('a chain that was left alone has no fault, in whatever order the facts come', () => {
  fc.assert(
    fc.property(fc.array(body, { maxLength: 8 }), (bodies) => {
      const entries = chainAll(bodies)
      const reordered = entries.map((entry) => ({
        ...entry,
        facts: Object.fromEntries(Object.entries(entry.facts).reverse()),
      }))
      expect(firstFault(reordered)).toBeNull()
    }),
  )
})

test('any removed, swapped or changed entry is found, and named', () => {
  fc.assert(
    fc.property(fc.array(body, { minLength: 3, maxLength: 8 }), fc.nat(), (bodies, seed) => {
      const entries = chainAll(bodies)
      const at = seed % (entries.length - 1)
      const entry = entries[at] as ChainedRecord
      expect(firstFault(entries.toSpliced(at, 1))).toMatchObject({ code: 'sequence_gap', sequence: at + 1 })
      expect(firstFault(entries.with(at, { ...entry, kind: 'generation.ended' }))).toMatchObject({
        code: 'hash_mismatch',
        sequence: at + 1,
      })
      const forged = chain(at === 0 ? genesis : (entries[at - 1] as ChainedRecord), {
        ...entry,
        subjectId: 'gen_x',
      })
      if (!forged.hash.equals(entry.hash)) {
        expect(firstFault(entries.with(at, forged))).toMatchObject({
          code: 'previous_hash_mismatch',
          sequence: at + 2,
        })
      }
    }),
  )
})

test('a commitment binds the text and hides it without its salt', () => {
  const salt = Buffer.alloc(32, 1)
  expect(commitTo(salt, 'a red fox').equals(commitTo(salt, 'a red fox'))).toBe(true)
  expect(commitTo(salt, 'a red fox').equals(commitTo(salt, 'a red fax'))).toBe(false)
  expect(commitTo(salt, 'a red fox').equals(commitTo(Buffer.alloc(32, 2), 'a red fox'))).toBe(false)
})
