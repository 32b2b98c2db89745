import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import type { Run } from './runs.ts'

/** Runs vitest to its end, its words on our terminal, its report in a file. @returns its exit code */
export function runVitest(repository: string, run: Run, reportFile: string): Promise<number | null> {
  const child = spawn(
    process.execPath,
    [
      path.join(repository, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      ...run.projects.flatMap((name) => ['--project', name]),
      '--passWithNoTests',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportFile}`,
      // Most of them wait for a database or a child process; vitest alone would keep a core of two for itself.
      run.isSerial ? '--no-file-parallelism' : `--maxWorkers=${Math.max(2, availableParallelism() - 1)}`,
      ...run.filters,
    ],
    { cwd: repository, stdio: 'inherit', env: { ...process.env, ...run.environment } },
  )
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code))
  })
}
