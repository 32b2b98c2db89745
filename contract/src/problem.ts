import { z } from 'zod'
import { errorCodes } from './errors.ts'

export const fieldFault = z.object({
  field: z.string().describe('Dotted path of the wrong field, e.g. `seconds`.'),
  code: z.string().describe('Stable code of what is wrong with it, e.g. `too_big`.'),
  message: z.string(),
})

/** RFC 9457 problem details, with what a client needs to decide what to do next. */
export const problem = z.object({
  type: z.string().describe('Address of the page that explains the code.'),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().describe('What happened here, in one sentence, and what to do.'),
  code: z.enum(errorCodes),
  kind: z.enum(['user', 'funds', 'limit', 'policy', 'provider', 'ours']),
  retryable: z.boolean().describe('Whether the same request may succeed later.'),
  charged: z.literal(false).describe('Nothing is ever charged for a request that is answered with an error.'),
  request_id: z.string(),
  errors: z.array(fieldFault).optional().describe('One entry for each wrong field.'),
  category: z.string().optional().describe('For blocked prompts: the category of the rule.'),
  available: z.array(z.string()).optional().describe('For an unknown model: the models that exist.'),
})

export type Problem = z.infer<typeof problem>
