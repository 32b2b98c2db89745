import { z } from 'zod'

/** What an API key may be allowed to do. */
export const keyScopes = [
  'generations:read',
  'generations:write',
  'assets:read',
  'assets:write',
  'credits:read',
  'models:read',
] as const
export type KeyScope = (typeof keyScopes)[number]

/** One row of `GET /v1/keys` */
export const apiKey = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string().describe('The beginning of the secret, to recognise it by.'),
  scopes: z.array(z.string()),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
})
export type ApiKey = z.infer<typeof apiKey>

/** `POST /v1/keys` */
export const keyRequest = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z
    .array(z.enum(keyScopes))
    .min(1)
    .default([...keyScopes]),
})

/** Answer of `POST /v1/keys`; `key` is the whole secret and is never shown again. */
export const createdKey = apiKey.extend({ key: z.string() })
export type CreatedKey = z.infer<typeof createdKey>
