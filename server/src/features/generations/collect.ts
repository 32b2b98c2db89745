import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createWorkFolder, removeWorkFolder, sweepWorkFolders } from '../../media/index.ts'
import type { StoredOutput } from '../assets/index.ts'
import { type Attempt, newestAttempt } from './attempt.ts'
import { selectAttempts } from './attempt-store.ts'
import type { GenerationRow } from './generation.ts'
import type { Lane, Room } from './room.ts'
import { openOperation } from './run-attempts.ts'

// What the names of our work folders begin with: they hold a downloaded video in the clear.
const folderPrefix = 'collect'

/** Removes downloads that killed processes have left in the work directory. @returns how many */
export async function sweepCollects(room: Pick<Room, 'workDirectory'>, now: Date): Promise<number> {
  return sweepWorkFolders(room.workDirectory, folderPrefix, now)
}

/**
 * Fetches every output that the upstream has made and stores it: download, probe, sign, renditions, seal. It may run
 * any number of times (objects have fixed names), and it never makes anything anew.
 */
export async function collectOutputs(
  room: Room,
  lane: Lane,
  generation: GenerationRow,
  signal: AbortSignal,
): Promise<StoredOutput[]> {
  const attempts = await selectAttempts(room.db, generation)
  const outputs: StoredOutput[] = []
  for (let index = 0; index < generation.parameters.n; index += 1) {
    const attempt = newestAttempt(attempts, index)
    if (attempt?.state !== 'succeeded') continue
    outputs.push(await collectOutput(room, lane, generation, attempt, signal))
  }
  return outputs
}

async function collectOutput(
  room: Room,
  lane: Lane,
  generation: GenerationRow,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<StoredOutput> {
  if (!attempt.assetId) throw new Error(`attempt ${attempt.id} succeeded without an asset id`)
  const operation = await openOperation(room, generation, attempt)
  const seen = await lane.provider.check(
    operation,
    AbortSignal.any([signal, AbortSignal.timeout(room.deadlines.callMs)]),
  )
  if (seen.state !== 'done') throw new Error('the upstream no longer says that it is done')
  room.reached('collect.begun')
  const folder = await createWorkFolder(room.workDirectory, folderPrefix)
  try {
    const downloaded = path.join(folder, 'output')
    if (seen.output.type === 'bytes') await writeFile(downloaded, seen.output.data, { mode: 0o600 })
    else await room.download(seen.output.url, downloaded, { hosts: lane.provider.outputHosts, signal })
    room.reached('collect.downloaded')
    const { signOutput } = room
    const assetId = attempt.assetId
    const stored = await room.assets.ingestOutput(downloaded, {
      accountId: generation.accountId,
      assetId,
      generationId: generation.id,
      outputIndex: attempt.outputIndex,
      fileName: `${generation.id}-${attempt.outputIndex + 1}.mp4`,
      sign: signOutput
        ? (inPath: string, outPath: string) =>
            signOutput(inPath, outPath, { assetId, modelId: generation.modelId, at: room.clock.now() })
        : null,
      signal,
    })
    room.reached('collect.stored')
    return stored
  } finally {
    await removeWorkFolder(folder)
  }
}

/** Lets the adapters drop what they keep of runs that are over. */
export async function releaseOperations(room: Room, lane: Lane, generation: GenerationRow): Promise<void> {
  if (!lane.provider.forget) return
  for (const attempt of await selectAttempts(room.db, generation)) {
    if (attempt.operation) await lane.provider.forget(await openOperation(room, generation, attempt))
  }
}
