import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'

/** One call of vitest. */
export interface Run {
  projects: string[]
  /** Parts of paths; none means all files of the projects. */
  filters: string[]
  environment: Record<string, string>
  /** Browsers and whole servers share two cores badly. */
  isSerial: boolean
}

/** What the JSON reporter of vitest writes, as far as it is read here. */
export interface Report {
  numPassedTests: number
  numFailedTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

export interface Tally {
  passed: number
  failed: number
}

const projectNames = ['rules', 'services', 'e2e', 'long']

/**
 * The calls of vitest that make up `npm test` or `npm run test:long`. Long runs are the long journeys, and the tests
 * that look harder when BACKLOT_LONG is set (they name it, so they are found by it).
 */
export async function runsFor(repository: string, isLong: boolean, words: readonly string[]): Promise<Run[]> {
  const wanted = words.filter((word) => projectNames.includes(word))
  const filters = words.filter((word) => !projectNames.includes(word))
  const take = (projects: string[]) => projects.filter((name) => wanted.length === 0 || wanted.includes(name))
  const plain = { filters, environment: {}, isSerial: false }
  const runs: Run[] = isLong
    ? [
        {
          ...plain,
          projects: take(['rules', 'services']),
          filters: filters.length > 0 ? filters : await filesThatNameLong(repository),
          environment: { BACKLOT_LONG: '1' },
        },
        { ...plain, projects: take(['long']), environment: { BACKLOT_LONG: '1' }, isSerial: true },
      ]
    : [
        { ...plain, projects: take(['rules', 'services']) },
        { ...plain, projects: take(['e2e']), isSerial: true },
      ]
  return runs.filter(
    (run) => run.projects.length > 0 && !(isLong && !run.isSerial && run.filters.length === 0),
  )
}

async function filesThatNameLong(repository: string): Promise<string[]> {
  const found: string[] = []
  for await (const file of glob('{contract,server,studio,client}/{src,test}/**/*.test.{ts,tsx}', {
    cwd: repository,
  })) {
    const text = await readFile(path.join(repository, file), 'utf8')
    if (text.includes('BACKLOT_LONG')) found.push(file)
  }
  return found.sort()
}

/**
 * What a run came to. A file that could not be loaded, an error outside of any test, or a run that left no report
 * each count as one failure, so that nothing broken is ever summed up as passed.
 *
 * @param code exit code of vitest
 */
export function tally(report: Report | null, code: number | null): Tally {
  if (!report) return { passed: 0, failed: 1 }
  const unloadable = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((each) => each.status === 'failed'),
  ).length
  const failed = report.numFailedTests + unloadable
  return { passed: report.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed }
}

export function formatTally(total: Tally): string {
  return `${total.passed} passed, ${total.failed} failed`
}
