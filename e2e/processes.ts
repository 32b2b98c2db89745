import { readdir, readFile, readlink } from 'node:fs/promises'
import path from 'node:path'

/** What gives a process of one server away: any of these is enough. */
export interface ProcessTraces {
  /** Value of E2E_MARK in its environment. */
  mark: string
  /** The server's data folder: on the command line, or as the working folder (so PostgreSQL's own children). */
  folder: string
  /** The process group of the server. */
  group: number
}

export interface FoundProcess {
  pid: number
  command: string
}

/**
 * The living processes of one server, found by traces rather than by parentage: what outlives its parent is the very
 * thing to find. Only where there is a /proc (Linux); elsewhere the answer is empty.
 */
export async function findProcesses(traces: ProcessTraces): Promise<FoundProcess[]> {
  const names = await readdir('/proc').catch(() => [])
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(pids.map((pid) => look(pid, traces)))
  return found.filter((each) => each !== null)
}

async function look(pid: number, traces: ProcessTraces): Promise<FoundProcess | null> {
  if (pid === process.pid) return null
  const [stat, commandLine, environment, workingFolder] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''),
    readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    readFile(`/proc/${pid}/environ`, 'utf8').catch(() => ''),
    readlink(`/proc/${pid}/cwd`).catch(() => ''),
  ])
  // The name in parentheses may hold anything, so the fields are counted after its end: state, parent, group.
  const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // A zombie has ended; only its parent has not looked yet.
  if (!state || state === 'Z' || state === 'X') return null
  const words = commandLine.split('\0').filter(Boolean)
  const belongs =
    Number(group) === traces.group ||
    environment.split('\0').includes(`E2E_MARK=${traces.mark}`) ||
    isInside(workingFolder, traces.folder) ||
    words.some((word) => isInside(word, traces.folder))
  return belongs ? { pid, command: words.join(' ').trim() } : null
}

function isInside(file: string, folder: string): boolean {
  return file === folder || file.startsWith(folder + path.sep)
}
