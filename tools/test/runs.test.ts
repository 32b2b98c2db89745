import path from 'node:path'
import { expect, test } from 'vitest'
import { formatTally, type Report, runsFor, tally } from './runs.ts'

const repository = path.join(import.meta.dirname, '..', '..')

const report = (passed: number, failed: number, files: Report['testResults'] = []): Report => ({
  numPassedTests: passed,
  numFailedTests: failed,
  testResults: files,
})

test('passed and failed tests are counted', () => {
  expect(tally(report(3, 0), 0)).toEqual({ passed: 3, failed: 0 })
  expect(tally(report(3, 2), 1)).toEqual({ passed: 3, failed: 2 })
})

test('a file that could not be loaded is a failure', () => {
  const files = [{ status: 'failed', assertionResults: [] }]
  expect(tally(report(3, 0, files), 1)).toEqual({ passed: 3, failed: 1 })
})

test('a file whose tests failed is not counted twice', () => {
  const files = [{ status: 'failed', assertionResults: [{ status: 'failed' }] }]
  expect(tally(report(3, 1, files), 1)).toEqual({ passed: 3, failed: 1 })
})

test('an end without a report, or a bad end without a failed test, is a failure', () => {
  expect(tally(null, null)).toEqual({ passed: 0, failed: 1 })
  expect(tally(report(3, 0), 1)).toEqual({ passed: 3, failed: 1 })
})

test('the last line has the form that machines read', () => {
  expect(formatTally({ passed: 12, failed: 0 })).toBe('12 passed, 0 failed')
})

test('words narrow a run to projects and files', async () => {
  expect((await runsFor(repository, false, [])).map((run) => run.projects)).toEqual([
    ['rules', 'services'],
    ['e2e'],
  ])
  expect(await runsFor(repository, false, ['rules', 'credits'])).toMatchObject([
    { projects: ['rules'], filters: ['credits'] },
  ])
  const long = await runsFor(repository, true, ['long'])
  expect(long).toMatchObject([{ projects: ['long'], environment: { BACKLOT_LONG: '1' }, isSerial: true }])
})
