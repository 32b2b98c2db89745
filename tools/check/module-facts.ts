import { createRequire } from 'node:module'

export interface ImportFact {
  specifier: string
  line: number
  /** Erased before running: `import type` and `export type`. */
  isType: boolean
  /** `import()` that runs later, so it cannot close a cycle at start. */
  isDynamic: boolean
}

export interface UseFact {
  kind: 'environment' | 'outgoing' | 'sql'
  line: number
  /** The expression, for the message. */
  text: string
}

export interface ModuleFacts {
  imports: ImportFact[]
  uses: UseFact[]
}

interface Node {
  type: string
  start: number
  end: number
  [key: string]: unknown
}

interface ImportStatement {
  start: number
  end: number
  moduleRequest: { value: string }
}

interface Parsed {
  program: Node
  errors: { message: string }[]
  module: {
    staticImports: ImportStatement[]
    staticExports: { start: number; entries: { moduleRequest: { value: string } | null }[] }[]
    dynamicImports: { start: number; moduleRequest: { start: number; end: number } }[]
  }
}

// Vite brings a TypeScript parser; the compiler itself has none to offer since version 7.
const studioRequire = createRequire(new URL('../../studio/package.json', import.meta.url))
const { parseSync } = (await import(studioRequire.resolve('vite'))) as {
  parseSync(name: string, text: string): Parsed
}

/**
 * What a module imports, and what it does that only some rooms may do.
 *
 * @throws when the text cannot be parsed
 */
export function readModuleFacts(file: string, text: string): ModuleFacts {
  const parsed = parseSync(file, text)
  if (parsed.errors[0]) throw new Error(`${file}: ${parsed.errors[0].message}`)
  const lineOf = lineCounter(text)
  return { imports: readImports(parsed, text, lineOf), uses: readUses(parsed.program, text, lineOf) }
}

function readImports(parsed: Parsed, text: string, lineOf: (at: number) => number): ImportFact[] {
  const { staticImports, staticExports, dynamicImports } = parsed.module
  const isErased = (start: number) => /^(import|export)\s+type\b/.test(text.slice(start, start + 20))
  const fact = (specifier: string, start: number, isDynamic = false): ImportFact => ({
    specifier,
    line: lineOf(start),
    isType: isErased(start),
    isDynamic,
  })
  const reexports = staticExports.flatMap((statement) => {
    const from = statement.entries.find((entry) => entry.moduleRequest)?.moduleRequest
    return from ? [fact(from.value, statement.start)] : []
  })
  const dynamic = dynamicImports.flatMap((each) => {
    const literal = /^['"](.*)['"]$/.exec(text.slice(each.moduleRequest.start, each.moduleRequest.end))
    return literal?.[1] ? [fact(literal[1], each.start, true)] : []
  })
  return [
    ...staticImports.map((each) => fact(each.moduleRequest.value, each.start)),
    ...reexports,
    ...dynamic,
  ]
}

function readUses(program: Node, text: string, lineOf: (at: number) => number): UseFact[] {
  const uses: UseFact[] = []
  const add = (kind: UseFact['kind'], node: Node) => {
    const shown = text.slice(node.start, node.end).replace(/\s+/g, ' ').slice(0, 60)
    uses.push({ kind, line: lineOf(node.start), text: shown })
  }
  visit(program, (node) => {
    if (node.type === 'MemberExpression' && isMember(node, 'process', 'env')) add('environment', node)
    if (node.type === 'CallExpression' || node.type === 'NewExpression') {
      const callee = node['callee'] as Node
      if (isOutgoing(callee)) add('outgoing', node)
      if (isQueryBuilder(callee)) add('sql', node)
    }
    if (isSql(node)) add('sql', node)
  })
  return uses
}

const outgoingMembers = [
  ['globalThis', 'fetch'],
  ['undici', 'fetch'],
  ['undici', 'request'],
  ['http', 'request'],
  ['http', 'get'],
  ['https', 'request'],
  ['https', 'get'],
  ['net', 'connect'],
  ['net', 'createConnection'],
  ['tls', 'connect'],
] as const

function isOutgoing(callee: Node): boolean {
  if (callee.type === 'Identifier') return callee['name'] === 'fetch' || callee['name'] === 'WebSocket'
  return outgoingMembers.some(([object, property]) => isMember(callee, object, property))
}

function isQueryBuilder(callee: Node): boolean {
  if (callee.type !== 'MemberExpression') return false
  const name = (callee['property'] as Node)['name']
  return typeof name === 'string' && ['selectFrom', 'insertInto', 'updateTable', 'deleteFrom'].includes(name)
}

const sqlText =
  /^\s*(select\s[\s\S]*\sfrom\s|select\s+[a-z_]+\s*\(|insert\s+into\s|update\s+[a-z_.]+\s+set\s|delete\s+from\s+[a-z_.]+(\s+(as|where|using|returning)\s|\s*;?\s*$)|with\s+(recursive\s+)?[a-z_]+\s+as\s*\(|(create|alter|drop)\s+(table|database|index|function|role|type)\s)/

function isSql(node: Node): boolean {
  if (node.type === 'TaggedTemplateExpression') return (node['tag'] as Node)['name'] === 'sql'
  const text = textOf(node)
  if (text === null) return false
  // Keywords in one case: a sentence such as "Select one from the list" is not SQL.
  return sqlText.test(/^\s*[A-Z]{4,}\s/.test(text) ? text.toLowerCase() : text)
}

function textOf(node: Node): string | null {
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : null
  if (node.type !== 'TemplateLiteral') return null
  const parts = node['quasis'] as { value: { cooked: string | null } }[]
  return parts.map((part) => part.value.cooked ?? '').join('x')
}

function isMember(node: Node, object: string, property: string): boolean {
  if (node.type !== 'MemberExpression') return false
  const left = node['object'] as Node
  const right = node['property'] as Node
  return left.type === 'Identifier' && left['name'] === object && right['name'] === property
}

function visit(node: Node, look: (node: Node) => void): void {
  look(node)
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child && typeof child === 'object' && typeof (child as Node).type === 'string')
        visit(child as Node, look)
    }
  }
}

function lineCounter(text: string): (at: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (at) => {
    let line = 0
    while (line < starts.length && (starts[line] ?? 0) <= at) line += 1
    return line
  }
}
