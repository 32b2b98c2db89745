import { type Profile, placeholderFields, type RedLineCategory } from '../profile.ts'
import { html, type Markup } from './markup.ts'

/** What each red line forbids, in the words of the terms. */
const redLineWords: Readonly<Record<RedLineCategory, string>> = {
  sexual_minors: 'anything that shows or suggests minors in a sexual way, drawn or realistic, in any style',
  intimate_imagery:
    'real people undressed or in sexual scenes, and any attempt to undress somebody in a picture',
  sexual_explicit: 'nude and sexually explicit scenes',
  graphic_violence: 'graphic cruelty: executions, torture, mutilated bodies',
  hate_extremism: 'calls for hatred or violence against groups of people, and extremist propaganda',
  terrorism: 'the praise, recruitment or planning of terrorist groups and acts',
  self_harm: 'encouragement of suicide or self-harm, and instructions for it',
  dangerous_instructions: 'instructions for weapons, explosives, poisons or illegal drugs',
}

/** The profile in words. Every number and name that a page shows comes from here. */
export interface PageWords {
  readonly name: string
  readonly operator: string
  readonly address: string | null
  readonly support: Markup
  readonly privacy: Markup
  readonly abuse: Markup
  readonly law: string
  readonly minimumAge: string
  readonly termsVersion: string
  readonly effectiveOn: string
  readonly registration: string
  readonly freeCredits: string
  readonly hasFreeCredits: boolean
  readonly draftPrice: string
  readonly simultaneous: string
  readonly outstanding: string
  readonly uploadSize: string
  readonly uploadPixels: string
  /** Completes "are kept …". */
  readonly outputsKept: string
  readonly uploadsKept: string
  readonly failedPrompts: string
  readonly blockedPrompts: string
  readonly logPrompts: string
  readonly serverLogs: string
  readonly backups: string
  readonly answerWithin: string
  readonly redLines: readonly { readonly category: RedLineCategory; readonly words: string }[]
  /** Whether names and contacts are still those of the neutral profile. */
  readonly isUnsettled: boolean
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 6 })

function count(number: number, one: string, many: string): string {
  return `${whole.format(number)} ${number === 1 ? one : many}`
}

function days(number: number): string {
  return count(number, 'day', 'days')
}

function kept(number: number | null): string {
  return number === null ? 'until you delete them' : `for ${days(number)}`
}

export function pageWords(profile: Profile): PageWords {
  const unsettled = new Set(placeholderFields(profile))
  const mail = (key: keyof Profile['contacts']) => {
    const address = profile.contacts[key]
    return unsettled.has(`contacts.${key}`)
      ? html`<em>an address that the operator has not named yet</em>`
      : html`<a href="mailto:${address}">${address}</a>`
  }
  const country =
    profile.law.country === null
      ? 'the country in which the operator is established'
      : (new Intl.DisplayNames('en', { type: 'region' }).of(profile.law.country) ?? profile.law.country)
  const { retention, limits, media, credits } = profile
  return {
    name: profile.name,
    operator: unsettled.has('operator.legal_name')
      ? 'the operator of this deployment'
      : profile.operator.legal_name,
    address: profile.operator.address,
    support: mail('support_email'),
    privacy: mail('privacy_email'),
    abuse: mail('abuse_email'),
    law: country,
    minimumAge: whole.format(profile.minimum_age),
    termsVersion: profile.terms_version,
    effectiveOn: new Date(`${profile.terms_effective_on}T00:00:00Z`).toLocaleDateString('en-GB', {
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      timeZone: 'UTC',
    }),
    registration: {
      open: 'Anybody who is old enough may sign up.',
      invited: 'Accounts are made by invitation.',
      closed: 'Accounts are made by the operator; there is no public sign-up.',
    }[profile.registration],
    freeCredits: count(credits.free_monthly, 'credit', 'credits'),
    hasFreeCredits: credits.free_monthly > 0,
    draftPrice:
      credits.draft_per_second === 0 ? 'nothing' : count(credits.draft_per_second, 'credit', 'credits'),
    simultaneous: count(limits.generations_simultaneous, 'generation', 'generations'),
    outstanding: count(limits.generations_outstanding, 'generation', 'generations'),
    uploadSize: `${whole.format(media.upload_megabytes_max)} MB`,
    uploadPixels: count(media.upload_megapixels_max, 'megapixel', 'megapixels'),
    outputsKept: kept(retention.outputs_days),
    uploadsKept: kept(retention.uploads_days),
    failedPrompts: days(retention.failed_prompts_days),
    blockedPrompts: days(retention.blocked_prompts_days),
    logPrompts: days(retention.log_prompts_days),
    serverLogs: days(retention.server_logs_days),
    backups: days(retention.backups_days),
    answerWithin: days(profile.rights.answer_days),
    redLines: profile.red_lines.map((category) => ({ category, words: redLineWords[category] })),
    isUnsettled: unsettled.size > 0,
  }
}
