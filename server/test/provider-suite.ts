import { describe, expect, test } from 'vitest'
import {
  type Operation,
  type Progress,
  ProviderError,
  type VideoProvider,
  type VideoRequest,
} from '../src/providers/provider.ts'
import { until } from './until.ts'

export interface ProviderUnderTest {
  readonly provider: VideoProvider
  /** A request that the upstream can fulfil, as small as it may be. */
  readonly request: (reference: string) => VideoRequest
  /** One that it must refuse as the caller's fault. */
  readonly wrongRequest: (reference: string) => VideoRequest
  /** The same upstream seen by a process that has just been started. */
  readonly restarted: () => VideoProvider
}

/** What the life cycle relies on, whatever the upstream. Every provider passes it. */
export function providerSuite(name: string, setup: () => ProviderUnderTest): void {
  const signal = () => AbortSignal.timeout(30_000)

  async function finished(
    provider: VideoProvider,
    operation: Operation,
  ): Promise<Exclude<Progress, { state: 'running' }>> {
    return until(
      async () => {
        const seen = await provider.check(operation, signal())
        if (seen.state === 'running') {
          if (seen.progress !== null) expect(seen.progress).toBeGreaterThanOrEqual(0)
          if (seen.progress !== null) expect(seen.progress).toBeLessThanOrEqual(1)
          return undefined
        }
        return seen
      },
      `${name} to finish`,
      60_000,
    )
  }

  describe(`${name} as a provider`, () => {
    test('hands over an operation that survives JSON, and delivers a video, also to a process that began later', async () => {
      const { provider, request, restarted } = setup()
      const { operation } = await provider.start(request('att_suite_1'), signal())
      const stored = JSON.parse(JSON.stringify(operation)) as Operation
      const done = await finished(provider, stored)
      if (done.state !== 'done') throw done.error
      expect(done.output.mediaType).toMatch(/^video\//)
      if (done.output.type === 'bytes') expect(done.output.data.byteLength).toBeGreaterThan(100)
      else expect(provider.outputHosts).toContain(new URL(done.output.url).hostname)
      // Asking again answers the same: collecting may be repeated.
      expect((await finished(restarted(), stored)).state).toBe('done')
      await provider.forget?.(stored)
    })

    test('refuses what it cannot do as the caller’s fault, and says that nothing runs', async () => {
      const { provider, wrongRequest } = setup()
      const error = await provider
        .start(wrongRequest('att_suite_2'), signal())
        .catch((cause: unknown) => cause)
      expect(error).toBeInstanceOf(ProviderError)
      expect(error).toMatchObject({ kind: 'user', sent: 'refused', retryable: false })
    })

    test('a canceled run is stopped, or the provider says that it cannot', async () => {
      const { provider, request } = setup()
      const { operation } = await provider.start(request('att_suite_3'), signal())
      const stopped = (await provider.cancel?.(operation, signal())) ?? false
      const end = await finished(provider, operation)
      expect(end.state).toBe(stopped ? 'failed' : 'done')
      await provider.forget?.(operation)
    })

    test('a reference that it never saw is never sent, or it cannot tell; never somebody else’s run', async () => {
      const { provider } = setup()
      const answer = (await provider.reconcile?.('att_suite_never', signal())) ?? 'unknown'
      expect(['never-sent', 'unknown']).toContain(answer)
    })

    test('states a pace and a deadline that a worker can keep to', () => {
      const { provider } = setup()
      expect(provider.pace.firstMs).toBeGreaterThan(0)
      expect(provider.pace.longestMs).toBeGreaterThanOrEqual(provider.pace.firstMs)
      expect(provider.runDeadlineMs).toBeGreaterThan(provider.pace.longestMs)
    })
  })
}
