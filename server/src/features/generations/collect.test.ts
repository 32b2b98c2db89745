import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createWorkFolder } from '../../media/index.ts'
import { sweepCollects } from './collect.ts'

test('a video in the clear that a killed collect left goes at the next start; one under way stays', async () => {
  const workDirectory = await mkdtemp(path.join(tmpdir(), 'backlot-collect-'))
  try {
    const now = new Date()
    const left = path.join(workDirectory, 'collect-ffffffff-1-00000000-dead')
    await mkdir(left)
    await writeFile(path.join(left, 'output'), 'a video in the clear')
    const longAgo = new Date(now.getTime() - 86_400_000)
    await utimes(left, longAgo, longAgo)
    const living = await createWorkFolder(workDirectory, 'collect')
    expect(await sweepCollects({ workDirectory }, now)).toBe(1)
    expect(await readdir(workDirectory)).toEqual([path.basename(living)])
  } finally {
    await rm(workDirectory, { recursive: true, force: true })
  }
})
