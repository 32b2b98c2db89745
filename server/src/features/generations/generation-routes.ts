import { createGeneration, generation, isId, page, pageQuery, quote, quoteRequest } from '@backlot/contract'
import { z } from 'zod'
import { type Api, idempotencyKey } from '../../platform/http/index.ts'
import type { Generations } from './generation-service.ts'

const params = z.object({ id: z.string().refine((text) => isId('gen', text)) })

export function generationRoutes(api: Api, generations: Generations): void {
  api.route(
    {
      method: 'post',
      path: '/v1/quotes',
      access: 'account',
      scope: 'models:read',
      summary: 'What a generation would cost now',
      body: quoteRequest,
      answer: quote,
      errors: ['model_unknown', 'parameter_unsupported'],
    },
    async ({ identity, body }) => generations.quote(identity.accountId, body),
  )

  api.route(
    {
      method: 'post',
      path: '/v1/generations',
      access: 'account',
      scope: 'generations:write',
      summary: 'Generate',
      body: createGeneration,
      answer: generation,
      status: 201,
      errors: [
        'model_unknown',
        'parameter_unsupported',
        'prompt_blocked',
        'credits_insufficient',
        'too_many_outstanding',
        'quote_changed',
        'max_cost_exceeded',
        'idempotency_conflict',
      ],
    },
    async ({ identity, body, context }) =>
      generations.create(identity, body, idempotencyKey(context.req.raw.headers)),
  )

  api.route(
    {
      method: 'get',
      path: '/v1/generations',
      access: 'account',
      scope: 'generations:read',
      summary: 'The generations of this account, newest first',
      query: pageQuery,
      answer: page(generation),
    },
    async ({ identity, query }) => generations.list(identity.accountId, query),
  )

  api.route(
    {
      method: 'get',
      path: '/v1/generations/{id}',
      access: 'account',
      scope: 'generations:read',
      summary: 'One generation',
      params,
      answer: generation,
    },
    async ({ identity, params: { id } }) => generations.get({ accountId: identity.accountId, id }),
  )

  api.route(
    {
      method: 'post',
      path: '/v1/generations/{id}/cancel',
      access: 'account',
      scope: 'generations:write',
      summary: 'Stop a generation; its credits come back when it stops',
      params,
      answer: generation,
      errors: ['state_conflict'],
    },
    async ({ identity, params: { id } }) => generations.cancel({ accountId: identity.accountId, id }),
  )

  api.route(
    {
      method: 'delete',
      path: '/v1/generations/{id}',
      access: 'account',
      scope: 'generations:write',
      summary: 'Delete an ended generation and its outputs',
      params,
      errors: ['state_conflict'],
    },
    async ({ identity, params: { id } }) => {
      await generations.delete({ accountId: identity.accountId, id })
      return undefined
    },
  )
}
