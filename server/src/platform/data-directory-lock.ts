import { randomBytes } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { isRunning, processBirth, waitUntil } from './running-process.ts'

/** A server keeps the directory for as long as it runs; a command for the seconds that it needs. */
export type HolderKind = 'server' | 'command'

export interface Holder {
  pid: number
  kind: HolderKind
}

interface LockContent extends Holder {
  birth: string
  host: string
  /** Tells two locks of one process apart. */
  nonce: string
}

export interface DirectoryLock {
  release(): Promise<void>
}

/**
 * Takes the directory for this process. While a command holds it, waits `waitMs` for it to end; a server is not
 * waited for. A lock whose process has gone, also one whose number now belongs to another process, is taken over.
 *
 * @returns the lock, or who holds it
 */
export async function lockDirectory(
  directory: string,
  kind: HolderKind,
  waitMs: number,
): Promise<{ lock: DirectoryLock } | { holder: Holder }> {
  const file = path.join(directory, 'lock.json')
  const content: LockContent = {
    pid: process.pid,
    kind,
    birth: processBirth(process.pid),
    host: os.hostname(),
    nonce: randomBytes(8).toString('hex'),
  }
  const text = JSON.stringify(content)
  let holder: Holder | undefined
  await waitUntil(async () => {
    holder = await tryOnce(file, text)
    return holder === undefined || holder.kind === 'server'
  }, waitMs)
  if (holder) return { holder }
  return {
    lock: {
      async release() {
        if ((await readFile(file, 'utf8').catch(() => '')) === text) await rm(file, { force: true })
      },
    },
  }
}

/** The live holder, or undefined when the lock is ours now. */
async function tryOnce(file: string, text: string): Promise<Holder | undefined> {
  // Linked into place whole, so that nobody ever reads half a lock.
  const temporary = `${file}.${randomBytes(4).toString('hex')}`
  await writeFile(temporary, text, { mode: 0o600 })
  try {
    for (let tried = 0; tried < 10; tried += 1) {
      try {
        await link(temporary, file)
        return undefined
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      const found = await readFile(file, 'utf8').catch(() => undefined)
      if (found === undefined) continue
      const holder = liveHolder(found)
      if (holder) return holder
      await removeStale(file, found)
    }
    return { pid: 0, kind: 'command' }
  } finally {
    await rm(temporary, { force: true })
  }
}

function liveHolder(text: string): Holder | undefined {
  try {
    const found = JSON.parse(text) as LockContent
    // In a container of another name the number says nothing: that container is gone or shares no processes.
    if (found.host !== os.hostname() || !isRunning(found.pid)) return undefined
    if (found.birth !== processBirth(found.pid)) return undefined
    return { pid: found.pid, kind: found.kind }
  } catch {
    return undefined
  }
}

/** Removes the lock that was read and no other: what was moved away by mistake is put back. */
async function removeStale(file: string, expected: string): Promise<void> {
  const aside = `${file}.${randomBytes(4).toString('hex')}`
  try {
    await rename(file, aside)
  } catch {
    return
  }
  if ((await readFile(aside, 'utf8')) !== expected) await link(aside, file).catch(() => undefined)
  await rm(aside, { force: true })
}
