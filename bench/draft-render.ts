// The wall time of one draft, and where it goes.
import path from 'node:path'
import { silentLog } from '../server/src/platform/log.ts'
import { createDraftVideoModel } from '../server/src/providers/draft/index.ts'
import type { BenchDatabases } from './database.ts'
import { median, ms, type Result, ratio } from './figures.ts'

const prompts = ['a small sailing boat at sunset', 'a neon city in the rain', 'a fox in a snowy forest']
const seconds = 4
const askEveryMs = 10

export async function measureDraftRender({ directory }: Pick<BenchDatabases, 'directory'>): Promise<Result> {
  const model = createDraftVideoModel({
    workDirectory: path.join(directory, 'draft'),
    log: silentLog as Parameters<typeof createDraftVideoModel>[0]['log'],
    concurrency: 1,
  })
  const walls: number[] = []
  const phases = new Map<string, number>()
  for (const prompt of prompts) {
    const begin = performance.now()
    const { operation } = await model.doStart({
      prompt,
      n: 1,
      aspectRatio: '16:9',
      resolution: '1280x720',
      duration: seconds,
      fps: undefined,
      seed: 1,
      image: undefined,
      frameImages: undefined,
      inputReferences: undefined,
      generateAudio: true,
      providerOptions: {},
    })
    for (let at = performance.now(); ; ) {
      const status = await model.doStatus({ operation })
      const now = performance.now()
      const told = status.providerMetadata?.['draft']?.['phase']
      const phase = status.status === 'pending' && typeof told === 'string' ? told : 'finishing'
      phases.set(phase, (phases.get(phase) ?? 0) + now - at)
      at = now
      if (status.status === 'error') throw new Error(status.error)
      if (status.status === 'completed') break
      await new Promise((resolve) => setTimeout(resolve, askEveryMs))
    }
    walls.push(performance.now() - begin)
    await model.forget(operation)
  }
  await model.stop()
  const sum = [...phases.values()].reduce((total, one) => total + one, 0)
  const wall = median(walls)
  return {
    title: `A draft of ${seconds} s at 720p`,
    command: 'npm run bench draft-render',
    about: `${prompts.length} prompts one after the other, each in a child process of its own; the wall time is the median, the phases are what the renderer tells, over all of them.`,
    rows: [
      ['wall time', 'wall ÷ duration', ...phases.keys()],
      [
        ms(wall),
        ratio(wall / (seconds * 1_000)),
        ...[...phases.values()].map((one) => `${Math.round((100 * one) / sum)} %`),
      ],
    ],
    aim: null,
    notes: ['“queued” is the start of the child process and of the libraries it loads.'],
  }
}
