import type { JSONValue } from '@ai-sdk/provider'

/** What we ask of an upstream: one output. The reference is ours, unique per attempt, and safe to show to it. */
export interface VideoRequest {
  readonly reference: string
  readonly upstreamModel: string
  readonly prompt: string
  readonly seconds: number
  readonly width: number
  readonly height: number
  readonly aspectRatio: `${number}:${number}`
  readonly seed: number
  readonly audio: boolean
  readonly image: { readonly mediaType: string; readonly data: Uint8Array } | undefined
}

/** Opaque and JSON-serialisable: all that is needed to ask about the run again after a restart. */
export type Operation = JSONValue

export type ErrorKind = 'user' | 'policy' | 'funds' | 'busy' | 'upstream' | 'ours'

/**
 * Whether the upstream may be working for us although we saw an error. Only `never` may be sent again or elsewhere;
 * `maybe` must be reconciled.
 */
export type Sent = 'never' | 'maybe' | 'refused'

export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  readonly kind: ErrorKind
  readonly sent: Sent
  /** Whether the same request may succeed later. */
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined

  constructor(
    message: string,
    options: {
      kind: ErrorKind
      sent: Sent
      retryable: boolean
      retryAfterMs?: number | undefined
      cause?: unknown
    },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.kind = options.kind
    this.sent = options.sent
    this.retryable = options.retryable
    this.retryAfterMs = options.retryAfterMs
  }
}

export type ProviderOutput =
  | { readonly type: 'bytes'; readonly data: Uint8Array; readonly mediaType: string }
  | { readonly type: 'url'; readonly url: string; readonly mediaType: string }

export type Progress =
  | { readonly state: 'running'; readonly progress: number | null; readonly phase: string | null }
  | { readonly state: 'done'; readonly output: ProviderOutput; readonly warnings: readonly string[] }
  | { readonly state: 'failed'; readonly error: ProviderError }

/**
 * One upstream. Adapters start, check, cancel and reconcile; pace, retries and deadlines are the worker's, so a
 * restart loses nothing.
 */
export interface VideoProvider {
  readonly name: string
  /** Host names that output URLs may have; empty where outputs come as bytes. */
  readonly outputHosts: readonly string[]
  /** How long to wait between checks, by the age of the run. */
  readonly pace: Pace
  /** Longest time a run may take before it counts as uncertain. */
  readonly runDeadlineMs: number
  /**
   * Hands over the request and returns at once.
   * @throws ProviderError saying whether the upstream may have it
   */
  start(
    request: VideoRequest,
    signal: AbortSignal,
  ): Promise<{ operation: Operation; warnings: readonly string[] }>
  /** Asks once. @throws ProviderError when the answer could not be had; that says nothing about the run. */
  check(operation: Operation, signal: AbortSignal): Promise<Progress>
  /** Absent, or resolves to false, where the upstream cannot stop a run. */
  cancel?(operation: Operation, signal: AbortSignal): Promise<boolean>
  /** Looks for a run by our reference after a lost answer; absent where the upstream cannot tell. */
  reconcile?(reference: string, signal: AbortSignal): Promise<Operation | 'never-sent' | 'unknown'>
  /** The output is stored: whatever the adapter keeps of the run may go. */
  forget?(operation: Operation): Promise<void>
}

export interface Pace {
  readonly firstMs: number
  readonly longestMs: number
}

/**
 * When to ask again: often while the run is young, then at a tenth of its age. A thousand long runs so cost a few
 * requests a second, and a short one is noticed within a breath.
 */
export function nextCheckMs(pace: Pace, ageMs: number): number {
  return Math.round(Math.min(pace.longestMs, Math.max(pace.firstMs, ageMs / 10)))
}
