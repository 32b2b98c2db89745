import { z } from 'zod'
import { email } from './accounts.ts'
import { generationFault, generationState } from './generations.ts'

const check = z.object({
  state: z.enum(['passed', 'failed', 'never']),
  at: z.string().nullable(),
  checked: z.number().int().describe('How many rows were looked at.'),
  detail: z.string(),
})

/** `GET /v1/console/overview` */
export const overview = z.object({
  queue: z.object({
    queued: z.number().int(),
    running: z.number().int(),
    uncertain: z.number().int(),
    oldest_queued_at: z.string().nullable(),
  }),
  last_24_hours: z.object({
    delivered: z.number().int(),
    failed: z.number().int(),
    blocked: z.number().int(),
    canceled: z.number().int(),
    credits_captured: z.number().int(),
  }),
  accounts: z.number().int(),
  recent_failures: z.array(
    z.object({
      generation_id: z.string(),
      account_id: z.string(),
      model: z.string(),
      state: generationState,
      fault: generationFault.nullable(),
      finished_at: z.string(),
    }),
  ),
  checks: z.object({ ledger: check, log: check }),
  readiness: z.array(
    z.object({
      id: z.string(),
      state: z.enum(['ok', 'attention', 'blocking']),
      title: z.string(),
      detail: z.string(),
    }),
  ),
})
export type Overview = z.infer<typeof overview>

/** One row of `GET /v1/console/accounts` */
export const accountRow = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(['creator', 'operator']),
  email_verified: z.boolean(),
  suspended: z.boolean(),
  available: z.number().int(),
  held: z.number().int(),
  created_at: z.string(),
})
export type AccountRow = z.infer<typeof accountRow>

/** `POST /v1/console/accounts/{id}/grants` */
export const grantRequest = z.strictObject({
  amount: z.number().int().min(1).max(1_000_000_000),
  reason: z.string().trim().min(3).max(500),
  expires_in_days: z.number().int().min(1).max(3650).optional(),
})

/** `PATCH /v1/console/accounts/{id}` */
export const accountChange = z.strictObject({ suspended: z.boolean() })

/** `PATCH /v1/console/models/{id}` */
export const modelChange = z.strictObject({
  credits_per_second: z.number().min(0).max(1_000_000).multipleOf(0.0001).optional(),
  enabled: z.boolean().optional(),
})

/** `POST /v1/console/invitations` */
export const invitationRequest = z.strictObject({ email: email.optional() })

export const invitation = z.object({
  id: z.string(),
  url: z.string().nullable().describe('Shown once, right after it was made.'),
  email: z.string().nullable(),
  created_at: z.string(),
  expires_at: z.string(),
  used_at: z.string().nullable(),
})
export type Invitation = z.infer<typeof invitation>

/** One row of `GET /v1/console/mails`: what would have been sent, while no SMTP server is configured. */
export const unsentMail = z.object({
  id: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  at: z.string(),
})
export type UnsentMail = z.infer<typeof unsentMail>
