import { buffer } from 'node:stream/consumers'
import { type Asset, idPrefixes, isId, type Page, type Provenance } from '@backlot/contract'
import { AppError } from '../../platform/app-error.ts'
import type { Transaction } from '../../platform/db/index.ts'
import { cutPage } from '../../platform/http/index.ts'
import { type AssetRow, objectKey, retentionEnd } from './asset.ts'
import { createProvenanceReader } from './asset-provenance.ts'
import type { AssetOptions } from './asset-room.ts'
import { insertAsset, selectAsset, selectAssets, selectOutputs } from './asset-store.ts'
import { type DeletedAsset, markDeleted, markOutputsDeleted } from './deletion-store.ts'
import { type ContentQuery, deliverContent } from './deliver-content.ts'
import { ingestOutput, type OutputFacts, type StoredOutput } from './ingest-output.ts'
import { presentAsset } from './present-asset.ts'
import { storeUpload } from './store-upload.ts'
import { purgeAsset, type SweepResult, sweepExpired, sweepOrphans, sweepWork } from './sweep-assets.ts'

/** Stored media and what is made of it. An id of another account is answered like one that does not exist. */
export interface Assets {
  /** Takes in an uploaded image from the body of a request. @throws AppError as `storeUpload`; too_many_attempts */
  upload(
    accountId: string,
    request: Request,
    order: { fileName: string | null; signal: AbortSignal },
  ): Promise<Asset>
  /** Checks, signs, renders and stores a finished file; may be repeated. Nothing shows until `insertOutput`. */
  ingestOutput(path: string, facts: OutputFacts): Promise<StoredOutput>
  /** Makes a stored output an asset, with its event, in the transaction that delivers it. */
  insertOutput(tx: Transaction, output: StoredOutput): Promise<void>
  /** @throws AppError not_found; gone when it was deleted */
  get(accountId: string, id: string): Promise<Asset>
  /** Newest first. */
  list(
    accountId: string,
    query: { kind?: Asset['kind']; source?: Asset['source']; limit: number; after?: string },
  ): Promise<Page<Asset>>
  /** The outputs of several generations, in order; generations without any are absent. */
  listOfGenerations(accountId: string, generationIds: readonly string[]): Promise<Map<string, Asset[]>>
  /** The bytes of an image, as reference for a model. @throws AppError not_found */
  readImage(accountId: string, id: string): Promise<{ mediaType: string; data: Uint8Array }>
  content(assetId: string, query: ContentQuery, request: Request): Promise<Response>
  provenance(accountId: string, id: string): Promise<Provenance>
  /** @throws AppError not_found; gone when it was deleted before */
  delete(accountId: string, id: string): Promise<void>
  /** Deletes the outputs of a generation in the caller's transaction; the files go after the commit. */
  deleteOfGeneration(tx: Transaction, accountId: string, generationId: string): Promise<void>
  sweepExpired(now: Date, limit: number): Promise<SweepResult>
  sweepOrphans(now: Date, limit: number): Promise<number>
  /** Removes plaintext that killed processes left behind; once at start. */
  sweepWork(now: Date): Promise<number>
  /** Waits for removals that are under way, before the database is closed. */
  settle(): Promise<void>
}

// Each holds a file of up to the largest size: one account must not fill the disk with what it never finishes.
const uploadsAtOnceMax = 4

export function createAssets(options: AssetOptions): Assets {
  const { db, events, clock } = options
  const readProvenance = createProvenanceReader(options)
  const removals = new Set<Promise<unknown>>()
  const uploading = new Map<string, number>()

  /** Files go after the commit that deleted their row. Should this process die first, the sweep does it. */
  function removeAfterCommit(tx: Transaction, assets: readonly DeletedAsset[]): void {
    tx.afterCommit(() => {
      for (const asset of assets) {
        const removal = purgeAsset(options, asset).finally(() => removals.delete(removal))
        removals.add(removal)
      }
    })
  }

  async function find(accountId: string, id: string): Promise<AssetRow> {
    const asset = isId(idPrefixes.asset, id) ? await selectAsset(db, accountId, id) : null
    if (!asset) throw new AppError('not_found', 'There is no such asset in this account.')
    if (asset.deletedAt) throw new AppError('gone', 'The asset has been deleted.')
    return asset
  }

  return {
    async upload(accountId, request, order) {
      const running = uploading.get(accountId) ?? 0
      if (running >= uploadsAtOnceMax) {
        const sentence = `At most ${uploadsAtOnceMax} uploads may run at once. Nothing was stored.`
        throw new AppError('too_many_attempts', sentence, { retryAfterSeconds: 5 })
      }
      uploading.set(accountId, running + 1)
      try {
        const id = await storeUpload(options, accountId, request, order)
        return presentAsset(options, await find(accountId, id))
      } finally {
        const left = (uploading.get(accountId) ?? 1) - 1
        if (left > 0) uploading.set(accountId, left)
        else uploading.delete(accountId)
      }
    },
    ingestOutput: (path, facts) => ingestOutput(options, path, facts),
    async insertOutput(tx, output) {
      const at = clock.now()
      const deletesAt = retentionEnd(at, options.retention.outputsDays)
      await insertAsset(tx, output, { createdAt: at, deletesAt })
      const { accountId, assetId: subjectId } = output
      await events.append(tx, { accountId, type: 'asset.created', subjectId, at })
    },
    async get(accountId, id) {
      return presentAsset(options, await find(accountId, id))
    },
    async list(accountId, query) {
      if (query.after !== undefined && !isId(idPrefixes.asset, query.after)) {
        throw new AppError('request_invalid', 'Wrong: after.', {
          fields: [{ field: 'after', code: 'invalid_cursor', message: 'Pass `next` of the page before.' }],
        })
      }
      const rows = await selectAssets(db, {
        accountId,
        kind: query.kind ?? null,
        source: query.source ?? null,
        beforeId: query.after ?? null,
        limit: query.limit + 1,
      })
      const { shown, next } = cutPage(rows, query.limit, (row) => row.id)
      return { data: await Promise.all(shown.map((row) => presentAsset(options, row))), next }
    },
    async listOfGenerations(accountId, generationIds) {
      const outputs = new Map<string, Asset[]>()
      if (generationIds.length === 0) return outputs
      for (const row of await selectOutputs(db, accountId, generationIds)) {
        const id = row.generationId ?? ''
        outputs.set(id, [...(outputs.get(id) ?? []), await presentAsset(options, row)])
      }
      return outputs
    },
    async readImage(accountId, id) {
      const asset = await find(accountId, id)
      if (asset.kind !== 'image') throw new AppError('not_found', 'There is no such image in this account.')
      const data = await buffer(await options.objects.read(accountId, objectKey(id, 'original')))
      return { mediaType: asset.mimeType, data }
    },
    content: (assetId, query, request) => deliverContent(options, assetId, query, request),
    async provenance(accountId, id) {
      return readProvenance(await find(accountId, id))
    },
    async delete(accountId, id) {
      await find(accountId, id)
      await db.transaction(async (tx) => {
        const at = clock.now()
        if (!(await markDeleted(tx, { accountId, id }, at))) {
          throw new AppError('gone', 'The asset has been deleted.')
        }
        await events.append(tx, { accountId, type: 'asset.deleted', subjectId: id, at })
        removeAfterCommit(tx, [{ accountId, id }])
      })
    },
    async deleteOfGeneration(tx, accountId, generationId) {
      const at = clock.now()
      const deleted = await markOutputsDeleted(tx, accountId, generationId, at)
      for (const { id: subjectId } of deleted) {
        await events.append(tx, { accountId, type: 'asset.deleted', subjectId, at })
      }
      removeAfterCommit(tx, deleted)
    },
    sweepExpired: (now, limit) => sweepExpired(options, now, limit),
    sweepOrphans: (now, limit) => sweepOrphans(options, now, limit),
    sweepWork: (now) => sweepWork(options, now),
    async settle() {
      await Promise.all(removals)
    },
  }
}
