// For the tests of this room and its neighbours only.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild } from './child-runner.ts'
import type { TestClip } from './test-clip-child.ts'

export type { TestClip } from './test-clip-child.ts'

const entry = fileURLToPath(new URL('./test-clip-child.ts', import.meta.url))

/** Starts a child that draws a clip, or that misbehaves as told. */
export function startTestClip(
  clip: Partial<TestClip> & { output: string },
  bounds: {
    folder: string
    wallMsMax?: number
    memoryBytesMax?: number
    outputBytesMax?: number
    signal?: AbortSignal
  },
) {
  return startChild<TestClip, { frames: number }>({
    entry,
    job: { width: 320, height: 180, frames: 24, frameRate: 24, hasSound: true, ...clip },
    wallMsMax: 30_000,
    memoryBytesMax: 1024 ** 3,
    outputBytesMax: 1024 ** 3,
    ...bounds,
  })
}

/** Draws a small clip into `output` (inside an own folder). */
export async function makeTestClip(clip: Partial<TestClip> & { output: string }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'backlot-clip-'))
  try {
    await startTestClip(clip, { folder }).result
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
