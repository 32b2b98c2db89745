import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  path: string
  text: string
}

const workspaces = ['contract', 'server', 'studio', 'client', 'e2e', 'bench', 'tools']
const skipped = new Set([
  'node_modules',
  'dist',
  'data',
  'coverage',
  '.cache',
  '__fixtures__',
  'screenshots',
  'out',
])

/** The TypeScript and JavaScript of every workspace, in a stable order. Works in a checkout without git, too. */
export async function readSourceFiles(repository: string): Promise<SourceFile[]> {
  const paths = (await Promise.all(workspaces.map((folder) => walk(repository, folder)))).flat().sort()
  return Promise.all(
    paths.map(async (file) => ({ path: file, text: await readFile(path.join(repository, file), 'utf8') })),
  )
}

async function walk(repository: string, folder: string): Promise<string[]> {
  const entries = await readdir(path.join(repository, folder), { withFileTypes: true }).catch(() => [])
  const nested = entries.map((entry) => {
    const file = `${folder}/${entry.name}`
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : walk(repository, file)
    return /\.(ts|tsx|mts|js|mjs)$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [file] : []
  })
  return (await Promise.all(nested)).flat()
}

/** Tests and what only tests use: they may look into rooms that the program may not. */
export function isTest(file: string): boolean {
  return (
    /\.test\.tsx?$/.test(file) ||
    /(^|\/)(test|__tests__)\//.test(file) ||
    /(^|\/)test-[a-z-]+\.ts$/.test(file) ||
    /-(suite|fixtures)\.ts$/.test(file)
  )
}
