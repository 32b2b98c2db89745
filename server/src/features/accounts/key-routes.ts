import { apiKey, createdKey, keyRequest, page, pageQuery } from '@backlot/contract'
import { z } from 'zod'
import type { Api } from '../../platform/http/index.ts'
import { createApiKey, listApiKeys, revokeApiKey } from './keys.ts'
import type { Room } from './room.ts'

/** No scope on purpose: a key can neither see nor make keys. */
export function keyRoutes(api: Api, room: Room): void {
  api.route(
    {
      method: 'get',
      path: '/v1/keys',
      access: 'account',
      summary: 'The account’s API keys',
      query: pageQuery,
      answer: page(apiKey),
    },
    async ({ identity, query }) => listApiKeys(room, identity.accountId, query),
  )
  api.route(
    {
      method: 'post',
      path: '/v1/keys',
      access: 'account',
      summary: 'Make an API key; its secret is shown once',
      body: keyRequest,
      answer: createdKey,
      status: 201,
      errors: ['state_conflict'],
    },
    async ({ identity, body }) =>
      createApiKey(room, { accountId: identity.accountId, userId: identity.userId, ...body }),
  )
  api.route(
    {
      method: 'delete',
      path: '/v1/keys/{id}',
      access: 'account',
      summary: 'Revoke an API key',
      params: z.object({ id: z.string().max(60) }),
      errors: ['not_found'],
    },
    async ({ identity, params }) => {
      await revokeApiKey(room, identity.accountId, params.id)
      return undefined
    },
  )
}
