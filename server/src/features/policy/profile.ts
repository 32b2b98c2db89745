import { z } from 'zod'

/**
 * What a deployment may refuse to make. `moderation` holds the rules of each category; the terms name them.
 * The order is the order in which they are shown.
 */
export const redLineCategories = [
  'sexual_minors',
  'intimate_imagery',
  'sexual_explicit',
  'graphic_violence',
  'hate_extremism',
  'terrorism',
  'self_harm',
  'dangerous_instructions',
] as const

export type RedLineCategory = (typeof redLineCategories)[number]

/**
 * Categories that no profile may leave out: the AI Act (Art. 5, from December 2026) forbids systems whose
 * foreseeable results include them, and no deployment has a use for them.
 */
export const unremovableRedLines: readonly RedLineCategory[] = ['sexual_minors', 'intimate_imagery']

const text = z.string().trim().min(1)
const email = z.email()
const days = z.int().min(1).max(36_500)
const day = z.iso.date()

/**
 * The profile as it stands in `profiles/*.yaml`. Names are those of the file, so that a fault, a page and a test
 * speak of the same thing.
 */
export const profileSchema = z.strictObject({
  name: text.max(60),
  operator: z.strictObject({
    legal_name: text.max(200),
    address: text.max(500).nullable().describe('Postal address; lines separated by commas.'),
  }),
  contacts: z.strictObject({ support_email: email, privacy_email: email, abuse_email: email }),
  law: z.strictObject({
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be a two-letter country code such as DE')
      .nullable(),
  }),
  terms_version: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}\.\d+$/, 'must be a date and a revision such as 2026-11-20.1'),
  terms_effective_on: day,
  minimum_age: z.int().min(13).max(99),
  registration: z.enum(['open', 'invited', 'closed']),
  credits: z.strictObject({
    free_monthly: z.int().min(0).max(1_000_000_000),
    draft_per_second: z.number().min(0).max(1_000_000),
  }),
  limits: z.strictObject({
    generations_simultaneous: z.int().min(1).max(1000),
    generations_outstanding: z.int().min(1).max(1_000_000),
  }),
  media: z.strictObject({
    upload_megabytes_max: z.int().min(1).max(2000),
    upload_megapixels_max: z.int().min(1).max(1000),
  }),
  retention: z.strictObject({
    outputs_days: days.nullable(),
    uploads_days: days.nullable(),
    failed_prompts_days: days,
    blocked_prompts_days: days,
    log_prompts_days: days,
    server_logs_days: days,
    backups_days: days,
  }),
  rights: z.strictObject({ answer_days: days }),
  red_lines: z
    .array(z.enum(redLineCategories))
    .superRefine((list, context) => {
      for (const category of unremovableRedLines) {
        if (!list.includes(category)) {
          context.addIssue({ code: 'custom', message: `must contain ${category}: it cannot be switched off` })
        }
      }
      if (new Set(list).size < list.length) {
        context.addIssue({ code: 'custom', message: 'names a category twice' })
      }
    })
    .transform((list) => redLineCategories.filter((category) => list.includes(category))),
  protected_names: z.array(text.min(3).max(100)).max(10_000).default([]),
})

export type Profile = Readonly<z.infer<typeof profileSchema>>

const placeholderName = 'The operator of this deployment'

/**
 * The fields that still hold what the neutral profile ships with, as dotted paths. A deployment that others can
 * reach must settle them first; `doctor` says so.
 */
export function placeholderFields(profile: Profile): string[] {
  const fields: string[] = []
  if (profile.operator.legal_name === placeholderName) fields.push('operator.legal_name')
  if (profile.operator.address === null) fields.push('operator.address')
  for (const [key, address] of Object.entries(profile.contacts)) {
    // RFC 2606 reserves these: no mail ever arrives there.
    if (/[@.](invalid|example|test|localhost)$|@example\.(com|net|org)$/i.test(address)) {
      fields.push(`contacts.${key}`)
    }
  }
  if (profile.law.country === null) fields.push('law.country')
  return fields
}
