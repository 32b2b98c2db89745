import { z } from 'zod'

export const grantKind = z.enum(['subscription', 'pack', 'promo', 'admin', 'restored'])
export type GrantKind = z.infer<typeof grantKind>

/** One grant of credits; `expires_at` null: never expires. Also the answer of `POST …/grants` in the console. */
export const creditGrant = z.object({
  id: z.number().int(),
  kind: grantKind,
  amount: z.number().int(),
  remaining: z.number().int(),
  held: z.number().int(),
  expires_at: z.string().nullable(),
})
export type CreditGrant = z.infer<typeof creditGrant>

/** `GET /v1/credits` */
export const creditBalance = z.object({
  available: z.number().int(),
  held: z.number().int(),
  frozen: z.number().int(),
  debt: z.number().int(),
  grants: z.array(creditGrant).describe('In the order in which they will be spent.'),
})
export type CreditBalance = z.infer<typeof creditBalance>

/** One line of `GET /v1/credits/statement`: every change of the balance, newest first. */
export const statementLine = z.object({
  id: z.string(),
  at: z.string(),
  kind: z.enum(['grant', 'hold', 'capture', 'release', 'refund', 'expire', 'revoke', 'adjust', 'restore']),
  amount: z.number().int().describe('Change of the available credits; 0 for a capture of held ones.'),
  held_change: z.number().int(),
  available_after: z.number().int(),
  held_after: z.number().int(),
  generation_id: z.string().nullable(),
  explanation: z.string(),
})
export type StatementLine = z.infer<typeof statementLine>
