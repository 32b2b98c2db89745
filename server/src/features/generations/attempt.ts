import type { ErrorKind } from '../../providers/provider.ts'
import type { Fault } from './generation.ts'

export type AttemptState =
  | 'intended'
  | 'accepted'
  | 'uncertain'
  | 'succeeded'
  | 'failed'
  | 'never_sent'
  | 'canceled'
  | 'abandoned'

/** One submission of one output to one upstream. */
export interface Attempt {
  readonly id: string
  readonly outputIndex: number
  readonly number: number
  readonly state: AttemptState
  readonly provider: string
  readonly operation: Buffer | null
  readonly assetId: string | null
  readonly errorKind: ErrorKind | null
  readonly checksFailed: number
  readonly createdAt: Date
  readonly acceptedAt: Date | null
}

/** How often one output is handed to an upstream at most. Only what was provably not made is tried again. */
export const attemptsMax = 3

const retryableKinds: ReadonlySet<ErrorKind> = new Set(['busy', 'upstream'])

export type OutputAction = 'start' | 'reconcile' | 'check' | 'none'

/** The newest attempt of an output; the ones before it are history. */
export function newestAttempt(attempts: readonly Attempt[], outputIndex: number): Attempt | undefined {
  return attempts
    .filter((attempt) => attempt.outputIndex === outputIndex)
    .reduce<Attempt | undefined>(
      (newest, next) => (newest && newest.number > next.number ? newest : next),
      undefined,
    )
}

/**
 * What to do about one output now. `intended` means that we stopped between writing the attempt and its answer: the
 * upstream may have it, so it is reconciled and never simply sent again.
 */
export function outputAction(attempt: Attempt | undefined, cancelAsked: boolean): OutputAction {
  if (!attempt) return cancelAsked ? 'none' : 'start'
  switch (attempt.state) {
    case 'intended':
    case 'uncertain':
      return 'reconcile'
    case 'accepted':
      return 'check'
    case 'never_sent':
      return !cancelAsked && attempt.number < attemptsMax ? 'start' : 'none'
    case 'failed':
      return !cancelAsked &&
        attempt.number < attemptsMax &&
        attempt.errorKind &&
        retryableKinds.has(attempt.errorKind)
        ? 'start'
        : 'none'
    case 'succeeded':
    case 'canceled':
    case 'abandoned':
      return 'none'
  }
}

export type Decision =
  | { readonly next: 'starting' | 'running' | 'uncertain' | 'collecting' }
  | { readonly next: 'canceled' }
  | { readonly next: 'failed' | 'blocked'; readonly fault: Fault }

/** Where the whole generation stands, from the newest attempt of each of its outputs. */
export function decide(newest: readonly (Attempt | undefined)[], cancelAsked: boolean): Decision {
  const actions = newest.map((attempt) => outputAction(attempt, cancelAsked))
  if (actions.includes('check')) return { next: 'running' }
  if (actions.includes('reconcile')) return { next: 'uncertain' }
  if (actions.includes('start')) return { next: 'starting' }
  if (newest.some((attempt) => attempt?.state === 'succeeded')) return { next: 'collecting' }
  if (cancelAsked && newest.every((attempt) => attempt?.state !== 'failed')) return { next: 'canceled' }
  if (newest.some((attempt) => attempt?.state === 'abandoned')) {
    return {
      next: 'failed',
      fault: {
        code: 'provider_timeout',
        message: 'The model did not finish in time. Nothing was charged; your credits are back. Try again.',
      },
    }
  }
  const kind = newest.find((attempt) => attempt?.errorKind)?.errorKind ?? 'upstream'
  return kind === 'policy'
    ? { next: 'blocked', fault: faultOf(kind) }
    : { next: 'failed', fault: faultOf(kind) }
}

/** What we tell people about a provider's error: never its raw text. */
export function faultOf(kind: ErrorKind): Fault {
  switch (kind) {
    case 'policy':
      return {
        code: 'output_blocked',
        message: 'The model declined this request. Nothing was charged. Change the prompt and try again.',
      }
    case 'user':
      return {
        code: 'provider_failed',
        message:
          'The model could not work with these settings. Nothing was charged. Change them and try again.',
      }
    case 'busy':
      return {
        code: 'provider_unavailable',
        message: 'The model had no room. Nothing was charged. Try again in a few minutes.',
      }
    case 'funds':
    case 'ours':
      return {
        code: 'provider_unavailable',
        message:
          'The model is not available here at the moment. Nothing was charged. The operator can see why.',
      }
    case 'upstream':
      return { code: 'provider_failed', message: 'The model failed. Nothing was charged. Try again.' }
  }
}
