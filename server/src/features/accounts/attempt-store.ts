import type { Queryable } from '../../platform/db/index.ts'

/** @returns the new attempt's id */
export async function insertAttempt(db: Queryable, kind: string, key: string, at: Date): Promise<number> {
  const [row] = await db.query<{ id: number }>(
    'insert into sign_in_attempts (kind, key, at) values ($1, $2, $3) returning id',
    [kind, key, at],
  )
  if (!row) throw new Error('an insert returned no row')
  return row.id
}

/** How many attempts count against the key since then, and when the oldest of them was made. */
export async function countAttempts(
  db: Queryable,
  kind: string,
  key: string,
  since: Date,
): Promise<{ count: number; oldestAt: Date | null }> {
  const [row] = await db.query<{ count: number; oldest_at: Date | null }>(
    `select count(*)::int as count, min(at) as oldest_at from sign_in_attempts
     where kind = $1 and key = $2 and at > $3 and outcome in ('pending', 'failed')`,
    [kind, key, since],
  )
  return { count: row?.count ?? 0, oldestAt: row?.oldest_at ?? null }
}

export async function updateAttempts(
  db: Queryable,
  ids: readonly number[],
  outcome: 'failed' | 'succeeded',
): Promise<void> {
  await db.query('update sign_in_attempts set outcome = $2 where id = any($1)', [ids, outcome])
}

/** Takes attempts out of the record: they were not let try, or what went wrong was ours. */
export async function deleteAttempts(db: Queryable, ids: readonly number[]): Promise<void> {
  await db.query('delete from sign_in_attempts where id = any($1)', [ids])
}
