import type { Queryable } from '../../platform/db/index.ts'

export interface ConsoleAccountRow {
  id: string
  user_id: string
  email: string
  name: string
  role: 'creator' | 'operator'
  email_verified: boolean
  suspended_at: Date | null
  created_at: Date
}

const columns =
  'a.id, u.id as user_id, u.email, u.name, u.role, u.email_verified, a.suspended_at, a.created_at'
const source = 'from accounts a join members m on m.account_id = a.id join users u on u.id = m.user_id'

/** Newest first; `search` is any part of the address. */
export async function selectAccounts(
  db: Queryable,
  page: { search: string | null; limit: number; after: string | null },
): Promise<ConsoleAccountRow[]> {
  return db.query<ConsoleAccountRow>(
    `select ${columns} ${source}
     where ($1::text is null or strpos(u.email, lower($1)) > 0) and ($2::text is null or a.id < $2)
     order by a.id desc limit $3`,
    [page.search, page.after, page.limit],
  )
}

export async function selectAccount(db: Queryable, id: string): Promise<ConsoleAccountRow | null> {
  const [row] = await db.query<ConsoleAccountRow>(`select ${columns} ${source} where a.id = $1`, [id])
  return row ?? null
}

export async function countAccounts(db: Queryable): Promise<number> {
  const [row] = await db.query<{ count: number }>('select count(*)::int as count from accounts')
  return row?.count ?? 0
}

/** @returns whether anything changed */
export async function updateSuspended(tx: Queryable, id: string, suspendedAt: Date | null): Promise<boolean> {
  const rows = await tx.query(
    `update accounts set suspended_at = $2 where id = $1 and (suspended_at is null) = ($2::timestamptz is not null)
     returning id`,
    [id, suspendedAt],
  )
  return rows.length > 0
}
