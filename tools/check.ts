// npm run check: what neither the compiler nor the linter sees. `--list` prints the licences of all dependencies.
import path from 'node:path'
import type { Check } from './check/check.ts'
import { confinementCheck } from './check/confinement-check.ts'
import { cyclesCheck } from './check/cycles-check.ts'
import { directionsCheck } from './check/directions-check.ts'
import { generatedCheck } from './check/generated-check.ts'
import { formatLicences, licencesCheck, readLicences } from './check/licences-check.ts'
import { lockfileCheck } from './check/lockfile-check.ts'
import { versionsCheck } from './check/versions-check.ts'

const checks: readonly Check[] = [
  directionsCheck,
  cyclesCheck,
  confinementCheck,
  lockfileCheck,
  versionsCheck,
  licencesCheck,
  generatedCheck,
]

const repository = path.join(import.meta.dirname, '..')

async function runAll(): Promise<number> {
  let failed = 0
  for (const check of checks) {
    const { summary, faults } = await check.run(repository).catch((error: unknown) => ({
      summary: '',
      faults: [error instanceof Error ? error.message : String(error)],
    }))
    if (faults.length > 0) failed += 1
    console.log(
      faults.length === 0 ? `ok      ${check.name}: ${summary}` : `FAULT   ${check.name}: ${faults.length}`,
    )
    for (const fault of faults) console.log(`        ${fault}`)
  }
  return failed
}

if (process.argv.includes('--list')) console.log(formatLicences(await readLicences(repository)))
else process.exitCode = (await runAll()) === 0 ? 0 : 1
