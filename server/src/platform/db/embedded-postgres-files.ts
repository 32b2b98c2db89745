import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { StartupError } from '../startup-error.ts'
import { blockedAncestor, type UnprivilegedUser } from '../unprivileged-user.ts'

/**
 * The folder of one embedded PostgreSQL:
 *
 *     data/            what initdb made
 *     connection.json  port and password, readable by its owner only
 *     postgres.log     what the server says; never statements nor values
 */
export interface Folder {
  directory: string
  data: string
  connectionFile: string
  logFile: string
}

export interface Connection {
  port: number
  user: string
  password: string
  database: string
}

export function folderAt(directory: string): Folder {
  const absolute = path.resolve(directory)
  return {
    directory: absolute,
    data: path.join(absolute, 'data'),
    connectionFile: path.join(absolute, 'connection.json'),
    logFile: path.join(absolute, 'postgres.log'),
  }
}

export function connectionUrl(connection: Connection, database = connection.database): string {
  const { user, password, port } = connection
  return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
}

// Linux leads from here to the working directory without looking at the directories above it, and a process gets its
// working directory before it gives up root. So PostgreSQL, which may not run as root, works in a folder whose parents
// (ours is closed to others, a home or temporary directory often too) its user cannot enter.
const ownWorkingDirectory = '/proc/self/cwd'

/**
 * Makes the folder and gives it to the user that PostgreSQL runs as.
 *
 * @returns how that user names its data directory, which is its working directory
 * @throws StartupError where that user cannot reach it
 */
export async function prepareFolder(folder: Folder, user: UnprivilegedUser | undefined): Promise<string> {
  await mkdir(folder.directory, { recursive: true, mode: 0o700 })
  await chmod(folder.directory, 0o700)
  if (!user) return folder.data
  await chown(folder.directory, user.uid, user.gid)
  const blocked = await blockedAncestor(folder.directory, user)
  if (blocked === undefined) return folder.data
  if (process.platform === 'linux' && (await stat(ownWorkingDirectory).catch(() => undefined)))
    return ownWorkingDirectory
  const parent = path.dirname(folder.directory)
  if (blocked === parent) {
    // Our own data directory: let the group of that user pass, and nobody else.
    const { uid, mode } = await stat(parent)
    await chown(parent, uid, user.gid)
    await chmod(parent, (mode & 0o7777) | 0o010)
    return folder.data
  }
  throw new StartupError(
    'postgres_folder_unreachable',
    `PostgreSQL cannot run as root, and the user "${user.name}" that it runs as cannot enter ${blocked}; choose another BACKLOT_DATA_DIR, or set DATABASE_URL.`,
  )
}

/** Whether the server that calls its data directory so is the one of this folder. */
export function isDataOf(folder: Folder, dataDirectory: string): boolean {
  // Its random password, which only this folder has, was accepted already.
  return dataDirectory === ownWorkingDirectory || path.resolve(dataDirectory) === folder.data
}

/** Port and password as stored; undefined when there are none or they cannot be read. */
export async function readConnection(folder: Folder): Promise<Connection | undefined> {
  try {
    const found = JSON.parse(await readFile(folder.connectionFile, 'utf8')) as Partial<Connection>
    if (
      typeof found.port === 'number' &&
      typeof found.user === 'string' &&
      typeof found.password === 'string' &&
      typeof found.database === 'string'
    )
      return found as Connection
  } catch {}
  return undefined
}

export async function writeConnection(folder: Folder, connection: Connection): Promise<void> {
  await writePrivately(folder.connectionFile, `${JSON.stringify(connection, null, 2)}\n`)
}

/** Writes a file whole or not at all, readable by its owner only. */
export async function writePrivately(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString('hex')}`
  await writeFile(temporary, text, { mode: 0o600, flush: true })
  await rename(temporary, file)
}

/** Removes what interrupted starts left: half-made databases and half-written files. */
export async function removeLeftovers(folder: Folder): Promise<void> {
  for (const name of await readdir(folder.directory)) {
    if (/^(initializing|connection\.json|password)\.[0-9a-f]{8}$/.test(name))
      await rm(path.join(folder.directory, name), { recursive: true, force: true })
  }
}

export interface PostmasterFile {
  pid: number
  port: number
}

export async function readPostmasterFile(folder: Folder): Promise<PostmasterFile | undefined> {
  const text = await readFile(path.join(folder.data, 'postmaster.pid'), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const lines = text.split('\n')
  return { pid: Math.abs(Number.parseInt(lines[0] ?? '', 10)), port: Number.parseInt(lines[3] ?? '', 10) }
}

export async function removePostmasterFile(folder: Folder): Promise<void> {
  await rm(path.join(folder.data, 'postmaster.pid'), { force: true })
}

/** Checks that the data directory, where there is one, is whole and of our version. False when there is none yet. */
export async function checkData(folder: Folder, major: number): Promise<boolean> {
  const found = await stat(folder.data).catch(() => undefined)
  if (!found) return false
  const text = await readFile(path.join(folder.data, 'PG_VERSION'), 'utf8').catch(() => undefined)
  const version = Number.parseInt(text ?? '', 10)
  const control = await stat(path.join(folder.data, 'global', 'pg_control')).catch(() => undefined)
  if (!Number.isSafeInteger(version) || !control) {
    throw new StartupError(
      'postgres_data_corrupt',
      `The database in ${folder.data} is damaged (it lacks ${control ? 'PG_VERSION' : 'global/pg_control'}); restore it from a backup, or move it away to start empty.`,
    )
  }
  if (version !== major) {
    throw new StartupError(
      'postgres_version',
      `The database in ${folder.data} was made by PostgreSQL ${version}, and this Backlot brings PostgreSQL ${major}; start the Backlot that made it and export, or set DATABASE_URL.`,
    )
  }
  return true
}
