import path from 'node:path'
import { newId } from '@backlot/contract'
import { MediaError } from '../../media/index.ts'
import { AppError } from '../../platform/app-error.ts'
import { ObjectStoreError } from '../../platform/object-store/index.ts'
import { fileNameContext, type NewAsset, objectKey, retentionEnd } from './asset.ts'
import { type AssetOptions, inWorkFolder } from './asset-room.ts'
import { insertAsset } from './asset-store.ts'
import { cleanFileName } from './file-name.ts'
import { factsOf } from './ingest-output.ts'
import { receiveUpload } from './receive-upload.ts'

/**
 * Takes in an uploaded image: streams it to a temporary file, looks what it really is, writes it anew without its
 * metadata (place, camera, name), makes a thumbnail and stores both. Refused files leave nothing behind.
 *
 * @returns the id of the new asset
 * @throws AppError upload_unsupported, upload_broken, body_too_large, unavailable
 */
export async function storeUpload(
  options: AssetOptions,
  accountId: string,
  request: Request,
  order: { fileName: string | null; signal: AbortSignal },
): Promise<string> {
  const { media, objects, keyring, db, events, clock } = options
  const { signal } = order
  return inWorkFolder(options.workDirectory, async (folder) => {
    const place = (name: string) => path.join(folder, name)
    const received = await receiveUpload(request, place('upload'), {
      bytesMax: options.uploadBytesMax,
      signal,
    })
    const assetId = newId('ast', clock.now().getTime())
    try {
      const claimed = await media.probe(place('upload'), { signal })
      if (claimed.kind !== 'image') throw new AppError('upload_unsupported', 'Only images can be uploaded.')
      await media.normaliseImage(place('upload'), place('original'), { signal })
      const probe = await media.probe(place('original'), { signal })
      await media.poster(place('original'), place('poster.jpg'), { signal })

      const originalKey = objectKey(assetId, 'original')
      const posterKey = objectKey(assetId, 'poster')
      const stored = await objects.put(accountId, originalKey, place('original'), { signal })
      const poster = await objects.put(accountId, posterKey, place('poster.jpg'), { signal })
      const name = cleanFileName(order.fileName ?? received.fileName ?? '', probe.mimeType, 'image')
      const asset: NewAsset = {
        ...factsOf(probe),
        ...stored,
        accountId,
        assetId,
        source: 'upload',
        generationId: null,
        outputIndex: null,
        fileName: await keyring.seal(accountId, fileNameContext(assetId), name),
        mimeType: probe.mimeType,
        streamSha256: null,
        credentials: 'unsigned',
        renditions: {
          web: { objectKey: originalKey, mimeType: probe.mimeType, ...stored },
          poster: { objectKey: posterKey, mimeType: 'image/jpeg', ...poster },
        },
      }
      await db.transaction(async (tx) => {
        const at = clock.now()
        const deletesAt = retentionEnd(at, options.retention.uploadsDays)
        await insertAsset(tx, asset, { createdAt: at, deletesAt })
        await events.append(tx, { accountId, type: 'asset.created', subjectId: assetId, at })
      })
      return assetId
    } catch (error) {
      // Without a row nothing names the objects; the sweep would find them, but not before tomorrow.
      await Promise.allSettled([
        objects.delete(accountId, objectKey(assetId, 'original')),
        objects.delete(accountId, objectKey(assetId, 'poster')),
      ])
      throw toUploadFailure(error)
    }
  })
}

function toUploadFailure(error: unknown): unknown {
  if (error instanceof MediaError) {
    const sentence = `The file was refused: ${error.detail}. Nothing was stored.`
    if (error.code === 'media_unsupported')
      return new AppError('upload_unsupported', sentence, { cause: error })
    if (error.code === 'media_too_large') return new AppError('body_too_large', sentence, { cause: error })
    // A child that a file has killed or stalled says that the file is bad, not that we are.
    return new AppError('upload_broken', sentence, { cause: error })
  }
  if (error instanceof ObjectStoreError && (error.code === 'full' || error.code === 'unwritable')) {
    return new AppError('unavailable', 'There is no room for files at the moment. Nothing was stored.', {
      cause: error,
      retryAfterSeconds: 300,
    })
  }
  return error
}
