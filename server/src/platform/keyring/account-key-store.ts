import type { Queryable } from '../db/index.ts'

export async function insertAccountKey(
  tx: Queryable,
  row: { accountId: string; wrappedKey: Buffer; keyId: string },
): Promise<void> {
  await tx.query('insert into account_keys (account_id, wrapped_key, key_id) values ($1, $2, $3)', [
    row.accountId,
    row.wrappedKey,
    row.keyId,
  ])
}

export async function findAccountKey(
  db: Queryable,
  accountId: string,
): Promise<{ wrappedKey: Buffer; keyId: string } | null> {
  const rows = await db.query<{ wrapped_key: Buffer; key_id: string }>(
    'select wrapped_key, key_id from account_keys where account_id = $1',
    [accountId],
    'find_account_key',
  )
  const row = rows[0]
  return row ? { wrappedKey: row.wrapped_key, keyId: row.key_id } : null
}

export async function deleteAccountKey(tx: Queryable, accountId: string): Promise<void> {
  await tx.query('delete from account_keys where account_id = $1', [accountId])
}
