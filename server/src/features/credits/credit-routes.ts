import { creditBalance, creditGrant, grantRequest, page, pageQuery, statementLine } from '@backlot/contract'
import { z } from 'zod'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/index.ts'
import { type Api, idempotencyKey } from '../../platform/http/index.ts'
import type { Credits } from './credit-service.ts'

export function creditRoutes(
  api: Api,
  { credits, db, clock }: { credits: Credits; db: Database; clock: Clock },
): void {
  api.route(
    {
      method: 'get',
      path: '/v1/credits',
      access: 'account',
      scope: 'credits:read',
      summary: 'What the account has, and the grants behind it',
      answer: creditBalance,
    },
    ({ identity }) => credits.overview(identity.accountId),
  )

  api.route(
    {
      method: 'get',
      path: '/v1/credits/statement',
      access: 'account',
      scope: 'credits:read',
      summary: 'Every change of the balance, newest first, each with its reason',
      query: pageQuery,
      answer: page(statementLine),
    },
    ({ identity, query }) => credits.statement(identity.accountId, query),
  )

  api.route(
    {
      method: 'post',
      path: '/v1/console/accounts/{id}/grants',
      access: 'operator',
      summary: 'Give credits to an account; the reason is shown on its statement. Honours Idempotency-Key',
      params: z.object({ id: z.string().max(60) }),
      body: grantRequest,
      answer: creditGrant,
      status: 201,
      errors: ['not_found', 'idempotency_conflict'],
    },
    async ({ params, body, identity, context, requestId }) => {
      // One operator's keys are none of another's, and the key says for ever who gave the credits.
      const key = `${identity.userId}:${idempotencyKey(context.req.raw.headers) ?? requestId}`
      const grant = await db.transaction((tx) =>
        credits.grantByOperator(tx, {
          accountId: params.id,
          amount: body.amount,
          reason: body.reason,
          expiresInDays: body.expires_in_days,
          key,
          now: clock.now(),
        }),
      )
      return {
        id: grant.bucketId,
        kind: grant.kind,
        amount: grant.amount,
        // As it was made: a repeated request gets the first answer, whatever was spent since.
        remaining: grant.amount,
        held: 0,
        expires_at: grant.expiresAt?.toISOString() ?? null,
      }
    },
  )
}
