import { createHash, randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { isRunning } from './running-process.ts'

// The token tells two lives of one process number apart: in a container it is always 1.
const life = randomBytes(4).toString('hex')
const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
const foreignAgeMsMax = 6 * 60 * 60_000

/**
 * Three words, joined by dashes, that say which life of which process a file or folder belongs to. They stand in its
 * name, so that a start removes what a killed process has left and nothing that another one is working on.
 */
export const ownerMark = `${host}-${process.pid}-${life}`

/**
 * Whether nobody works any more on what carries this mark: its process ran on this machine and has ended. One on another
 * machine (a shared disk) cannot be asked; no work takes six hours without a change.
 *
 * @param mark       `ownerMark` of whoever made it; anything may follow
 * @param changedAt  asked only where the owner cannot be; null when it is gone
 */
export async function isLeftBehind(
  mark: string,
  now: Date,
  changedAt: () => Promise<Date | null>,
): Promise<boolean> {
  const [ownerHost, pid, ownerLife] = mark.split('-')
  if (ownerHost === host) {
    if (ownerLife === life) return false
    // Our own number with another token is a former life of this process.
    if (Number(pid) === process.pid || !isRunning(Number(pid))) return true
  }
  const at = await changedAt()
  return at !== null && now.getTime() - at.getTime() > foreignAgeMsMax
}
