import { model, modelChange } from '@backlot/contract'
import { z } from 'zod'
import type { Api } from '../../platform/http/index.ts'
import type { Models } from './model-service.ts'

const list = z.object({ data: z.array(model) })

export function modelRoutes(api: Api, models: Models): void {
  api.route(
    {
      method: 'get',
      path: '/v1/models',
      access: 'account',
      scope: 'models:read',
      summary: 'The models that can be used, with what each can do and what it costs',
      answer: list,
    },
    async () => ({ data: await models.list() }),
  )

  api.route(
    {
      method: 'get',
      path: '/v1/console/models',
      access: 'operator',
      summary: 'Every model, those that are switched off too',
      answer: list,
    },
    async () => ({ data: await models.list({ includeDisabled: true }) }),
  )

  api.route(
    {
      method: 'patch',
      path: '/v1/console/models/{id}',
      access: 'operator',
      summary: 'Change the price of a model, or switch it on or off',
      params: z.object({ id: z.string().max(100) }),
      body: modelChange,
      answer: model,
      errors: ['model_unknown'],
    },
    async ({ params, body }) => {
      if (body.credits_per_second !== undefined) await models.setPrice(params.id, body.credits_per_second)
      if (body.enabled !== undefined) await models.setEnabled(params.id, body.enabled)
      return models.get(params.id)
    },
  )
}
