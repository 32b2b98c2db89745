import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildStudio } from './studio-build.ts'

let root: string
let said: string[]
const say = (line: string) => said.push(line)

/** A build tool that copies the one source file, or fails when that says so. */
const tool = `
  import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
  const out = process.argv[process.argv.indexOf('--outDir') + 1]
  const text = readFileSync('src/page.ts', 'utf8')
  if (text.includes('broken')) { console.error('page.ts is broken'); process.exit(1) }
  mkdirSync(out + '/assets', { recursive: true })
  writeFileSync(out + '/index.html', text)
  writeFileSync(out + '/assets/' + text.trim() + '.js', text)`

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'backlot studio '))
  said = []
})

afterEach(() => rm(root, { recursive: true, force: true }))

async function write(name: string, text: string): Promise<void> {
  const file = path.join(root, name)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, text)
}

async function haveSources(): Promise<void> {
  await write('studio/package.json', '{"type":"module"}')
  await write('studio/index.html', '<html>')
  await write('studio/src/page.ts', 'first')
  await write('studio/node_modules/vite/package.json', '{"name":"vite","type":"module"}')
  await write('studio/node_modules/vite/bin/vite.js', tool)
}

const dist = (name: string) => readFile(path.join(root, 'studio', 'dist', name), 'utf8')

describe('building the studio', () => {
  test('builds once, and again when a source changed', async () => {
    await haveSources()
    expect(await buildStudio(root, say)).toBe('built')
    expect(await dist('index.html')).toBe('first')
    expect(await buildStudio(root, say)).toBe('current')
    expect(said).toHaveLength(1)
    await write('studio/src/page.ts', 'second')
    expect(await buildStudio(root, say)).toBe('built')
    expect(await dist('index.html')).toBe('second')
    // A server that read the page before still finds what it names.
    expect((await readdir(path.join(root, 'studio', 'dist', 'assets'))).sort()).toEqual([
      'first.js',
      'second.js',
    ])
    expect((await readdir(path.join(root, 'studio'))).filter((name) => name.startsWith('dist'))).toEqual([
      'dist',
    ])
  })

  test('a removed source counts as a change, a test does not', async () => {
    await haveSources()
    await write('studio/src/other.ts', 'x')
    await buildStudio(root, say)
    await write('studio/src/page.test.ts', 'x')
    expect(await buildStudio(root, say)).toBe('current')
    await rm(path.join(root, 'studio/src/other.ts'))
    expect(await buildStudio(root, say)).toBe('built')
  })

  test('an older build stays when a new one fails; without one it is said in one sentence', async () => {
    await haveSources()
    await write('studio/src/page.ts', 'broken')
    await expect(buildStudio(root, say)).rejects.toMatchObject({
      code: 'studio_build_failed',
      message: 'The studio could not be built: page.ts is broken',
    })
    await write('studio/src/page.ts', 'good')
    await buildStudio(root, say)
    await write('studio/src/page.ts', 'broken again')
    expect(await buildStudio(root, say)).toBe('stale')
    expect(await dist('index.html')).toBe('good')
  })

  test('two at once both end with a whole build', async () => {
    await haveSources()
    expect(await Promise.all([buildStudio(root, say), buildStudio(root, say)])).toEqual(['built', 'built'])
    expect(await dist('assets/first.js')).toBe('first')
    expect(await buildStudio(root, say)).toBe('current')
  })

  test('has nothing to do where only the build is shipped', async () => {
    await write('studio/dist/index.html', 'shipped')
    expect(await buildStudio(root, say)).toBe('current')
    expect(said).toEqual([])
  })
})
