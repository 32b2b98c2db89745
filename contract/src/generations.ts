import { z } from 'zod'
import { asset } from './assets.ts'
import { errorCodes } from './errors.ts'
import { aspectRatio, resolution } from './models.ts'

/** Upper bound for any model; each model's own `prompt_characters_max` may be lower. */
export const promptCharactersMax = 4000

export const generationParameters = z.strictObject({
  model: z.string().min(1).max(100),
  prompt: z.string().trim().min(1).max(promptCharactersMax),
  seconds: z.number().int().min(1).max(60).default(4),
  aspect_ratio: aspectRatio.default('16:9'),
  resolution: resolution.default('720p'),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2_147_483_647)
    .optional()
    .describe('Left out: one is chosen and answered.'),
  n: z.number().int().min(1).max(4).default(1).describe('How many outputs.'),
  audio: z.boolean().default(true),
  reference_asset_id: z.string().max(40).optional().describe('An uploaded image of this account.'),
})
export type GenerationParameters = z.infer<typeof generationParameters>

/** `POST /v1/quotes` */
export const quoteRequest = generationParameters.omit({ prompt: true }).extend({
  prompt: z.string().max(promptCharactersMax).optional(),
})
export type QuoteRequest = z.infer<typeof quoteRequest>

export const quote = z.object({
  model: z.string(),
  credits: z.number().int().describe('Price of the whole generation in whole credits.'),
  price_version: z.number().int(),
  credits_available: z.number().int(),
  credits_after: z
    .number()
    .int()
    .describe('What stays available afterwards; negative when it is not enough.'),
  typical_wait_seconds: z.number().nullable(),
  expires_in_days: z.number().int().nullable().describe('How long the result is kept; null: until deleted.'),
})
export type Quote = z.infer<typeof quote>

/** `POST /v1/generations` */
export const createGeneration = generationParameters.extend({
  max_cost: z.number().int().min(0).optional().describe('Refuse when the price is above this many credits.'),
  price_version: z
    .number()
    .int()
    .optional()
    .describe('Of the quote shown: refuse when the price has changed.'),
})
export type CreateGeneration = z.infer<typeof createGeneration>

export const generationState = z.enum([
  'queued',
  'starting',
  'running',
  'uncertain',
  'collecting',
  'delivered',
  'failed',
  'blocked',
  'canceled',
])
export type GenerationState = z.infer<typeof generationState>

export const finalStates: readonly GenerationState[] = ['delivered', 'failed', 'blocked', 'canceled']

export const generationFault = z.object({
  code: z.enum(errorCodes),
  message: z.string().describe('What happened, what it cost and what to do next.'),
  retryable: z.boolean(),
})

export const generation = z.object({
  id: z.string(),
  state: generationState,
  model: z.string(),
  prompt: z.string(),
  seconds: z.number().int(),
  aspect_ratio: aspectRatio,
  resolution,
  seed: z.number().int(),
  n: z.number().int(),
  audio: z.boolean(),
  reference_asset_id: z.string().nullable(),
  width: z.number().int(),
  height: z.number().int(),
  credits: z.object({
    quoted: z.number().int(),
    held: z.number().int(),
    charged: z.number().int(),
    price_version: z.number().int(),
  }),
  queue_place: z.number().int().nullable().describe('1 = next to start; only while queued.'),
  phase: z.string().nullable().describe('What is going on, in a word or two.'),
  progress: z.number().min(0).max(1).nullable(),
  estimate_seconds: z.number().nullable().describe('Honest guess of the time left, null when unknown.'),
  can_cancel: z.boolean(),
  fault: generationFault.nullable(),
  outputs: z.array(asset),
  created_at: z.string(),
  started_at: z.string().nullable(),
  finished_at: z.string().nullable(),
})
export type Generation = z.infer<typeof generation>
