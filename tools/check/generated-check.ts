import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Check } from './check.ts'

/** Tools that write files from sources; each ends non-zero with `--check` when a file is not what it would write. */
const generators = ['tools/config-docs.ts', 'tools/openapi-docs.ts', 'tools/database-types.ts'] as const

/** What is generated and committed says what its source says. */
export const generatedCheck: Check = {
  name: 'generated documents',
  async run(repository) {
    const present = generators.filter((tool) => existsSync(path.join(repository, tool)))
    const results = await Promise.all(present.map((tool) => runGenerator(repository, tool)))
    return {
      summary: present.length > 0 ? present.map((tool) => path.basename(tool)).join(', ') : 'none yet',
      faults: results.flatMap((said, index) => (said === null ? [] : [`${present[index]} --check: ${said}`])),
    }
  },
}

function runGenerator(repository: string, tool: string): Promise<string | null> {
  const child = spawn(process.execPath, [path.join(repository, tool), '--check'], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code === 0 ? null : said.trim() || `code ${code}`))
  })
}
