import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isLeftBehind, ownerMark } from '../platform/left-behind.ts'

/** Makes an empty folder for one job, readable by this user only; its name says whose it is. */
export async function createWorkFolder(workDirectory: string, prefix: string): Promise<string> {
  const folder = join(workDirectory, `${prefix}-${ownerMark}-${randomBytes(6).toString('hex')}`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** Deletes a job's folder; a folder that is gone is fine. */
export async function removeWorkFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 })
}

/** Deletes the folders that dead processes left. @returns how many */
export async function sweepWorkFolders(workDirectory: string, prefix: string, now: Date): Promise<number> {
  let swept = 0
  for (const name of await readdir(workDirectory).catch(() => [])) {
    if (!name.startsWith(`${prefix}-`)) continue
    const folder = join(workDirectory, name)
    const changedAt = () =>
      stat(folder).then(
        (entry) => entry.mtime,
        () => null,
      )
    if (!(await isLeftBehind(name.slice(prefix.length + 1), now, changedAt))) continue
    await removeWorkFolder(folder)
    swept += 1
  }
  return swept
}
