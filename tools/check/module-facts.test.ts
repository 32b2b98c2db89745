import { expect, test } from 'vitest'
import { readModuleFacts } from './module-facts.ts'

const importsOf = (text: string) => readModuleFacts('a.ts', text).imports
const usesOf = (text: string) => readModuleFacts('a.ts', text).uses.map((use) => use.kind)

test('every way to import is seen, and what is erased is told apart', () => {
  const text = [
    "import a from './a.ts'",
    "import type { B } from './b.ts'",
    "import { type C } from './c.ts'",
    "export { d } from './d.ts'",
    "export * from './e.ts'",
    "export type { F } from './f.ts'",
    "import './g.css'",
    "const h = await import('./h.ts')",
  ].join('\n')
  expect(importsOf(text).sort((x, y) => x.line - y.line)).toEqual([
    { specifier: './a.ts', line: 1, isType: false, isDynamic: false },
    { specifier: './b.ts', line: 2, isType: true, isDynamic: false },
    // Only its names are erased; the module itself still runs.
    { specifier: './c.ts', line: 3, isType: false, isDynamic: false },
    { specifier: './d.ts', line: 4, isType: false, isDynamic: false },
    { specifier: './e.ts', line: 5, isType: false, isDynamic: false },
    { specifier: './f.ts', line: 6, isType: true, isDynamic: false },
    { specifier: './g.css', line: 7, isType: false, isDynamic: false },
    { specifier: './h.ts', line: 8, isType: false, isDynamic: true },
  ])
})

test('an import in a comment or a string is none', () => {
  expect(importsOf("// import a from './a.ts'\nconst text = \"import b from './b.ts'\"")).toEqual([])
})

test.each([
  ['db.query("select id from accounts")', ['sql']],
  ['db.query(`insert into accounts (id) values ($1)`)', ['sql']],
  ['db.query(`\n  with open as (select 1) select * from open`)', ['sql']],
  ['db.query("SELECT * FROM accounts")', ['sql']],
  ['db.query("select credits_hold($1)")', ['sql']],
  ['builder.selectFrom(table)', ['sql']],
  ['say("Select one from the list")', []],
  ['say("update your password")', []],
  ['say("delete from the library")', []],
  ['db.query("delete from assets where id = $1")', ['sql']],
])('SQL is seen in %s', (text, expected) => {
  expect(usesOf(text)).toEqual(expected)
})

test.each([
  ['fetch("https://example.org")', ['outgoing']],
  ['http.request(options)', ['outgoing']],
  ['new WebSocket(url)', ['outgoing']],
  ['app.fetch(request)', []],
  ['outbound.request(url)', []],
  ['const port = process.env.PORT', ['environment']],
  ["const { PORT } = process['env']", []],
  ['import.meta.env.MODE', []],
])('reaching outside is seen in %s', (text, expected) => {
  expect(usesOf(text)).toEqual(expected)
})

test('what cannot be parsed is an error that names the file', () => {
  expect(() => readModuleFacts('broken.ts', 'const = 1')).toThrow(/broken\.ts/)
})
