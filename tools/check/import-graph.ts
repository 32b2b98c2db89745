import path from 'node:path'
import { type ModuleFacts, readModuleFacts } from './module-facts.ts'
import { readSourceFiles } from './source-files.ts'

/** The packages of this repository by name. */
const aliases: Record<string, string> = {
  '@backlot/contract': 'contract/src/index.ts',
  '@backlot/client': 'client/src/index.ts',
}

export interface ImportEdge {
  to: string
  line: number
  isType: boolean
  isDynamic: boolean
}

export interface GraphModule {
  path: string
  /** What it imports of ours. */
  edges: ImportEdge[]
  /** What it imports of others, by specifier. */
  packages: { name: string; line: number }[]
  uses: ModuleFacts['uses']
}

/**
 * Where an import of ours leads, from the root of the repository; `null` for a package of others.
 *
 * @param exists whether a file of that path is known
 */
export function resolveImport(
  from: string,
  specifier: string,
  exists: (file: string) => boolean,
): string | null {
  const alias = Object.keys(aliases).find((name) => specifier === name || specifier.startsWith(`${name}/`))
  if (alias) {
    return specifier === alias
      ? (aliases[alias] ?? null)
      : `${alias.replace('@backlot/', '')}/${specifier.slice(alias.length + 1)}`
  }
  if (!specifier.startsWith('.')) return null
  const target = path.posix.join(path.posix.dirname(from), specifier.replace(/\?.*$/, ''))
  const guesses = ['', '.ts', '.tsx', '/index.ts'].map((ending) => target + ending)
  return guesses.find(exists) ?? target
}

let reading: { repository: string; graph: Promise<GraphModule[]> } | undefined

/** The modules of the repository with their imports; read once for all checks. */
export function readImportGraph(repository: string): Promise<GraphModule[]> {
  if (reading?.repository !== repository) reading = { repository, graph: build(repository) }
  return reading.graph
}

async function build(repository: string): Promise<GraphModule[]> {
  const files = await readSourceFiles(repository)
  const known = new Set(files.map((file) => file.path))
  return files.map((file) =>
    toModule(file.path, readModuleFacts(file.path, file.text), (each) => known.has(each)),
  )
}

function toModule(file: string, facts: ModuleFacts, exists: (file: string) => boolean): GraphModule {
  const module: GraphModule = { path: file, edges: [], packages: [], uses: facts.uses }
  for (const { specifier, line, isType, isDynamic } of facts.imports) {
    const to = resolveImport(file, specifier, exists)
    if (to === null) module.packages.push({ name: specifier, line })
    else module.edges.push({ to, line, isType, isDynamic })
  }
  return module
}
