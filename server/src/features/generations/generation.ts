import type { AspectRatio, ErrorCode, GenerationState, Resolution } from '@backlot/contract'

/** What of a request is kept in the clear: sizes, counts and the seed. The prompt is sealed beside it. */
export interface StoredParameters {
  readonly seconds: number
  readonly aspect_ratio: AspectRatio
  readonly resolution: Resolution
  readonly width: number
  readonly height: number
  readonly seed: number
  readonly n: number
  readonly audio: boolean
}

export type LineState = 'held' | 'ready' | 'leased' | 'waiting' | 'done'

/** Names one generation; the account leads every key. */
export interface GenerationKey {
  readonly accountId: string
  readonly id: string
}

/** A worker's right to change a generation, until its lease ends or somebody else takes it. */
export interface Claim extends GenerationKey {
  readonly leaseToken: number
}

export interface GenerationRow extends GenerationKey {
  readonly userId: string
  readonly state: GenerationState
  readonly modelId: string
  readonly lane: string
  readonly priceVersion: number
  readonly credits: number
  readonly charged: number
  readonly parameters: StoredParameters
  readonly prompt: Buffer | null
  readonly referenceAssetId: string | null
  readonly phase: string | null
  readonly progress: number | null
  readonly faultCode: ErrorCode | null
  readonly faultMessage: string | null
  readonly cancelAskedAt: Date | null
  readonly deadline: Date
  readonly collectTries: number
  readonly createdAt: Date
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
  readonly lineState: LineState
  readonly virtualTime: number | null
  readonly leaseToken: number
}

export interface Fault {
  readonly code: ErrorCode
  readonly message: string
}

/** The time each state may take before something must be done about it. */
export interface Deadlines {
  /** Waiting for a slot; afterwards it fails and the credits come back. */
  readonly queuedMs: number
  /** One call to an upstream. */
  readonly callMs: number
  /** How long a run that we lost sight of may still turn up. */
  readonly uncertainMs: number
  /** Making media of a result that the upstream has delivered. */
  readonly collectMs: number
}

/** The prompt's context under the account's key: a sealed prompt cannot be moved to another generation. */
export function promptContext(id: string): string {
  return `generation.prompt:${id}`
}

export function operationContext(attemptId: string): string {
  return `attempt.operation:${attemptId}`
}
