import { overview } from '@backlot/contract'
import { z } from 'zod'
import type { Accounts } from '../features/accounts/index.ts'
import {
  selectEndedSince,
  selectLineStatistics,
  selectRecentFailures,
} from '../features/generations/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/index.ts'
import type { Api } from '../platform/http/index.ts'
import type { ReadinessItem } from '../readiness.ts'
import type { Checks } from './checks.ts'

const dayMs = 86_400_000
const failuresShown = 10

/** The operator's first page: what waits, what went wrong, and whether the books add up. */
export function overviewRoutes(
  api: Api,
  rooms: {
    db: Database
    clock: Clock
    accounts: Pick<Accounts, 'countAccounts'>
    checks: Checks
    readiness: () => Promise<ReadinessItem[]>
  },
): void {
  const { db, clock, checks } = rooms

  api.route(
    {
      method: 'get',
      path: '/v1/console/overview',
      access: 'operator',
      summary: 'Queue, recent failures, checks and what is left to settle',
      answer: overview,
    },
    async () => {
      const line = await selectLineStatistics(db)
      const ended = await selectEndedSince(db, new Date(clock.now().getTime() - dayMs))
      const failures = await selectRecentFailures(db, failuresShown)
      return {
        queue: {
          queued: line.queued,
          running: line.running,
          uncertain: line.uncertain,
          oldest_queued_at: line.oldestQueuedAt?.toISOString() ?? null,
        },
        last_24_hours: {
          delivered: ended.delivered,
          failed: ended.failed,
          blocked: ended.blocked,
          canceled: ended.canceled,
          credits_captured: ended.creditsCaptured,
        },
        accounts: await rooms.accounts.countAccounts(),
        recent_failures: failures.map((failure) => ({
          generation_id: failure.id,
          account_id: failure.accountId,
          model: failure.modelId,
          state: failure.state,
          fault:
            failure.faultCode && failure.faultMessage
              ? { code: failure.faultCode, message: failure.faultMessage, retryable: false }
              : null,
          finished_at: failure.finishedAt.toISOString(),
        })),
        checks: { ledger: await checks.last('ledger'), log: await checks.last('log') },
        readiness: await rooms.readiness(),
      }
    },
  )

  api.route(
    {
      method: 'post',
      path: '/v1/console/checks/{name}',
      access: 'operator',
      summary: 'Check the ledger or the generation log now',
      params: z.object({ name: z.enum(['ledger', 'log']) }),
      answer: overview.shape.checks.shape.ledger,
    },
    async ({ params: { name } }) => {
      await checks.run(name)
      return checks.last(name)
    },
  )
}
