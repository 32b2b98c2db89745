import type { Queryable } from '../../platform/db/index.ts'

export async function selectPasskeys(
  db: Queryable,
  userId: string,
): Promise<{ id: string; name: string | null; created_at: Date | null }[]> {
  return db.query('select id, name, created_at from passkeys where user_id = $1 order by id limit 100', [
    userId,
  ])
}

export async function deletePasskey(db: Queryable, userId: string, id: string): Promise<boolean> {
  const rows = await db.query('delete from passkeys where user_id = $1 and id = $2 returning id', [
    userId,
    id,
  ])
  return rows.length > 0
}
