import { z } from 'zod'

export const rendition = z.enum(['original', 'web', 'poster', 'preview'])
export type Rendition = z.infer<typeof rendition>

export const asset = z.object({
  id: z.string(),
  kind: z.enum(['video', 'image']),
  source: z.enum(['output', 'upload']),
  generation_id: z.string().nullable(),
  file_name: z.string(),
  mime_type: z.string(),
  bytes: z.number().int(),
  sha256: z.string().describe('Of the file as downloaded, in hexadecimal.'),
  width: z.number().int(),
  height: z.number().int(),
  duration_ms: z.number().int().nullable(),
  frame_rate: z.number().nullable(),
  video_codec: z.string().nullable(),
  audio_codec: z.string().nullable(),
  bitrate: z.number().int().nullable(),
  credentials: z.enum(['signed', 'unsigned']).describe('Whether the file carries Content Credentials.'),
  urls: z
    .object({
      content: z.string().describe('The original; signed and expiring. Add `&download=1` to save it.'),
      web: z.string().nullable().describe('A version every browser plays.'),
      poster: z.string().nullable(),
      preview: z.string().nullable(),
    })
    .describe('Relative addresses, good for a limited time.'),
  created_at: z.string(),
  deletes_at: z.string().nullable().describe('When the retention period of this deployment ends.'),
})
export type Asset = z.infer<typeof asset>

/** `GET /v1/assets/{id}/provenance` */
export const provenance = z.object({
  state: z.enum(['valid', 'trusted', 'invalid', 'none', 'unavailable']),
  issuer: z.string().nullable(),
  signed_at: z.string().nullable(),
  model: z.string().nullable(),
  digital_source_type: z.string().nullable(),
  sha256: z.string(),
})
export type Provenance = z.infer<typeof provenance>
