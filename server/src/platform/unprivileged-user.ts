import { readFile, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

export interface UnprivilegedUser {
  name: string
  uid: number
  gid: number
}

/**
 * PostgreSQL refuses to run as root. Where we are root, this is the existing user that it runs as; no user is ever
 * created on the host. Undefined when we are not root, null when we are and no such user exists.
 */
export async function postgresUser(): Promise<UnprivilegedUser | null | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => ''))
    .split('\n')
    .map((line) => line.split(':'))
  for (const name of ['postgres', 'nobody']) {
    const line = lines.find((fields) => fields[0] === name)
    const uid = Number(line?.[2])
    const gid = Number(line?.[3])
    if (line && uid > 0 && gid > 0) return { name, uid, gid }
  }
  return null
}

/** Whether the user of this process has a name; PostgreSQL will not start without one. */
export function hasUserName(): boolean {
  try {
    return os.userInfo().username !== ''
  } catch {
    return false
  }
}

/**
 * The first directory on the way to `target` that `user` may not enter, `target` itself not counted; undefined when
 * all are open. Directories that do not exist yet are passed over.
 */
export async function blockedAncestor(target: string, user: UnprivilegedUser): Promise<string | undefined> {
  const ancestors: string[] = []
  for (let at = path.dirname(path.resolve(target)); ; at = path.dirname(at)) {
    ancestors.unshift(at)
    if (at === path.dirname(at)) break
  }
  for (const directory of ancestors) {
    const found = await stat(directory).catch(() => undefined)
    if (!found) return undefined
    const bit = found.uid === user.uid ? 0o100 : found.gid === user.gid ? 0o010 : 0o001
    if ((found.mode & bit) === 0) return directory
  }
  return undefined
}
