import { newId } from '@backlot/contract'
import { AppError } from '../../platform/app-error.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Queryable, Transaction } from '../../platform/db/index.ts'
import type { Keyring } from '../../platform/keyring/index.ts'
import type { Logger } from '../../platform/log.ts'
import type { Profile } from '../policy/index.ts'
import type { Records } from '../records/index.ts'
import { refusalDetail } from './refusal.ts'
import { type ScreeningOutcome, screenPrompt } from './screen-prompt.ts'
import * as store from './screening-store.ts'

export interface Moderation {
  /** Judges a prompt under the profile's red lines. Pure and fast; writes nothing. */
  screen(prompt: string): ScreeningOutcome
  /**
   * Lets a prompt through or refuses it. A refusal is recorded, with the prompt sealed, before it is thrown.
   *
   * @throws AppError `prompt_blocked` with the member `category`
   */
  admit(accountId: string, prompt: string): Promise<ScreeningOutcome & { decision: 'allow' }>
  /**
   * Records a decision in a transaction of the caller. The prompt of a refused request is kept; of an allowed one
   * nothing is, because the generation has it. Prompts come sealed from `sealPrompt`, made before the transaction.
   */
  record(
    tx: Transaction,
    decision: {
      screeningId: string
      accountId: string
      outcome: ScreeningOutcome
      promptSealed: Buffer | null
      at: Date
    },
  ): Promise<void>
  sealPrompt(accountId: string, screeningId: string, prompt: string): Promise<Buffer>
  /** A decision with its prompt, for its owner and for review; the prompt is null once forgotten. */
  find(screeningId: string): Promise<(store.Screening & { prompt: string | null }) | null>
  countBlocked(accountId: string, since: Date): Promise<number>
  /**
   * Forgets the prompts of refused requests whose time (`retention.blocked_prompts_days`) is over.
   *
   * @returns how many; call again while it is not 0
   */
  sweep(limit?: number): Promise<number>
}

const dayMs = 24 * 60 * 60_000

function promptContext(screeningId: string): string {
  return `screening.prompt:${screeningId}`
}

export function createModeration(options: {
  db: Database
  keyring: Keyring
  clock: Clock
  log: Logger
  records: Pick<Records, 'append'>
  profile: Pick<Profile, 'red_lines' | 'protected_names' | 'retention'>
}): Moderation {
  const { db, keyring, clock, log, records, profile } = options
  const policy = { redLines: profile.red_lines, protectedNames: profile.protected_names }

  const screen = (prompt: string) => screenPrompt(prompt, policy)

  async function record(
    tx: Transaction,
    { screeningId, accountId, outcome, promptSealed, at }: Parameters<Moderation['record']>[1],
  ): Promise<void> {
    const { decision, category, rule, lexiconVersion } = outcome
    const screening = { id: screeningId, accountId, at, decision, category, rule, lexiconVersion }
    await store.insertScreening(tx as Queryable, screening, decision === 'block' ? promptSealed : null)
    if (decision === 'block') {
      await records.append(tx, {
        kind: 'screening.blocked',
        accountId,
        subjectId: screeningId,
        at,
        facts: { category, rule, lexicon_version: lexiconVersion },
      })
    }
  }

  async function sealPrompt(accountId: string, screeningId: string, prompt: string): Promise<Buffer> {
    return keyring.seal(accountId, promptContext(screeningId), prompt)
  }

  return {
    screen,
    record,
    sealPrompt,
    async admit(accountId, prompt) {
      const outcome = screen(prompt)
      if (outcome.decision === 'allow') return outcome
      const at = clock.now()
      const screeningId = newId('scr', at.getTime())
      const promptSealed = await sealPrompt(accountId, screeningId, prompt)
      await db.transaction((tx) => record(tx, { screeningId, accountId, outcome, promptSealed, at }))
      log.info(
        { screeningId, accountId, category: outcome.category, rule: outcome.rule },
        'a prompt was refused',
      )
      throw new AppError('prompt_blocked', refusalDetail(outcome.category), {
        members: { category: outcome.category },
      })
    },
    async find(screeningId) {
      const found = await store.findScreening(db, screeningId)
      if (!found) return null
      const { screening, promptSealed } = found
      const prompt = promptSealed
        ? await keyring.open(screening.accountId, promptContext(screeningId), promptSealed)
        : null
      return { ...screening, prompt }
    },
    countBlocked: (accountId, since) => store.countBlockedSince(db, accountId, since),
    sweep: (limit = 1_000) =>
      store.clearPromptsBefore(
        db,
        new Date(clock.now().getTime() - profile.retention.blocked_prompts_days * dayMs),
        limit,
      ),
  }
}
