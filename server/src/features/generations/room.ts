import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/index.ts'
import type { Events, Hints } from '../../platform/events/index.ts'
import type { Keyring } from '../../platform/keyring/index.ts'
import type { Logger } from '../../platform/log.ts'
import type { VideoProvider } from '../../providers/provider.ts'
import type { Assets } from '../assets/index.ts'
import type { Credits } from '../credits/index.ts'
import type { Models, Offer } from '../models/index.ts'
import type { Moderation } from '../moderation/index.ts'
import type { Records } from '../records/index.ts'
import type { Deadlines } from './generation.ts'

/** One way to run models: the adapter, and the lane whose slots it uses. */
export interface Lane {
  readonly id: string
  readonly provider: VideoProvider
  /** Runs at once, across all processes. */
  readonly runningMax: number
}

/** Points at which a test may kill the process; see `Room.reached`. */
export const steps = [
  'accept.before_commit',
  'accept.after_commit',
  'claim.after_commit',
  'attempt.intended',
  'provider.started',
  'attempt.accepted',
  'check.done',
  'collect.begun',
  'collect.downloaded',
  'collect.stored',
  'finish.before_commit',
  'finish.after_commit',
] as const
export type Step = (typeof steps)[number]

/** Everything that the life cycle of a generation works with. */
export interface Room {
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  readonly keyring: Keyring
  readonly events: Events
  readonly hints: Hints
  readonly records: Records
  readonly credits: Credits
  readonly moderation: Moderation
  readonly models: Models
  readonly assets: Assets
  readonly lanes: ReadonlyMap<string, Lane>
  readonly limits: { readonly simultaneousMax: number; readonly outstandingMax: number }
  readonly deadlines: Deadlines
  /** Where downloads rest until they are stored. */
  readonly workDirectory: string
  /** Fetches an output that an upstream names by its address; the guarded client. */
  readonly download: (
    url: string,
    toPath: string,
    options: { hosts: readonly string[]; signal: AbortSignal },
  ) => Promise<void>
  /** Signs one file with Content Credentials; null where that is not possible on this machine. */
  readonly signOutput:
    | ((
        inPath: string,
        outPath: string,
        facts: { assetId: string; modelId: string; at: Date },
      ) => Promise<void>)
    | null
  /** Told at every step; tests end the process there. */
  readonly reached: (step: Step) => void
}

export function offerOf(offers: readonly Offer[], lanes: ReadonlyMap<string, Lane>): Lane | undefined {
  for (const offer of offers) {
    const lane = lanes.get(offer.lane)
    if (lane) return lane
  }
  return undefined
}

/** The hint topic of everything that a worker may want to look at. */
export const lineTopic = 'line'
