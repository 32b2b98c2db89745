import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import { StartupError } from '../platform/startup-error.ts'

const buildTimeoutMs = 5 * 60_000
const stampName = '.sources'
const oldFilesKeptMs = 86_400_000

/**
 * Builds the web app when its sources differ from those that the present build was made of. Where only the build is
 * shipped there is nothing to do.
 *
 * @param say told in one line before a build begins
 * @returns whether a build was made; `stale` when one was due and could not be, while an older one is there
 * @throws StartupError when there is no build and none can be made
 */
export async function buildStudio(
  repositoryRoot: string,
  say: (line: string) => void,
): Promise<'current' | 'built' | 'stale'> {
  const studio = path.join(repositoryRoot, 'studio')
  const dist = path.join(studio, 'dist')
  if (!existsSync(path.join(studio, 'src')) || !existsSync(path.join(studio, 'index.html'))) return 'current'
  const stamp = await sourcesStamp(repositoryRoot)
  const built = await readFile(path.join(dist, stampName), 'utf8').catch(() => undefined)
  if (built === stamp) return 'current'

  say('Building the studio (once, some seconds) …')
  const temporary = `${dist}.${randomBytes(4).toString('hex')}`
  try {
    const manifest = createRequire(path.join(studio, 'package.json')).resolve('vite/package.json')
    await promisify(execFile)(
      process.execPath,
      [
        path.join(path.dirname(manifest), 'bin', 'vite.js'),
        ...[
          'build',
          '--outDir',
          temporary,
          '--emptyOutDir',
          '--logLevel',
          'error',
          '--configLoader',
          'native',
        ],
      ],
      { cwd: studio, timeout: buildTimeoutMs, maxBuffer: 16 * 1024 * 1024 },
    )
    await writeFile(path.join(temporary, stampName), stamp)
    await replace(dist, temporary)
    return 'built'
  } catch (cause) {
    if (existsSync(path.join(dist, 'index.html'))) return 'stale'
    const stderr = String((cause as { stderr?: unknown }).stderr ?? '').trim()
    throw new StartupError(
      'studio_build_failed',
      `The studio could not be built: ${stderr.split('\n')[0] || (cause as Error).message}`,
      { cause },
    )
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/**
 * Moves the new files in, the page that names them last, and removes what has been unused for a day. Another server
 * that is reading the folder just now finds every file that its page names.
 */
async function replace(dist: string, temporary: string): Promise<void> {
  const files = (await filesIn(temporary)).map((file) => path.relative(temporary, file))
  const last = new Set(['index.html', stampName])
  for (const file of [...files.filter((each) => !last.has(each)), ...last]) {
    await mkdir(path.dirname(path.join(dist, file)), { recursive: true })
    await rename(path.join(temporary, file), path.join(dist, file))
  }
  const present = new Set(files)
  for (const file of await filesIn(dist)) {
    if (present.has(path.relative(dist, file))) continue
    const found = await stat(file).catch(() => undefined)
    if (found && Date.now() - found.mtimeMs > oldFilesKeptMs) await rm(file, { force: true })
  }
}

/** Names, sizes and times of all that the build reads: cheap, and a deleted file counts too. */
async function sourcesStamp(repositoryRoot: string): Promise<string> {
  const hash = createHash('sha256')
  for (const place of [
    'studio/src',
    'studio/public',
    'studio/index.html',
    'studio/vite.config.ts',
    'studio/package.json',
    'contract/src',
    'package-lock.json',
  ]) {
    for (const file of await filesIn(path.join(repositoryRoot, place))) {
      const { size, mtimeMs } = await stat(file)
      hash.update(`${path.relative(repositoryRoot, file)}\0${size}\0${mtimeMs}\n`)
    }
  }
  return hash.digest('hex')
}

async function filesIn(place: string): Promise<string[]> {
  const found = await stat(place).catch(() => undefined)
  if (!found) return []
  if (found.isFile()) return [place]
  const entries = await readdir(place, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
}
