// npm run types: the compiler over every workspace and the tools.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

const repository = path.join(import.meta.dirname, '..')
const compiler = path.join(repository, 'node_modules', 'typescript', 'bin', 'tsc')
const projects = ['contract', 'server', 'studio', 'client', 'e2e', 'e2e/long', 'bench', 'tools'].filter(
  (folder) => existsSync(path.join(repository, folder, 'tsconfig.json')),
)

interface Outcome {
  project: string
  code: number | null
  said: string
  seconds: number
}

function compile(project: string): Promise<Outcome> {
  const startedAt = performance.now()
  const child = spawn(
    process.execPath,
    [compiler, '--noEmit', '--pretty', 'false', '-p', path.join(repository, project)],
    { cwd: repository, stdio: ['ignore', 'pipe', 'pipe'], timeout: 300_000 },
  )
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      resolve({ project, code, said: said.trim(), seconds: (performance.now() - startedAt) / 1000 })
    })
  })
}

let failed = 0
for (const project of projects) {
  const { code, said, seconds } = await compile(project)
  // A workspace that has no sources yet is not wrong.
  const isEmpty = said.includes('error TS18003')
  const isGood = code === 0 || isEmpty
  if (!isGood) failed += 1
  const note = isEmpty ? 'no sources' : `${seconds.toFixed(1)} s`
  console.log(`${isGood ? 'ok      ' : 'FAULT   '}${project}: ${note}`)
  if (!isGood) console.log(said)
}
console.log(
  failed === 0
    ? `${projects.length} projects are sound`
    : `${failed} of ${projects.length} projects have errors`,
)
process.exitCode = failed === 0 ? 0 : 1
