import { catalogue as errorCatalogue, type Generation } from '@backlot/contract'
import type { GenerationRow } from './generation.ts'
import { promptContext } from './generation.ts'
import { selectPlace } from './line-store.ts'
import type { Room } from './room.ts'
import type { Waits } from './waits.ts'

/** Rows as the API shows them, with their outputs and an honest guess of the time left. */
export async function present(
  room: Room,
  waits: Waits,
  rows: readonly GenerationRow[],
): Promise<Generation[]> {
  const [first] = rows
  if (!first) return []
  const outputs = await room.assets.listOfGenerations(
    first.accountId,
    rows.map((row) => row.id),
  )
  return Promise.all(
    rows.map(async (row): Promise<Generation> => {
      const lane = room.lanes.get(row.lane)
      const place = row.state === 'queued' ? await selectPlace(room.db, row) : null
      const typical = row.lineState === 'done' ? null : await waits.typicalSeconds(row.modelId)
      return {
        id: row.id,
        state: row.state,
        model: row.modelId,
        prompt: row.prompt ? await room.keyring.open(row.accountId, promptContext(row.id), row.prompt) : '',
        seconds: row.parameters.seconds,
        aspect_ratio: row.parameters.aspect_ratio,
        resolution: row.parameters.resolution,
        seed: row.parameters.seed,
        n: row.parameters.n,
        audio: row.parameters.audio,
        reference_asset_id: row.referenceAssetId,
        width: row.parameters.width,
        height: row.parameters.height,
        credits: {
          quoted: row.credits,
          held: row.lineState === 'done' ? 0 : row.credits,
          charged: row.charged,
          price_version: row.priceVersion,
        },
        queue_place: place,
        phase: row.cancelAskedAt && row.lineState !== 'done' ? 'stopping' : row.phase,
        progress: row.progress,
        estimate_seconds: estimateSeconds(row, typical, place, lane?.runningMax ?? 1, room.clock.now()),
        can_cancel: canCancel(row, lane?.provider.cancel !== undefined),
        fault:
          row.faultCode && row.faultMessage
            ? {
                code: row.faultCode,
                message: row.faultMessage,
                retryable: errorCatalogue[row.faultCode].retryable,
              }
            : null,
        outputs: outputs.get(row.id) ?? [],
        created_at: row.createdAt.toISOString(),
        started_at: row.startedAt?.toISOString() ?? null,
        finished_at: row.finishedAt?.toISOString() ?? null,
      }
    }),
  )
}

function canCancel(row: GenerationRow, stoppable: boolean): boolean {
  if (row.cancelAskedAt) return false
  if (row.state === 'queued') return true
  return stoppable && (row.state === 'starting' || row.state === 'running' || row.state === 'uncertain')
}

/**
 * Seconds left, from this deployment's own median. Null whenever we would only be guessing: before there is a
 * history, and once a run is past its typical time.
 */
export function estimateSeconds(
  row: Pick<GenerationRow, 'state' | 'startedAt' | 'progress'>,
  typicalSeconds: number | null,
  place: number | null,
  slots: number,
  now: Date,
): number | null {
  if (typicalSeconds === null) return null
  if (row.state === 'queued') return Math.ceil(typicalSeconds * Math.ceil((place ?? 1) / Math.max(1, slots)))
  if (!row.startedAt || row.state === 'uncertain') return null
  const elapsed = (now.getTime() - row.startedAt.getTime()) / 1000
  const left = Math.ceil(typicalSeconds - elapsed)
  return left > 0 ? left : null
}
