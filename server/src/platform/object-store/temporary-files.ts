import { createHash, randomBytes } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'

// A temporary file names its writer, so that a start removes what a killed process left and nothing that another one
// is writing at this moment. The token tells two lives of one process number apart (in a container it is always 1).
const hostToken = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
const lifeToken = randomBytes(4).toString('hex')
const foreignAgeMsMax = 6 * 60 * 60_000

export function temporaryName(): string {
  return `${hostToken}-${process.pid}-${lifeToken}-${randomBytes(8).toString('hex')}`
}

/** @returns how many files of dead writers were removed */
export async function sweepTemporaryFiles(directory: string, now: Date): Promise<number> {
  let removed = 0
  for (const name of await readdir(directory)) {
    const file = path.join(directory, name)
    if (!(await isStale(file, name, now))) continue
    await rm(file, { force: true, recursive: true })
    removed += 1
  }
  return removed
}

async function isStale(file: string, name: string, now: Date): Promise<boolean> {
  const [host, pid, life] = name.split('-')
  if (host === hostToken && life === lifeToken) return false
  if (host === hostToken && !isAlive(Number(pid))) return true
  const entry = await stat(file).catch(() => null)
  // A writer on another machine (a shared disk) cannot be asked; no write takes six hours without one byte.
  return entry !== null && now.getTime() - entry.mtimeMs > foreignAgeMsMax
}

function isAlive(pid: number): boolean {
  // Our own number with another token is a former life of this process.
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
