import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Check } from './check.ts'
import { judgeLicence, type LicenceVerdict, type PackageLicence } from './licences.ts'
import { packageName, readLockfile } from './lockfile-check.ts'

/** Every package that the lockfile names, on this platform or another, has a licence that we can live with. */
export const licencesCheck: Check = {
  name: 'licences',
  async run(repository) {
    const verdicts = await readLicences(repository)
    const excepted = verdicts.filter((each) => each.reason !== null).length
    return {
      summary: `${verdicts.length} packages, ${excepted} of them by exception`,
      faults: verdicts
        .filter((each) => !each.isAccepted)
        .map(
          (each) =>
            `${each.name} ${each.version}: ${each.licence} is not on the list (tools/check/licences.ts)`,
        ),
    }
  },
}

/** The table of all dependencies, by name. */
export async function readLicences(repository: string): Promise<LicenceVerdict[]> {
  const lockfile = await readLockfile(repository)
  const entries = Object.entries(lockfile.packages).filter(
    ([key, entry]) => key.includes('node_modules/') && !entry.link,
  )
  const found = await Promise.all(
    entries.map(async ([key, entry]): Promise<PackageLicence> => {
      const installed = await readInstalled(path.join(repository, key))
      return {
        name: packageName(key),
        version: entry.version ?? '',
        stated: installed ?? entry.license ?? null,
      }
    }),
  )
  const unique = new Map(found.map((each) => [`${each.name}@${each.version}`, each]))
  return [...unique.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map(judgeLicence)
}

export function formatLicences(verdicts: readonly LicenceVerdict[]): string {
  return verdicts
    .map((each) => `${each.name} ${each.version}\t${each.licence}${each.reason ? `\t${each.reason}` : ''}`)
    .join('\n')
}

interface LicenceFields {
  license?: string | { type?: string }
  licenses?: { type?: string }[]
}

/** Packages of other platforms are not installed; then the lockfile's copy of the field has to do. */
async function readInstalled(folder: string): Promise<string | null> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => null)
  if (text === null) return null
  const { license, licenses } = JSON.parse(text) as LicenceFields
  if (typeof license === 'string') return license
  if (license?.type) return license.type
  const types = (licenses ?? []).flatMap((each) => (each.type ? [each.type] : []))
  return types.length > 0 ? types.join(' OR ') : null
}
