import { accessSync, constants, mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { temporaryCacheFolder, unpackBrowser } from './browser-unpack.ts'

/** Where a system package or an image usually puts it. */
const installedPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

export type BrowserSource = 'chosen' | 'npm' | 'installed'

export interface BrowserCandidate {
  source: BrowserSource
  name: string
  resolve(): Promise<{ executablePath: string; environment?: Record<string, string> }>
}

export interface LaunchedBrowser {
  browser: Browser
  source: BrowserSource
  executablePath: string
}

/**
 * A real, headless Chromium on any machine: the one of `BACKLOT_TEST_BROWSER` when that is set, else the one that
 * came with `npm ci` (linux-x64), else one that is installed. Close it when done.
 *
 * @throws with one sentence that says what was tried and what to do when none of them starts
 */
export async function launchBrowser(): Promise<Browser> {
  return (await launchBrowserFrom(browserCandidates())).browser
}

/** Like `launchBrowser`, for callers that want to say which one they use. */
export async function launchBrowserFrom(candidates: readonly BrowserCandidate[]): Promise<LaunchedBrowser> {
  const reasons: string[] = []
  for (const candidate of candidates) {
    try {
      const { executablePath, environment } = await candidate.resolve()
      const browser = await chromium.launch({
        executablePath,
        env: { ...processEnvironment(), ...environment },
        // So that a screenshot depends on the page and not on the machine's fonts settings.
        args: ['--font-render-hinting=none', '--disable-lcd-text'],
        timeout: 60_000,
      })
      return { browser, source: candidate.source, executablePath }
    } catch (error) {
      reasons.push(`${candidate.name}: ${firstTelling(error)}`)
    }
  }
  throw new Error(
    `No Chromium could be started (${reasons.join('; ') || 'none was found'}). Install one (Debian: apt-get install chromium) or name its path in BACKLOT_TEST_BROWSER.`,
  )
}

/** What would be tried, in order. */
export function browserCandidates(chosen = process.env['BACKLOT_TEST_BROWSER']): BrowserCandidate[] {
  // Someone who chose one wants to know when it does not work.
  if (chosen) return [installed('chosen', chosen)]
  return [
    { source: 'npm', name: 'npm package', resolve: async () => unpackBrowser(cacheFolder()) },
    ...installedPaths.filter(isExecutable).map((file) => installed('installed', file)),
  ]
}

function installed(source: BrowserSource, file: string): BrowserCandidate {
  return { source, name: file, resolve: async () => ({ executablePath: file }) }
}

/** Beside the tests, or in the temporary folder where the checkout cannot be written. */
function cacheFolder(): string {
  const folder = path.join(import.meta.dirname, '.cache')
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
    return folder
  } catch {
    mkdirSync(temporaryCacheFolder, { recursive: true, mode: 0o700 })
    // Its name can be guessed, so somebody else may have put a program there.
    if (process.getuid && statSync(temporaryCacheFolder).uid !== process.getuid()) {
      throw new Error(`${temporaryCacheFolder} belongs to another user`)
    }
    return temporaryCacheFolder
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function processEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

/** Playwright's message is a page long; the line that names the cause is what a person needs. */
function firstTelling(error: unknown): string {
  const lines = String(error instanceof Error ? error.message : error)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length > 0)
  return (
    lines.find((line) => /error while loading|cannot open shared|not found|ENOENT|EACCES/i.test(line)) ??
    lines[0] ??
    'unknown reason'
  )
}
