import type { Queryable } from '../../platform/db/index.ts'

/** Claims the key for this request. Waits for a concurrent duplicate; false when somebody has it already. */
export async function insertKey(
  tx: Queryable,
  entry: { accountId: string; key: string; requestHash: Buffer; generationId: string; at: Date },
): Promise<boolean> {
  const rows = await tx.query(
    `insert into generation_keys (account_id, key, request_hash, generation_id, created_at)
     values ($1, $2, $3, $4, $5) on conflict do nothing returning 1`,
    [entry.accountId, entry.key, entry.requestHash, entry.generationId, entry.at],
    'insert-generation-key',
  )
  return rows.length === 1
}

export async function selectKey(
  db: Queryable,
  accountId: string,
  key: string,
): Promise<{ requestHash: Buffer; generationId: string } | undefined> {
  const [row] = await db.query<{ request_hash: Buffer; generation_id: string }>(
    'select request_hash, generation_id from generation_keys where account_id = $1 and key = $2',
    [accountId, key],
    'select-generation-key',
  )
  return row && { requestHash: row.request_hash, generationId: row.generation_id }
}
