import { sweepWorkFolders } from '../../media/index.ts'
import { assetOfKey, objectKey, renditionNames } from './asset.ts'
import { type AssetOptions, assetFolderPrefix } from './asset-room.ts'
import {
  type DeletedAsset,
  markExpired,
  markPurged,
  selectUnpurged,
  selectWithObjects,
} from './deletion-store.ts'

export interface SweepResult {
  /** Assets whose retention ended. */
  readonly expired: number
  /** Deleted assets of which nothing is left in the object store now. */
  readonly purged: number
  /** Deleted assets whose objects could not be removed; the next sweep tries again. */
  readonly failed: number
}

/** Removes every object that an asset can have, then notes that it is so. False when the store refused. */
export async function purgeAsset(options: AssetOptions, asset: DeletedAsset): Promise<boolean> {
  try {
    for (const name of renditionNames) {
      await options.objects.delete(asset.accountId, objectKey(asset.id, name))
    }
    await markPurged(options.db, asset, options.clock.now())
    return true
  } catch (error) {
    options.log.error(
      { assetId: asset.id, err: error },
      'the objects of a deleted asset could not be removed',
    )
    return false
  }
}

/**
 * Deletes what has outlived its retention, rows first: from that commit on nobody is served. Objects follow, here or,
 * when the process dies between, in the next sweep.
 */
export async function sweepExpired(options: AssetOptions, now: Date, limit: number): Promise<SweepResult> {
  const expired = await options.db.transaction(async (tx) => {
    const assets = await markExpired(tx, now, limit)
    for (const asset of assets) {
      const { accountId, id: subjectId } = asset
      await options.events.append(tx, { accountId, type: 'asset.deleted', subjectId, at: now })
    }
    return assets.length
  })
  let purged = 0
  let failed = 0
  for (const asset of await selectUnpurged(options.db, limit)) {
    if (await purgeAsset(options, asset)) purged += 1
    else failed += 1
  }
  return { expired, purged, failed }
}

const orphanAgeMs = 24 * 60 * 60_000
const batchSize = 200

/**
 * Removes objects that no row names: a collect that never finished, or one that ran again after a deletion. Younger
 * ones than a day are left, because their rows may still be on the way.
 *
 * @returns how many objects were removed, at most `limit`
 */
export async function sweepOrphans(options: AssetOptions, now: Date, limit: number): Promise<number> {
  let removed = 0
  let batch: (DeletedAsset & { key: string })[] = []

  async function removeBatch(): Promise<void> {
    const known = await selectWithObjects(options.db, batch)
    for (const { accountId, id, key } of batch) {
      if (known.has(`${accountId}/${id}`) || removed >= limit) continue
      await options.objects.delete(accountId, key)
      removed += 1
    }
    batch = []
  }

  for await (const { accountId, key, storedAt } of options.objects.list()) {
    const id = assetOfKey(key)
    if (id === null || now.getTime() - storedAt.getTime() < orphanAgeMs) continue
    batch.push({ accountId, id, key })
    if (batch.length >= batchSize) await removeBatch()
    if (removed >= limit) return removed
  }
  await removeBatch()
  return removed
}

/** Removes plaintext that killed processes have left in the work directory. */
export async function sweepWork(options: AssetOptions, now: Date): Promise<number> {
  return sweepWorkFolders(options.workDirectory, assetFolderPrefix, now)
}
