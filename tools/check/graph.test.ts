import fc from 'fast-check'
import { expect, test } from 'vitest'
import { confinementFaults } from './confinement-check.ts'
import { findCycles } from './cycles-check.ts'
import { resolveImport } from './import-graph.ts'

const known =
  (...files: string[]) =>
  (file: string) =>
    files.includes(file)

test('imports are resolved as the program resolves them', () => {
  expect(resolveImport('server/src/main.ts', '@backlot/contract', known())).toBe('contract/src/index.ts')
  expect(resolveImport('server/src/a/b.ts', '../c.ts', known('server/src/c.ts'))).toBe('server/src/c.ts')
  expect(resolveImport('studio/src/app/a.tsx', '../ui/b', known('studio/src/ui/b.tsx'))).toBe(
    'studio/src/ui/b.tsx',
  )
  expect(resolveImport('studio/src/app/a.tsx', './x.svg?raw', known())).toBe('studio/src/app/x.svg')
  expect(resolveImport('server/src/main.ts', 'hono', known())).toBeNull()
  expect(resolveImport('server/src/main.ts', 'node:fs', known())).toBeNull()
})

test('a cycle is shown as the path around', () => {
  const needs = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['a']],
    ['d', []],
  ])
  expect(findCycles(needs)).toEqual([['a', 'b', 'c']])
  expect(findCycles(new Map([['a', ['a']]]))).toEqual([['a']])
})

test('a cycle is found exactly where there is one', () => {
  const edges = fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 14 })
  fc.assert(
    fc.property(edges, (pairs) => {
      const needs = new Map<string, string[]>()
      for (let node = 0; node < 8; node += 1) needs.set(String(node), [])
      for (const [from, to] of pairs) needs.get(String(from))?.push(String(to))
      expect(findCycles(needs).length > 0).toBe(canReturn(needs))
    }),
  )
})

/** The same question asked another way: can some node reach itself? */
function canReturn(needs: Map<string, string[]>): boolean {
  return [...needs.keys()].some((start) => {
    const reached = new Set<string>()
    const open = [...(needs.get(start) ?? [])]
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (reached.has(node)) continue
      reached.add(node)
      open.push(...(needs.get(node) ?? []))
    }
    return reached.has(start)
  })
}

test('packages and uses are held to their rooms', () => {
  const module = { edges: [], uses: [], packages: [{ name: 'better-auth/adapters', line: 3 }] }
  const at = (path: string) => confinementFaults({ ...module, path })
  expect(at('server/src/features/accounts/sign-in.ts')).toEqual([])
  expect(at('server/src/features/credits/ledger.ts')).toEqual([
    expect.stringMatching(/^server\/src\/features\/credits\/ledger\.ts:3 imports better-auth/),
  ])
  const use = { kind: 'environment' as const, line: 7, text: 'process.env.PORT' }
  const faults = confinementFaults({ path: 'server/src/main.ts', packages: [], uses: [use] })
  expect(faults).toEqual([expect.stringMatching(/main\.ts:7 process\.env\.PORT/)])
})
