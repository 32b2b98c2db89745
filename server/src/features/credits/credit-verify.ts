import type { Database, Queryable } from '../../platform/db/index.ts'
import {
  type AccountRange,
  countEntries,
  firstViolation,
  invariantChecks,
  readOneMoment,
  selectRange,
} from './credit-verify-store.ts'

export interface LedgerViolation {
  /** Number in the list of README.md; 0: a row that belongs to no account. */
  readonly invariant: number
  readonly name: string
  readonly accountId: string
  readonly detail: string
}

export interface LedgerCheck {
  readonly ok: boolean
  /** How many accounts and entries were looked at. */
  readonly accounts: number
  readonly entries: number
  /** The first one found; the check stops there. */
  readonly violation: LedgerViolation | null
}

const accountsPerStep = 500

/**
 * Checks every invariant over the whole ledger, some hundred accounts at a time, each stretch in one moment of its own:
 * no operation touches two accounts, so the books may go on being written meanwhile.
 */
export async function verifyLedger(db: Database, step = accountsPerStep): Promise<LedgerCheck> {
  let after = ''
  let accounts = 0
  let entries = 0
  for (;;) {
    const done = await db.transaction(async (tx) => {
      await readOneMoment(tx)
      const found = await selectRange(tx, after, step)
      const range = { after, upTo: found.upTo }
      const violation = await verifyRange(tx, range)
      return { ...found, entries: await countEntries(tx, range), violation }
    })
    accounts += done.accounts
    entries += done.entries
    if (done.violation) return { ok: false, accounts, entries, violation: done.violation }
    if (done.upTo === null) return { ok: true, accounts, entries, violation: null }
    after = done.upTo
  }
}

/** The first violation within a stretch of accounts; invariants in order. */
export async function verifyRange(tx: Queryable, range: AccountRange): Promise<LedgerViolation | null> {
  for (const check of invariantChecks) {
    const row = await firstViolation(tx, check, range)
    if (row) {
      return {
        invariant: check.invariant,
        name: check.name,
        accountId: row.account_id,
        detail: row.detail,
      }
    }
  }
  return null
}
