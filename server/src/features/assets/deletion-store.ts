import type { Queryable } from '../../platform/db/index.ts'

export interface DeletedAsset {
  readonly accountId: string
  readonly id: string
}

interface Row {
  account_id: string
  id: string
}

const mark = 'update assets set deleted_at = $1, file_name = null'
const deletedAsset = (row: Row): DeletedAsset => ({ accountId: row.account_id, id: row.id })

/** Marks one asset deleted; false when it is not there or was deleted before. */
export async function markDeleted(tx: Queryable, asset: DeletedAsset, at: Date): Promise<boolean> {
  const rows = await tx.query(
    `${mark} where account_id = $2 and id = $3 and deleted_at is null returning 1`,
    [at, asset.accountId, asset.id],
  )
  return rows.length > 0
}

export async function markOutputsDeleted(
  tx: Queryable,
  accountId: string,
  generationId: string,
  at: Date,
): Promise<DeletedAsset[]> {
  const rows = await tx.query<Row>(
    `${mark} where account_id = $2 and generation_id = $3 and deleted_at is null returning account_id, id`,
    [at, accountId, generationId],
  )
  return rows.map(deletedAsset)
}

/** Marks what is kept no longer, the most overdue first. Several sweepers at once take different rows. */
export async function markExpired(tx: Queryable, now: Date, limit: number): Promise<DeletedAsset[]> {
  const rows = await tx.query<Row>(
    `${mark} where (account_id, id) in (
       select account_id, id from assets where deleted_at is null and deletes_at <= $1
       order by deletes_at limit $2 for update skip locked)
     returning account_id, id`,
    [now, limit],
  )
  return rows.map(deletedAsset)
}

/** Deleted assets whose objects nobody has confirmed to be gone. */
export async function selectUnpurged(db: Queryable, limit: number): Promise<DeletedAsset[]> {
  const rows = await db.query<Row>(
    `select account_id, id from assets where deleted_at is not null and objects_deleted_at is null
     order by deleted_at limit $1`,
    [limit],
  )
  return rows.map(deletedAsset)
}

export async function markPurged(db: Queryable, asset: DeletedAsset, at: Date): Promise<void> {
  await db.query(
    `update assets set objects_deleted_at = $3
     where account_id = $1 and id = $2 and deleted_at is not null and objects_deleted_at is null`,
    [asset.accountId, asset.id, at],
  )
}

/** Which of these may still have objects: their rows are alive, or wait for the objects to be removed. */
export async function selectWithObjects(
  db: Queryable,
  assets: readonly DeletedAsset[],
): Promise<Set<string>> {
  const rows = await db.query<Row>(
    `select a.account_id, a.id from assets a
     join unnest($1::text[], $2::text[]) as wanted(account_id, id) using (account_id, id)
     where a.objects_deleted_at is null`,
    [assets.map((asset) => asset.accountId), assets.map((asset) => asset.id)],
  )
  return new Set(rows.map((row) => `${row.account_id}/${row.id}`))
}
