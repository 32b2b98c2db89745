// npm test and npm run test:long. Words after the command narrow the run: projects by name, files by a part of their path.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { formatTally, type Report, type Run, runsFor, tally } from './test/runs.ts'
import { runVitest } from './test/vitest.ts'

const repository = path.join(import.meta.dirname, '..')
const isLong = process.argv.includes('--long')
const words = process.argv.slice(2).filter((word) => !word.startsWith('--'))

const folder = await mkdtemp(path.join(tmpdir(), 'backlot-tests-'))
const tallies: { passed: number; failed: number }[] = []
try {
  for (const run of await runsFor(repository, isLong, words)) tallies.push(await perform(run, tallies.length))
} finally {
  await rm(folder, { recursive: true, force: true })
}
const total = {
  passed: tallies.reduce((sum, each) => sum + each.passed, 0),
  failed: tallies.reduce((sum, each) => sum + each.failed, 0),
}
// No test at all is no success, unless somebody asked for a part that has none.
process.exitCode = total.failed > 0 || (total.passed === 0 && words.length === 0) ? 1 : 0
console.log(formatTally(total))

async function perform(run: Run, place: number): Promise<{ passed: number; failed: number }> {
  const reportFile = path.join(folder, `${place}.json`)
  const code = await runVitest(repository, run, reportFile)
  const report = await readFile(reportFile, 'utf8').then(
    (text) => JSON.parse(text) as Report,
    () => null,
  )
  return tally(report, code)
}
