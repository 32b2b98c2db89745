import type { Overview } from '@backlot/contract'
import type { Credits } from '../features/credits/index.ts'
import type { Records } from '../features/records/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/index.ts'
import type { Logger } from '../platform/log.ts'
import { type CheckResult, selectCheck, upsertCheck } from './check-store.ts'

export type CheckName = 'ledger' | 'log'
export type CheckView = Overview['checks']['ledger']

/** The audits that the program makes of itself: every hour, and when an operator asks. */
export interface Checks {
  run(name: CheckName): Promise<void>
  last(name: CheckName): Promise<CheckView>
}

export function createChecks(options: {
  db: Database
  credits: Pick<Credits, 'verify'>
  records: Pick<Records, 'verify'>
  clock: Clock
  log: Logger
}): Checks {
  const { db, clock, log } = options

  async function ledger(): Promise<Omit<CheckResult, 'at'>> {
    const found = await options.credits.verify()
    const words = `${found.accounts} accounts, ${found.entries} entries`
    if (!found.violation)
      return { state: 'passed', checked: found.entries, detail: `${words}: every balance adds up.` }
    const { invariant, name, accountId, detail } = found.violation
    return {
      state: 'failed',
      checked: found.entries,
      detail: `Invariant ${invariant} (${name}) is broken for ${accountId}: ${detail}`,
    }
  }

  async function generationLog(): Promise<Omit<CheckResult, 'at'>> {
    const found = await options.records.verify()
    if (!found.fault) {
      return {
        state: 'passed',
        checked: found.entries,
        detail: `${found.entries} entries: the chain is whole.`,
      }
    }
    return {
      state: 'failed',
      checked: found.entries,
      detail: `Entry ${found.fault.sequence}: ${found.fault.code}. ${found.fault.detail}`,
    }
  }

  return {
    async run(name) {
      const result = await (name === 'ledger' ? ledger() : generationLog())
      await upsertCheck(db, name, { ...result, at: clock.now() })
      if (result.state === 'failed')
        log.error({ check: name, detail: result.detail }, 'a check of our own books failed')
    },

    async last(name) {
      const result = await selectCheck(db, name)
      if (!result) return { state: 'never', at: null, checked: 0, detail: 'It runs by itself every hour.' }
      return { ...result, at: result.at.toISOString() }
    },
  }
}
