import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { providerSuite } from '../../../test/provider-suite.ts'
import { silentLog } from '../../platform/log.ts'
import { createDraftProvider, type DraftProvider } from './index.ts'

const opened: DraftProvider[] = []
let workDirectory: string

function open(): DraftProvider {
  const draft = createDraftProvider({ workDirectory, log: silentLog, concurrency: 1, runDeadlineMs: 60_000 })
  opened.push(draft)
  return draft
}

beforeAll(async () => {
  workDirectory = await mkdtemp(path.join(tmpdir(), 'backlot-draft-provider-'))
})
afterAll(async () => {
  for (const draft of opened) await draft.close()
  await rm(workDirectory, { recursive: true, force: true })
})

const request = (reference: string) => ({
  reference,
  upstreamModel: 'animatic',
  prompt: 'a quiet sea',
  seconds: 2,
  width: 480,
  height: 480,
  aspectRatio: '1:1' as const,
  seed: 7,
  audio: false,
  image: undefined,
})

providerSuite('draft', () => ({
  provider: open().provider,
  request,
  wrongRequest: (reference) => ({ ...request(reference), seconds: 60 }),
  restarted: () => open().provider,
}))
