import { z } from 'zod'

export const email = z.string().trim().toLowerCase().pipe(z.email().max(254))
export const passwordCharactersMin = 10
export const password = z.string().min(passwordCharactersMin).max(200)

/** `GET /v1/setup`: what a visitor must do before anything else works. */
export const setupStatus = z.object({
  needs_operator: z.boolean(),
  needs_token: z.boolean().describe('True on any address other than loopback.'),
})

/** `GET /v1/service`: what the sign-in pages need to know; public. */
export const service = z.object({
  name: z.string(),
  registration: z.enum(['open', 'invited', 'closed']),
  minimum_age: z.number().int(),
  terms_version: z.string(),
  sign_in_with: z.array(z.object({ id: z.string(), name: z.string() })),
  mail: z.boolean().describe('Whether mails are really sent.'),
  contact_email: z.string(),
  signed_in: z
    .boolean()
    .describe('Whether the request came with a valid session: pages ask here without provoking a 401.'),
})
export type Service = z.infer<typeof service>

/** `POST /v1/setup` */
export const setupRequest = z.strictObject({
  email,
  password,
  name: z.string().trim().min(1).max(100).optional(),
  token: z.string().max(200).optional(),
  accept_terms: z.literal(true),
  confirm_age: z.literal(true),
})

/** `POST /v1/sign-up` */
export const signUpRequest = z.strictObject({
  email,
  password,
  name: z.string().trim().min(1).max(100).optional(),
  invitation: z.string().max(200).optional(),
  terms_version: z.string().max(40).describe('The version that was shown.'),
  accept_terms: z.literal(true),
  confirm_age: z.literal(true).describe('That one has reached the minimum age.'),
})

/** `GET /v1/me` */
export const me = z.object({
  user: z.object({
    id: z.string(),
    email: z.string(),
    email_verified: z.boolean(),
    name: z.string(),
    role: z.enum(['creator', 'operator']),
    two_factor: z.boolean(),
    has_password: z.boolean(),
    created_at: z.string(),
  }),
  account: z.object({ id: z.string(), member_role: z.enum(['owner']) }),
  terms: z.object({ current: z.string(), accepted: z.string().nullable() }),
})
export type Me = z.infer<typeof me>

export const session = z.object({
  id: z.string(),
  current: z.boolean(),
  device: z.string().describe('Browser and system, in words.'),
  ip_address: z.string().nullable(),
  created_at: z.string(),
  last_seen_at: z.string(),
})
export type Session = z.infer<typeof session>
