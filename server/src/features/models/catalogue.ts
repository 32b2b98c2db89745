import type { Capabilities } from '@backlot/contract'

/** One model as it is declared: what it can do and which offers run it. Prices live in the database. */
export interface ModelDefinition {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly is_draft: boolean
  /** `live` once it was run against the real service, `contract` while only its documented wire form was tested. */
  readonly verified: 'live' | 'contract'
  readonly capabilities: Capabilities
  readonly offers: readonly Offer[]
  /** What a new deployment charges until its operator says otherwise. */
  readonly default_credits_per_second: number
}

/** One provider's way to run a model. */
export interface Offer {
  readonly provider: string
  /** The provider account whose slots it uses: the lane in which its generations wait. */
  readonly lane: string
  readonly upstream_model: string
  readonly upstream_cost_usd_micros_per_second: number
}

/** What Backlot ships with. */
export const catalogue: readonly ModelDefinition[] = [
  {
    id: 'draft',
    name: 'Draft',
    description:
      'A moving storyboard drawn on this machine from your prompt: check framing, camera and timing before you pay for real video. Not AI video.',
    is_draft: true,
    verified: 'live',
    capabilities: {
      output: 'video',
      aspect_ratios: ['16:9', '9:16', '1:1'],
      resolutions: ['480p', '720p', '1080p'],
      seconds: { min: 2, max: 12 },
      outputs_max: 4,
      seed: true,
      audio: 'optional',
      image_roles: ['reference'],
      cancel: true,
      prompt_characters_max: 2000,
    },
    offers: [
      {
        provider: 'draft',
        lane: 'draft',
        upstream_model: 'animatic',
        upstream_cost_usd_micros_per_second: 0,
      },
    ],
    default_credits_per_second: 1,
  },
]
