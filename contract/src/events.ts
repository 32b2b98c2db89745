import { z } from 'zod'

/**
 * One line of the outbox, as `GET /v1/events` (SSE) sends it: ids only, never content. `id` is the position:
 * send it as `Last-Event-ID` to go on where the connection broke.
 */
export const event = z.object({
  id: z.string(),
  type: z.enum([
    'generation.queued',
    'generation.started',
    'generation.progressed',
    'generation.uncertain',
    'generation.collecting',
    'generation.delivered',
    'generation.failed',
    'generation.blocked',
    'generation.canceled',
    'generation.deleted',
    'asset.created',
    'asset.deleted',
    'credits.changed',
    'account.created',
    'account.suspended',
    'session.created',
  ]),
  subject_id: z.string().describe('Id of the generation, asset or account that it is about.'),
  at: z.string(),
})
export type Event = z.infer<typeof event>
export type EventType = Event['type']
