import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

// A job's folder names the process that owns it, so that the next start knows what a killed server left
// behind. The token tells two lives of the same process id apart: in a container the server is always pid 1.
const processToken = randomBytes(4).toString('hex')
const hostToken = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
const foreignAgeMsMax = 6 * 60 * 60_000

/** Makes an empty folder for one job, readable by this user only. */
export async function createWorkFolder(workDirectory: string, prefix: string): Promise<string> {
  const name = `${prefix}-${hostToken}-${process.pid}-${processToken}-${randomBytes(6).toString('hex')}`
  const folder = join(workDirectory, name)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** Deletes a job's folder; a folder that is gone is fine. */
export async function removeWorkFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 })
}

/**
 * Deletes the folders that dead processes left: at once when the owner ran on this machine and is gone, after six
 * hours when it ran elsewhere (a shared disk) and cannot be asked.
 *
 * @returns how many folders were deleted
 */
export async function sweepWorkFolders(workDirectory: string, prefix: string, now: Date): Promise<number> {
  let swept = 0
  for (const name of await readdir(workDirectory).catch(() => [])) {
    if (!name.startsWith(`${prefix}-`)) continue
    const [host, pid, token] = name.slice(prefix.length + 1).split('-')
    const folder = join(workDirectory, name)
    const isOurs = host === hostToken && token === processToken
    if (isOurs) continue
    if (host === hostToken && !isAlive(Number(pid))) {
      await removeWorkFolder(folder)
      swept += 1
      continue
    }
    const changedAt = await stat(folder)
      .then((entry) => entry.mtimeMs)
      .catch(() => now.getTime())
    if (now.getTime() - changedAt > foreignAgeMsMax) {
      await removeWorkFolder(folder)
      swept += 1
    }
  }
  return swept
}

function isAlive(pid: number): boolean {
  // Our own number with another token is a former life of this process.
  if (pid === process.pid || !Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
