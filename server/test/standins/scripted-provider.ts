import type { Operation, Progress, VideoProvider, VideoRequest } from '../../src/providers/provider.ts'
import { ProviderError } from '../../src/providers/provider.ts'

/** What the upstream does with one request; the last entry goes on for ever. */
export type Behaviour =
  | 'deliver'
  | 'run'
  | 'fail'
  | 'refuse_policy'
  | 'refuse_user'
  | 'busy'
  | 'unreachable'
  | 'lose_answer_sent'
  | 'lose_answer_not_sent'

interface Run {
  readonly request: VideoRequest
  done: boolean
  failed: boolean
  canceled: boolean
}

export interface ScriptedProvider extends VideoProvider {
  /** Every request that the upstream has accepted, by our reference. */
  readonly runs: Map<string, Run>
  /** How often `start` reached the upstream. */
  readonly started: string[]
  /** Runs that go at this moment, and the most that ever did. */
  running(): number
  mostRunning(): number
  behave(next: Behaviour | ((request: VideoRequest, call: number) => Behaviour)): void
  /** Ends a run (or all) from the upstream's side. */
  complete(reference?: string): void
  canCancel: boolean
  canReconcile: boolean
}

/** An upstream in this process whose every move a test decides. It keeps books of its own, for the test to compare. */
export function scriptedProvider(options: { runDeadlineMs?: number } = {}): ScriptedProvider {
  const runs = new Map<string, Run>()
  const started: string[] = []
  let most = 0
  let calls = 0
  let behaviour: (request: VideoRequest, call: number) => Behaviour = () => 'deliver'

  const running = () => [...runs.values()].filter((run) => !run.done && !run.canceled && !run.failed).length
  const find = (operation: Operation): Run => {
    const run = runs.get(String(operation))
    if (!run) throw new ProviderError('no such run', { kind: 'upstream', sent: 'refused', retryable: false })
    return run
  }

  const provider: ScriptedProvider = {
    name: 'scripted',
    outputHosts: [],
    pace: { firstMs: 5, longestMs: 50 },
    runDeadlineMs: options.runDeadlineMs ?? 60_000,
    runs,
    started,
    running,
    mostRunning: () => most,
    canCancel: true,
    canReconcile: true,
    behave(next) {
      behaviour = typeof next === 'function' ? next : () => next
    },
    complete(reference) {
      for (const [key, run] of runs) if (reference === undefined || key === reference) run.done = true
    },

    async start(request) {
      const move = behaviour(request, calls)
      calls += 1
      if (move === 'unreachable' || move === 'busy') {
        throw new ProviderError('not accepted', {
          kind: move === 'busy' ? 'busy' : 'upstream',
          sent: 'never',
          retryable: true,
          retryAfterMs: 1,
        })
      }
      if (move === 'lose_answer_not_sent') {
        throw new ProviderError('no answer', { kind: 'upstream', sent: 'maybe', retryable: true })
      }
      started.push(request.reference)
      if (move === 'refuse_policy' || move === 'refuse_user') {
        const kind = move === 'refuse_policy' ? 'policy' : 'user'
        throw new ProviderError('refused', { kind, sent: 'refused', retryable: false })
      }
      runs.set(request.reference, {
        request,
        done: move === 'deliver',
        failed: move === 'fail',
        canceled: false,
      })
      most = Math.max(most, running())
      if (move === 'lose_answer_sent') {
        throw new ProviderError('no answer', { kind: 'upstream', sent: 'maybe', retryable: true })
      }
      return { operation: request.reference, warnings: [] }
    },

    async check(operation): Promise<Progress> {
      const run = find(operation)
      if (run.failed || run.canceled) {
        const error = new ProviderError('failed', { kind: 'upstream', sent: 'refused', retryable: true })
        return { state: 'failed', error }
      }
      if (!run.done) return { state: 'running', progress: null, phase: 'working' }
      return {
        state: 'done',
        output: { type: 'bytes', data: Buffer.from(run.request.reference), mediaType: 'video/mp4' },
        warnings: [],
      }
    },

    async cancel(operation) {
      if (!provider.canCancel) return false
      find(operation).canceled = true
      return true
    },

    async reconcile(reference) {
      if (!provider.canReconcile) return 'unknown'
      return runs.has(reference) ? reference : 'never-sent'
    },
  }
  return provider
}
