import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestClip } from './test-clips.ts'
import { createWorkFolder, sweepWorkFolders } from './work-folders.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-child-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  // An orphan whose adopter never asks for its end stays in the table as a zombie: dead, only still listed.
  if (process.platform !== 'linux') return true
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

async function until(claim: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!claim() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20))
}

test('a child that spins in a tight loop is killed at its wall time', async () => {
  const child = startTestClip({ output: 'unused', fault: 'spin' }, { folder, wallMsMax: 400 })
  await expect(child.result).rejects.toMatchObject({ code: 'media_timeout' })
  expect(isAlive(child.pid)).toBe(false)
})

test('a child that takes too much memory is killed', async () => {
  const child = startTestClip(
    { output: 'unused', fault: 'memory' },
    { folder, memoryBytesMax: 300 * 1024 ** 2 },
  )
  await expect(child.result).rejects.toMatchObject({
    code: 'media_failed',
    detail: expect.stringContaining('memory'),
  })
  expect(isAlive(child.pid)).toBe(false)
})

test('a child that writes too much is killed', async () => {
  const own = await mkdtemp(join(folder, 'flood-'))
  const child = startTestClip(
    { output: 'unused', fault: 'disk' },
    { folder: own, outputBytesMax: 20 * 1024 ** 2 },
  )
  await expect(child.result).rejects.toMatchObject({
    code: 'media_failed',
    detail: expect.stringContaining('wrote'),
  })
  expect(isAlive(child.pid)).toBe(false)
})

test('an encoder that is collected before the child ends does not take the child down', async () => {
  const output = join(folder, 'collected.mp4')
  const child = startTestClip({ output, frames: 12, collectsGarbage: true }, { folder })
  expect(await child.result).toEqual({ frames: 12 })
})

test('an abort ends the child and rejects with the reason', async () => {
  const abort = new AbortController()
  const child = startTestClip({ output: 'unused', fault: 'sleep' }, { folder, signal: abort.signal })
  abort.abort(new Error('no longer wanted'))
  await expect(child.result).rejects.toThrow('no longer wanted')
  expect(isAlive(child.pid)).toBe(false)
})

test.skipIf(process.platform === 'win32')('a killed parent leaves neither child nor folder', async () => {
  const own = join(folder, 'orphan')
  await mkdir(own)
  const module = fileURLToPath(new URL('./test-clips.ts', import.meta.url))
  const program = `
    import { startTestClip } from ${JSON.stringify(module)}
    const child = startTestClip({ output: 'unused', fault: process.argv[1] }, { folder: ${JSON.stringify(own)} })
    child.result.catch(() => undefined)
    console.log(child.pid)
  `
  for (const fault of ['sleep', 'spin']) {
    await mkdir(own, { recursive: true })
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program, fault], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const pid = await new Promise<number>((resolve) => {
      parent.stdout.once('data', (text: Buffer) => resolve(Number(text.toString().trim())))
    })
    expect(isAlive(pid)).toBe(true)
    parent.kill('SIGKILL')
    await until(() => !isAlive(pid) && !existsSync(own))
    expect(isAlive(pid)).toBe(false)
    // The child that never received its order cannot know the folder; the sweep below is for that.
    await rm(own, { recursive: true, force: true })
  }
})

test('a sweep deletes folders of dead owners and leaves the living alone', async () => {
  const work = join(folder, 'sweep')
  const mine = await createWorkFolder(work, 'media')
  const name = mine.slice(work.length + 1).split('-')
  const dead = ['media', name[1], '4194304', 'deadbeef', 'aaaa'].join('-')
  const formerSelf = ['media', name[1], String(process.pid), 'deadbeef', 'bbbb'].join('-')
  const elsewhere = ['media', '00000000', '1', 'deadbeef', 'cccc'].join('-')
  for (const folderName of [dead, formerSelf, elsewhere]) await mkdir(join(work, folderName))
  expect(await sweepWorkFolders(work, 'media', new Date())).toBe(2)
  expect((await readdir(work)).sort()).toEqual([elsewhere, name.join('-')].sort())
  expect(await sweepWorkFolders(work, 'media', new Date(Date.now() + 7 * 3600_000))).toBe(1)
  expect(await readdir(work)).toEqual([name.join('-')])
})
