import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Whether a process with this id runs. A zombie (dead, never collected by its parent, as containers without an init
 * keep them) does not run; one that belongs to somebody else does.
 */
export function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return statFields(pid)?.[0] !== 'Z'
}

/**
 * Something that stays the same while a process lives and differs when its id is used again; empty where the
 * system does not tell.
 */
export function processBirth(pid: number): string {
  const ticks = statFields(pid)?.[19]
  return ticks === undefined ? '' : ticks
}

/** The command line of a process, words joined by spaces; empty when it is gone or the system does not tell. */
export function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    if (process.platform === 'darwin')
      return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], {
        encoding: 'utf8',
        timeout: 5000,
      }).trim()
  } catch {}
  return ''
}

/** Processes whose working directory is this one. Linux only; elsewhere nobody is found. */
export function processesIn(directory: string): number[] {
  if (process.platform !== 'linux') return []
  const real = realPathOf(directory)
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === real && isRunning(pid)
      } catch {
        return false
      }
    })
}

function realPathOf(directory: string): string {
  try {
    return realpathSync(directory)
  } catch {
    return directory
  }
}

/** Asks every 20 ms until `condition` holds; false when it did not within `timeoutMs`. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    if (await condition()) return true
    if (Date.now() >= deadline) return false
    await delay(20)
  }
}

/** Fields of /proc/PID/stat from the state on; the name before it may hold spaces and brackets. */
function statFields(pid: number): string[] | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
