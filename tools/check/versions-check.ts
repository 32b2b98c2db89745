import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Check } from './check.ts'

interface Manifest {
  workspaces?: string[]
  scripts?: Record<string, string>
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  overrides?: Record<string, unknown>
}

const installScripts = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish']

/** Every dependency is one exact version, and installing runs nothing. */
export const versionsCheck: Check = {
  name: 'exact versions',
  async run(repository) {
    const root = await readManifest(repository, '.')
    const folders = ['.', ...(root.workspaces ?? [])]
    const manifests = await Promise.all(folders.map((folder) => readManifest(repository, folder)))
    return {
      summary: `${folders.length} package.json files`,
      faults: manifests.flatMap((manifest, index) =>
        manifestFaults(path.posix.join(folders[index] ?? '.', 'package.json'), manifest),
      ),
    }
  },
}

export function manifestFaults(file: string, manifest: Manifest): string[] {
  const dependencies = [
    ...Object.entries(manifest.dependencies ?? {}),
    ...Object.entries(manifest.devDependencies ?? {}),
    ...Object.entries(manifest.optionalDependencies ?? {}),
    ...Object.entries(manifest.overrides ?? {}),
  ]
  const loose = dependencies
    .filter(([, version]) => typeof version !== 'string' || !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${file}: ${name} is "${JSON.stringify(version)}", not one exact version`)
  const running = installScripts
    .filter((script) => manifest.scripts?.[script] !== undefined)
    .map((script) => `${file}: the script "${script}" would run at installation`)
  return [...loose, ...running]
}

async function readManifest(repository: string, folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(path.join(repository, folder, 'package.json'), 'utf8')) as Manifest
}
