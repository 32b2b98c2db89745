import { createHash, randomBytes } from 'node:crypto'
import { chmod, link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type DirectoryLock, type HolderKind, lockDirectory } from './data-directory-lock.ts'
import { StartupError } from './startup-error.ts'
import { blockedAncestor, postgresUser } from './unprivileged-user.ts'

const format = 1

/**
 * Everything that one deployment keeps on this machine:
 *
 *     backlot.json  format of this directory and which master key it belongs to
 *     lock.json     who uses it now
 *     postgres/     the embedded database
 *     objects/      sealed media
 *     keys/         master key, signing certificate
 *     work/         unfinished files; may be emptied while nothing runs
 */
export interface DataDirectory {
  readonly root: string
  readonly postgres: string
  readonly objects: string
  readonly keys: string
  readonly work: string
  readonly masterKey: Buffer
  /** Tells master keys apart without telling them. */
  readonly masterKeyId: string
  /** True when a running server holds the directory and we only work beside it. */
  readonly besideServer: boolean
  release(): Promise<void>
}

export interface DataDirectoryOptions {
  directory: string
  /** `null`: the one of the directory, made at the first start. */
  masterKey: Buffer | null
  kind: HolderKind
  /** False where the database is elsewhere: then any number of processes may share the directory. */
  exclusive: boolean
  /** How long to wait for a command that is using the directory. Default 60 s. */
  waitMs?: number
}

/**
 * Makes or opens the data directory and takes it for this process. A command beside a running server gets it too,
 * without the lock.
 *
 * @throws StartupError in one sentence: unusable, in use, not ours, damaged, newer, or another master key
 */
export async function openDataDirectory(options: DataDirectoryOptions): Promise<DataDirectory> {
  const root = path.resolve(options.directory)
  try {
    return await open(root, options)
  } catch (error) {
    if (error instanceof StartupError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    throw new StartupError(
      'data_directory_unusable',
      `The data directory ${root} cannot be used: ${reason(code) ?? message}.`,
      {
        cause: error,
      },
    )
  }
}

/**
 * Where data lives when nobody says so: `fallback`, or `/var/lib/backlot` where we are root and the user that runs
 * PostgreSQL cannot be brought into it (the launcher can on Linux).
 */
export async function defaultDataDirectory(fallback: string): Promise<string> {
  if (process.platform === 'linux') return fallback
  const user = await postgresUser()
  if (!user) return fallback
  const blocked = await blockedAncestor(fallback, user)
  return blocked === undefined ? fallback : '/var/lib/backlot'
}

export function masterKeyIdOf(masterKey: Buffer): string {
  return createHash('sha256').update('backlot master key').update(masterKey).digest('hex').slice(0, 16)
}

async function open(root: string, options: DataDirectoryOptions): Promise<DataDirectory> {
  await makeDirectory(root)
  await refuseForeign(root)
  // The group may have to pass through (see the launcher); nobody may list or read.
  await chmod(root, ((await stat(root)).mode & 0o710) | 0o700)
  const taken = options.exclusive
    ? await lockDirectory(root, options.kind, options.waitMs ?? 60_000)
    : undefined
  const lock: DirectoryLock | undefined = taken && 'lock' in taken ? taken.lock : undefined
  const holder = taken && 'holder' in taken ? taken.holder : undefined
  if (holder && (options.kind === 'server' || holder.kind === 'command')) {
    throw new StartupError(
      'data_directory_in_use',
      holder.kind === 'server'
        ? `Backlot already runs on the data directory ${root} (process ${holder.pid}); stop it first, or give this one another BACKLOT_DATA_DIR.`
        : `A backlot command (process ${holder.pid}) is using the data directory ${root}; try again when it has ended.`,
    )
  }
  try {
    await readFormat(root)
    const folder = (name: string) => path.join(root, name)
    for (const name of ['objects', 'keys', 'work']) {
      await mkdir(folder(name), { recursive: true, mode: 0o700 })
      await chmod(folder(name), 0o700)
    }
    const { masterKey, masterKeyId } = await settleMasterKey(root, options.masterKey)
    return {
      root,
      postgres: folder('postgres'),
      objects: folder('objects'),
      keys: folder('keys'),
      work: folder('work'),
      masterKey,
      masterKeyId,
      besideServer: holder !== undefined,
      release: async () => lock?.release(),
    }
  } catch (error) {
    await lock?.release()
    throw error
  }
}

/**
 * `mkdir -p`, step by step: Node's recursive one never returns where the system answers ENOENT below a directory
 * that exists, as /proc does (seen with 24.21).
 */
async function makeDirectory(directory: string): Promise<void> {
  const missing: string[] = []
  let at = directory
  while (!(await stat(at).catch(ignoreMissing))) {
    missing.unshift(at)
    at = path.dirname(at)
  }
  if (missing.length === 0 && !(await stat(directory)).isDirectory())
    throw Object.assign(new Error('not a directory'), { code: 'ENOTDIR' })
  for (const [index, each] of missing.entries()) {
    const mode = index === missing.length - 1 ? 0o700 : 0o755
    await mkdir(each, { mode }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

interface Manifest {
  format: number
  master_key_id: string
}

/** Somebody's home directory is not ours to change, nor is a Backlot directory that lost its manifest. */
async function refuseForeign(root: string): Promise<void> {
  const names = await readdir(root)
  if (names.includes('backlot.json')) return
  const ours = /^(lock\.json.*|backlot\.json\..*|postgres|objects|keys|work|lost\+found|\.gitkeep)$/
  const foreign = names.find((name) => !ours.test(name))
  if (foreign !== undefined)
    throw new StartupError(
      'data_directory_foreign',
      `The data directory ${root} holds other things (${foreign}) and is not Backlot's; give an empty or a new one.`,
    )
  if (names.includes('postgres'))
    throw new StartupError(
      'data_directory_corrupt',
      `The data directory ${root} is damaged: backlot.json is missing; restore it from a backup, or move the directory away to start empty.`,
    )
}

async function readFormat(root: string): Promise<Manifest | undefined> {
  const text = await readFile(path.join(root, 'backlot.json'), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    },
  )
  if (text === undefined) return undefined
  let found: Partial<Manifest> | null = null
  try {
    found = JSON.parse(text) as Partial<Manifest> | null
  } catch {}
  if (
    typeof found?.format !== 'number' ||
    (found.format <= format && typeof found.master_key_id !== 'string')
  )
    throw new StartupError(
      'data_directory_corrupt',
      `The data directory ${root} is damaged: backlot.json cannot be read; restore it from a backup, or move the directory away to start empty.`,
    )
  if (found.format > format)
    throw new StartupError(
      'data_directory_newer',
      `The data directory ${root} was written by a newer Backlot (format ${found.format}, this one knows ${format}); start that version, or restore an older backup.`,
    )
  return found as Manifest
}

/** The given key or the directory's own, checked against the one that the data was sealed with. */
async function settleMasterKey(
  root: string,
  given: Buffer | null,
): Promise<{ masterKey: Buffer; masterKeyId: string }> {
  const manifest = await readFormat(root)
  const file = path.join(root, 'keys', 'master.key')
  let masterKey = given ?? (await readKeyFile(file))
  if (!masterKey) {
    if (manifest)
      throw new StartupError(
        'master_key_missing',
        `The master key ${file} is missing or damaged, and what it sealed cannot be read without it; restore it from a backup, or set BACKLOT_MASTER_KEY.`,
      )
    await writeOnce(file, `${randomBytes(32).toString('base64')}\n`)
    masterKey = await readKeyFile(file)
    if (!masterKey)
      throw new StartupError(
        'master_key_missing',
        `The master key ${file} cannot be read back; remove it and start again.`,
      )
  }
  const masterKeyId = masterKeyIdOf(masterKey)
  if (!manifest) {
    const temporary = path.join(root, `backlot.json.${randomBytes(4).toString('hex')}`)
    const text = `${JSON.stringify({ format, master_key_id: masterKeyId } satisfies Manifest, null, 2)}\n`
    await writeFile(temporary, text, { mode: 0o600, flush: true })
    await rename(temporary, path.join(root, 'backlot.json'))
  } else if (manifest.master_key_id !== masterKeyId) {
    throw new StartupError(
      'master_key_wrong',
      `The master key is not the one that the data in ${root} was sealed with; give the right BACKLOT_MASTER_KEY, or restore ${file}.`,
    )
  }
  return { masterKey, masterKeyId }
}

async function readKeyFile(file: string): Promise<Buffer | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  const key = Buffer.from(text ?? '', 'base64')
  return key.length === 32 ? key : undefined
}

/** Writes a file that must never be replaced, whole or not at all; the first of several processes wins. */
async function writeOnce(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString('hex')}`
  try {
    await writeFile(temporary, text, { mode: 0o600, flush: true })
    await link(temporary, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(temporary, { force: true })
  }
}

function reason(code: string | undefined): string | undefined {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'this user may not write there'
    case 'EROFS':
      return 'it is read-only'
    case 'ENOTDIR':
    case 'EEXIST':
      return 'a file is in its place'
    case 'ENOSPC':
      return 'the disk is full'
    case 'ENOENT':
      return 'it cannot be made there'
    default:
      return undefined
  }
}
