import type { Transaction } from '../../platform/db/index.ts'
import type { StoredOutput } from '../assets/index.ts'
import { creditsForDelivered } from '../models/index.ts'
import type { Fault, GenerationRow } from './generation.ts'
import { updateEnded } from './generation-store.ts'
import { leaveLine } from './line-store.ts'
import { lineTopic, type Room } from './room.ts'

export type Ending =
  | { readonly state: 'delivered'; readonly outputs: readonly StoredOutput[] }
  | { readonly state: 'failed' | 'blocked'; readonly fault: Fault }
  | { readonly state: 'canceled' }

/**
 * The one way a generation ends: state, credits, log entry and event in the caller's transaction, which holds the
 * row's lock. A generation that delivered nothing costs nothing.
 */
export async function finish(
  room: Room,
  tx: Transaction,
  generation: GenerationRow,
  ending: Ending,
): Promise<void> {
  const { accountId, id } = generation
  const at = room.clock.now()
  let charged = 0
  if (ending.state === 'delivered') {
    for (const output of ending.outputs) await room.assets.insertOutput(tx, output)
    charged = creditsForDelivered(generation.credits, ending.outputs.length, generation.parameters.n)
    await room.credits.capture(tx, { accountId, holdId: id, amount: charged, now: at, restCause: 'failure' })
  } else {
    const cause = ending.state === 'failed' ? 'failure' : ending.state
    await room.credits.release(tx, { accountId, holdId: id, cause, now: at })
  }
  const fault = 'fault' in ending ? ending.fault : null
  await updateEnded(tx, generation, { state: ending.state, charged, fault, at })
  await leaveLine(tx, accountId, generation.lane, generation.lineState)
  await room.records.append(tx, {
    kind: ending.state === 'delivered' ? 'generation.delivered' : 'generation.ended',
    accountId,
    subjectId: id,
    at,
    facts: {
      state: ending.state,
      charged,
      ...(fault ? { code: fault.code } : {}),
      ...(ending.state === 'delivered'
        ? {
            outputs: ending.outputs.map((output) => ({
              asset_id: output.assetId,
              sha256: output.sha256,
              stream_sha256: output.streamSha256,
            })),
          }
        : {}),
    },
  })
  await room.events.append(tx, { accountId, type: `generation.${ending.state}`, subjectId: id, at })
  tx.afterCommit(() => room.hints.hint(lineTopic))
}
