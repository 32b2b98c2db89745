import { asset, page, pageQuery, provenance } from '@backlot/contract'
import { z } from 'zod'
import { AppError } from '../../platform/app-error.ts'
import { type Api, problemResponse } from '../../platform/http/index.ts'
import type { Assets } from './asset-service.ts'

const params = z.object({ id: z.string().max(40) })

export function assetRoutes(api: Api, assets: Assets): void {
  api.route(
    {
      method: 'post',
      path: '/v1/uploads',
      access: 'account',
      scope: 'assets:write',
      summary: 'Upload an image, as the body or as the part `file` of a multipart form',
      query: z.object({ file_name: z.string().max(255).optional() }),
      answer: asset,
      status: 201,
      errors: ['upload_unsupported', 'upload_broken', 'body_too_large', 'too_many_attempts', 'unavailable'],
    },
    ({ identity, query, context, signal }) =>
      assets.upload(identity.accountId, context.req.raw, { fileName: query.file_name ?? null, signal }),
  )

  api.route(
    {
      method: 'get',
      path: '/v1/assets',
      access: 'account',
      scope: 'assets:read',
      summary: 'Assets of the account, the newest first',
      query: pageQuery.extend({
        kind: asset.shape.kind.optional(),
        source: asset.shape.source.optional(),
      }),
      answer: page(asset),
    },
    ({ identity, query }) => assets.list(identity.accountId, query),
  )

  api.route(
    {
      method: 'get',
      path: '/v1/assets/{id}',
      access: 'account',
      scope: 'assets:read',
      summary: 'One asset',
      params,
      answer: asset,
      errors: ['not_found', 'gone'],
    },
    ({ identity, params: { id } }) => assets.get(identity.accountId, id),
  )

  api.route(
    {
      method: 'delete',
      path: '/v1/assets/{id}',
      access: 'account',
      scope: 'assets:write',
      summary: 'Delete an asset and its files',
      params,
      errors: ['not_found', 'gone'],
    },
    async ({ identity, params: { id } }) => {
      await assets.delete(identity.accountId, id)
      return undefined
    },
  )

  api.route(
    {
      method: 'get',
      path: '/v1/assets/{id}/provenance',
      access: 'account',
      scope: 'assets:read',
      summary: 'What the Content Credentials in the file say',
      params,
      answer: provenance,
      errors: ['not_found', 'gone'],
    },
    ({ identity, params: { id } }) => assets.provenance(identity.accountId, id),
  )

  const contentQuery = z.object({
    account: z.string().optional(),
    rendition: z.string().optional(),
    expires: z.string().optional(),
    signature: z.string().optional(),
    download: z.string().optional(),
  })
  api.route(
    {
      method: 'get',
      path: '/v1/assets/{id}/content',
      access: 'signed',
      summary: 'The file itself; the address comes from an asset and expires',
      params,
      query: contentQuery,
      errors: ['signature_invalid', 'not_found', 'gone', 'range_unsatisfiable'],
    },
    async ({ params: { id }, query, context, requestId }) => {
      const answer = await assets.content(id, query, context.req.raw)
      return answer.status === 416 ? unsatisfiable(answer, requestId) : answer
    },
  )
}

/** The problem document, with the header that tells a client how long the file is. */
function unsatisfiable(answer: Response, requestId: string): Response {
  const problem = problemResponse(
    new AppError('range_unsatisfiable', 'The range begins behind the end of the file.'),
    requestId,
    '',
  )
  problem.headers.set('content-range', answer.headers.get('content-range') ?? 'bytes */*')
  return problem
}
