import type { AccountRow, Page } from '@backlot/contract'
import { AppError } from '../../platform/app-error.ts'
import { cutPage } from '../../platform/http/index.ts'
import { type ConsoleAccountRow, selectAccount, selectAccounts, updateSuspended } from './console-store.ts'
import type { Room } from './room.ts'

/** Credits per account, from the room that keeps them. Accounts that it does not name have none. */
export type Balances = (
  accountIds: readonly string[],
) => Promise<ReadonlyMap<string, { available: number; held: number }>>

export async function listAccounts(
  room: Room,
  balances: Balances,
  query: { search?: string | undefined; limit: number; after?: string | undefined },
): Promise<Page<AccountRow>> {
  const rows = await selectAccounts(room.db, {
    search: query.search?.trim() || null,
    limit: query.limit + 1,
    after: query.after ?? null,
  })
  const { shown, next } = cutPage(rows, query.limit, (row) => row.id)
  return {
    data: await present(balances, shown),
    next,
  }
}

/**
 * Suspends an account or lifts that. Its sessions and keys are refused from the next request on.
 *
 * @throws AppError `not_found`, `state_conflict` for the operator's own account
 */
export async function setSuspended(
  room: Room,
  balances: Balances,
  change: { accountId: string; suspended: boolean; byAccountId: string },
): Promise<AccountRow> {
  const { accountId, suspended } = change
  if (suspended && accountId === change.byAccountId) {
    throw new AppError('state_conflict', 'You cannot suspend your own account.')
  }
  const at = room.clock.now()
  await room.db.transaction(async (tx) => {
    if (!(await updateSuspended(tx, accountId, suspended ? at : null))) return
    await room.events.append(tx, {
      accountId,
      type: 'account.suspended',
      subjectId: accountId,
      at,
      data: { suspended },
    })
    tx.afterCommit(() => room.cache.forget((cached) => cached.accountId === accountId))
  })
  const row = await selectAccount(room.db, accountId)
  if (!row) throw new AppError('not_found', 'There is no such account.')
  const [account] = await present(balances, [row])
  if (!account) throw new Error('a row was not presented')
  return account
}

async function present(balances: Balances, rows: readonly ConsoleAccountRow[]): Promise<AccountRow[]> {
  const credits = rows.length > 0 ? await balances(rows.map((row) => row.id)) : new Map()
  return rows.map((row) => ({
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    email_verified: row.email_verified,
    suspended: row.suspended_at !== null,
    available: credits.get(row.id)?.available ?? 0,
    held: credits.get(row.id)?.held ?? 0,
    created_at: row.created_at.toISOString(),
  }))
}
