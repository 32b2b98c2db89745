import { spawn } from 'node:child_process'
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
      ...(run.isSerial ? ['--no-file-parallelism'] : []),
      ...run.filters,
    ],
    { cwd: repository, stdio: 'inherit', env: { ...process.env, ...run.environment } },
  )
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code))
  })
}
