import { newId } from '@backlot/contract'
import { isAppError } from '../../platform/app-error.ts'
import { type Operation, ProviderError, type VideoRequest } from '../../providers/provider.ts'
import { type Attempt, newestAttempt, outputAction } from './attempt.ts'
import { countFailedCheck, insertAttempt, selectAttempts, updateAttempt } from './attempt-store.ts'
import { type Claim, type GenerationRow, operationContext, promptContext } from './generation.ts'
import type { Lane, Room } from './room.ts'

/** What one look at all outputs found out, besides what it wrote down. */
export interface Round {
  readonly attempts: readonly Attempt[]
  readonly progress: number | null
  readonly phase: string | null
  /** An upstream asked us to wait this long. */
  readonly retryAfterMs: number | null
}

/** Does for every output what its newest attempt asks for: start, reconcile or check, once each. */
export async function runAttempts(
  room: Room,
  lane: Lane,
  claim: Claim,
  generation: GenerationRow,
  signal: AbortSignal,
): Promise<Round> {
  const before = await selectAttempts(room.db, generation)
  const cancelAsked = generation.cancelAskedAt !== null
  const progress: (number | null)[] = []
  let phase: string | null = null
  let retryAfterMs: number | null = null

  for (let index = 0; index < generation.parameters.n; index += 1) {
    signal.throwIfAborted()
    const newest = newestAttempt(before, index)
    const call = AbortSignal.any([signal, AbortSignal.timeout(room.deadlines.callMs)])
    switch (outputAction(newest, cancelAsked)) {
      case 'start': {
        const wait = await start(room, lane, claim, generation, index, (newest?.number ?? 0) + 1, call)
        if (wait !== null) retryAfterMs = Math.max(retryAfterMs ?? 0, wait)
        progress.push(0)
        break
      }
      case 'reconcile':
        if (newest) await reconcile(room, lane, generation, newest, call)
        progress.push(null)
        break
      case 'check': {
        if (!newest) break
        const stopped = cancelAsked && (await tryCancel(room, lane, generation, newest, call))
        if (stopped) break
        const seen = await check(room, lane, generation, newest, call)
        progress.push(seen.progress)
        phase ??= seen.phase
        break
      }
      case 'none':
        progress.push(1)
        break
    }
  }

  return {
    attempts: await selectAttempts(room.db, generation),
    progress: progress.includes(null)
      ? null
      : progress.reduce<number>((sum, one) => sum + (one ?? 0), 0) / progress.length,
    phase,
    retryAfterMs,
  }
}

async function start(
  room: Room,
  lane: Lane,
  claim: Claim,
  generation: GenerationRow,
  outputIndex: number,
  number: number,
  signal: AbortSignal,
): Promise<number | null> {
  const { accountId } = generation
  const id = newId('att', room.clock.now().getTime())
  // Everything that can fail on our side comes before the attempt is written down.
  const request = await requestOf(room, generation, outputIndex, id).catch(lostReference)
  const inserted = await insertAttempt(room.db, claim, {
    id,
    outputIndex,
    number,
    provider: lane.provider.name,
    providerAccount: lane.id,
    createdAt: room.clock.now(),
  })
  if (!inserted) throw new LeaseLostError()
  room.reached('attempt.intended')
  try {
    if (request instanceof ProviderError) throw request
    const { operation } = await lane.provider.start(request, signal)
    room.reached('provider.started')
    const sealed = await room.keyring.seal(accountId, operationContext(id), JSON.stringify(operation))
    const accepted = { state: 'accepted', operation: sealed, at: room.clock.now() } as const
    const isKept =
      (await updateAttempt(room.db, accountId, id, 'intended', accepted)) ||
      (await updateAttempt(room.db, accountId, id, 'uncertain', accepted))
    if (!isKept) await stopOrphan(room, lane, generation, id, operation)
    room.reached('attempt.accepted')
    return null
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    room.log.warn(
      {
        generationId: generation.id,
        attemptId: id,
        provider: lane.provider.name,
        kind: error.kind,
        sent: error.sent,
      },
      'a provider did not accept an attempt',
    )
    await updateAttempt(room.db, accountId, id, 'intended', {
      state: error.sent === 'maybe' ? 'uncertain' : error.sent === 'never' ? 'never_sent' : 'failed',
      errorKind: error.kind,
      errorMessage: error.message,
      at: room.clock.now(),
    })
    return error.retryAfterMs ?? (error.kind === 'busy' ? 2_000 : null)
  }
}

/** A reference image that was deleted while its generation waited does not come back: that ends it, at no cost. */
function lostReference(error: unknown): ProviderError {
  if (!isAppError(error, 'gone') && !isAppError(error, 'not_found')) throw error
  return new ProviderError('The reference image was deleted before the generation began.', {
    kind: 'user',
    sent: 'refused',
    retryable: false,
    cause: error,
  })
}

/**
 * The upstream took so long to answer that somebody else took the generation over and settled the attempt. If they
 * found the run, it is theirs; if they wrote it off, nobody will ever fetch it, and it must not go on at our expense.
 */
async function stopOrphan(
  room: Room,
  lane: Lane,
  generation: GenerationRow,
  attemptId: string,
  operation: Operation,
): Promise<void> {
  const settled = (await selectAttempts(room.db, generation)).find((attempt) => attempt.id === attemptId)
  if (settled?.state !== 'never_sent' && settled?.state !== 'abandoned') return
  // The turn's own signal may have been aborted with its lease.
  const stopped = await lane.provider
    .cancel?.(operation, AbortSignal.timeout(room.deadlines.callMs))
    .catch(() => false)
  if (stopped) await lane.provider.forget?.(operation)
  room.log.warn(
    { generationId: generation.id, attemptId, provider: lane.provider.name, stopped: stopped ?? false },
    'a run began after it had been given up',
  )
}

async function requestOf(
  room: Room,
  generation: GenerationRow,
  outputIndex: number,
  reference: string,
): Promise<VideoRequest> {
  const { accountId, parameters } = generation
  if (!generation.prompt) throw new Error('a generation that is still to be started has lost its prompt')
  const offers = await room.models.offers(generation.modelId)
  return {
    reference,
    upstreamModel:
      offers.find((offer) => offer.lane === generation.lane)?.upstream_model ?? generation.modelId,
    prompt: await room.keyring.open(accountId, promptContext(generation.id), generation.prompt),
    seconds: parameters.seconds,
    width: parameters.width,
    height: parameters.height,
    aspectRatio: parameters.aspect_ratio,
    // Each output has its own seed, so that several differ and each can be made again alone.
    seed: (parameters.seed + outputIndex) % 2_147_483_648,
    audio: parameters.audio,
    image: generation.referenceAssetId
      ? await room.assets.readImage(accountId, generation.referenceAssetId)
      : undefined,
  }
}

/** Asks the upstream whether it has what we may have sent. Where it cannot tell, we wait; nothing is sent again. */
async function reconcile(
  room: Room,
  lane: Lane,
  generation: GenerationRow,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<void> {
  const { accountId } = generation
  if (attempt.state === 'intended') {
    await updateAttempt(room.db, accountId, attempt.id, 'intended', {
      state: 'uncertain',
      at: room.clock.now(),
    })
  }
  if (!lane.provider.reconcile) return
  let found: Operation | 'never-sent' | 'unknown'
  try {
    found = await lane.provider.reconcile(attempt.id, signal)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return
  }
  if (found === 'unknown') return
  const at = room.clock.now()
  if (found === 'never-sent') {
    await updateAttempt(room.db, accountId, attempt.id, 'uncertain', {
      state: 'never_sent',
      errorKind: 'upstream',
      at,
    })
    return
  }
  const operation = await room.keyring.seal(accountId, operationContext(attempt.id), JSON.stringify(found))
  await updateAttempt(room.db, accountId, attempt.id, 'uncertain', { state: 'accepted', operation, at })
}

async function tryCancel(
  room: Room,
  lane: Lane,
  generation: GenerationRow,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<boolean> {
  if (!lane.provider.cancel) return false
  const operation = await openOperation(room, generation, attempt)
  try {
    if (!(await lane.provider.cancel(operation, signal))) return false
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return false
  }
  return updateAttempt(room.db, generation.accountId, attempt.id, 'accepted', {
    state: 'canceled',
    at: room.clock.now(),
  })
}

async function check(
  room: Room,
  lane: Lane,
  generation: GenerationRow,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<{ progress: number | null; phase: string | null }> {
  const { accountId } = generation
  const operation = await openOperation(room, generation, attempt)
  const at = room.clock.now()
  try {
    const seen = await lane.provider.check(operation, signal)
    if (seen.state === 'running') return { progress: seen.progress, phase: seen.phase }
    if (seen.state === 'done') {
      // The asset's id is fixed now, so that collecting it twice stores it once.
      const assetId = newId('ast', at.getTime())
      await updateAttempt(room.db, accountId, attempt.id, 'accepted', { state: 'succeeded', assetId, at })
      room.reached('check.done')
      return { progress: 1, phase: null }
    }
    await updateAttempt(room.db, accountId, attempt.id, 'accepted', {
      state: 'failed',
      errorKind: seen.error.kind,
      errorMessage: seen.error.message,
      at,
    })
    await lane.provider.forget?.(operation)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    // We could not ask; that says nothing about the run.
    await countFailedCheck(room.db, accountId, attempt.id)
  }
  return { progress: null, phase: null }
}

export async function openOperation(
  room: Room,
  generation: GenerationRow,
  attempt: Attempt,
): Promise<Operation> {
  if (!attempt.operation) throw new Error(`attempt ${attempt.id} was accepted without an operation`)
  const text = await room.keyring.open(generation.accountId, operationContext(attempt.id), attempt.operation)
  return JSON.parse(text) as Operation
}

/** Somebody else works on this generation now; whatever we still know is theirs to find out. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError'
}
