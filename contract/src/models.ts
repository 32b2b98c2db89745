import { z } from 'zod'

export const aspectRatio = z.enum(['16:9', '9:16', '1:1'])
export const resolution = z.enum(['480p', '720p', '1080p'])
export type AspectRatio = z.infer<typeof aspectRatio>
export type Resolution = z.infer<typeof resolution>

/** What a model can do. Validation, the studio's controls, quotes and documents all read this one declaration. */
export const capabilities = z.object({
  output: z.enum(['video']),
  aspect_ratios: z.array(aspectRatio).min(1),
  resolutions: z.array(resolution).min(1),
  seconds: z.object({ min: z.number().int(), max: z.number().int() }),
  outputs_max: z.number().int().min(1),
  seed: z.boolean(),
  audio: z.enum(['none', 'always', 'optional']),
  image_roles: z.array(z.enum(['reference'])).describe('Roles in which an uploaded image may be given.'),
  cancel: z.boolean().describe('Whether a running generation can be stopped.'),
  prompt_characters_max: z.number().int(),
})
export type Capabilities = z.infer<typeof capabilities>

export const modelPrice = z.object({
  version: z
    .number()
    .int()
    .describe('Rises with each change; a generation keeps the version it was quoted with.'),
  credits_per_second: z.number().min(0).describe('May be fractional; a quote is rounded up once.'),
})
export type ModelPrice = z.infer<typeof modelPrice>

export const model = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  is_draft: z.boolean().describe('A moving storyboard rendered on the CPU, not AI video.'),
  enabled: z.boolean(),
  verified: z.enum(['live', 'contract']).describe('Whether it was ever run against the real service.'),
  capabilities,
  price: modelPrice,
  typical_wait_seconds: z.number().nullable().describe('Median of this deployment, null until it is known.'),
})
export type Model = z.infer<typeof model>
