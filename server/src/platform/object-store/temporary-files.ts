import { randomBytes } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { isLeftBehind, ownerMark } from '../left-behind.ts'

/** The name of a file that is being written; it says by whom. */
export function temporaryName(): string {
  return `${ownerMark}-${randomBytes(8).toString('hex')}`
}

/** @returns how many files of dead writers were removed */
export async function sweepTemporaryFiles(directory: string, now: Date): Promise<number> {
  let removed = 0
  for (const name of await readdir(directory)) {
    const file = path.join(directory, name)
    const changedAt = () =>
      stat(file).then(
        (entry) => entry.mtime,
        () => null,
      )
    if (!(await isLeftBehind(name, now, changedAt))) continue
    await rm(file, { force: true, recursive: true })
    removed += 1
  }
  return removed
}
