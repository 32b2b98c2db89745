import type { Rendition } from '@backlot/contract'
import type { Queryable } from '../../platform/db/index.ts'
import { type AssetRow, type MadeRendition, type NewAsset, objectKey, type StoredFile } from './asset.ts'

const columns = `
  a.account_id, a.id, a.kind, a.source, a.generation_id, a.output_index, a.file_name, a.mime_type, a.bytes, a.sha256,
  a.stream_sha256, a.width, a.height, a.duration_ms, a.frame_rate, a.video_codec, a.audio_codec, a.bitrate,
  a.credentials, a.created_at, a.deletes_at, a.deleted_at,
  array(select r.rendition from asset_renditions r where r.account_id = a.account_id and r.asset_id = a.id) as renditions`

interface Row {
  account_id: string
  id: string
  kind: AssetRow['kind']
  source: AssetRow['source']
  generation_id: string | null
  output_index: number | null
  file_name: Buffer | null
  mime_type: string
  bytes: number
  sha256: string
  stream_sha256: string | null
  width: number
  height: number
  duration_ms: number | null
  frame_rate: number | null
  video_codec: string | null
  audio_codec: string | null
  bitrate: number | null
  credentials: AssetRow['credentials']
  created_at: Date
  deletes_at: Date | null
  deleted_at: Date | null
  renditions: MadeRendition[]
}

/** Writes the row and its renditions in one statement, so that it is whole or absent also outside a transaction. */
export async function insertAsset(
  tx: Queryable,
  asset: NewAsset,
  times: { createdAt: Date; deletesAt: Date | null },
): Promise<void> {
  const renditions = Object.entries(asset.renditions).map(([rendition, file]) => ({
    rendition,
    object_key: file.objectKey,
    mime_type: file.mimeType,
    bytes: file.bytes,
    sha256: file.sha256,
  }))
  await tx.query(
    `with made as (
       insert into assets (account_id, id, kind, source, generation_id, output_index, file_name, mime_type, bytes,
         sha256, stream_sha256, width, height, duration_ms, frame_rate, video_codec, audio_codec, bitrate,
         credentials, created_at, deletes_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
       returning account_id, id)
     insert into asset_renditions (account_id, asset_id, rendition, object_key, mime_type, bytes, sha256)
     select made.account_id, made.id, r.rendition, r.object_key, r.mime_type, r.bytes, r.sha256
     from made, jsonb_to_recordset($22::jsonb)
       as r(rendition text, object_key text, mime_type text, bytes bigint, sha256 text)`,
    [
      asset.accountId,
      asset.assetId,
      asset.kind,
      asset.source,
      asset.generationId,
      asset.outputIndex,
      asset.fileName,
      asset.mimeType,
      asset.bytes,
      asset.sha256,
      asset.streamSha256,
      asset.width,
      asset.height,
      asset.durationMs,
      asset.frameRate,
      asset.videoCodec,
      asset.audioCodec,
      asset.bitrate,
      asset.credentials,
      times.createdAt,
      times.deletesAt,
      JSON.stringify(renditions),
    ],
  )
}

/** Also finds what was deleted: its row says so. */
export async function selectAsset(db: Queryable, accountId: string, id: string): Promise<AssetRow | null> {
  const rows = await db.query<Row>(
    `select ${columns} from assets a where a.account_id = $1 and a.id = $2`,
    [accountId, id],
    'select-asset',
  )
  return rows[0] ? fromRow(rows[0]) : null
}

/** Newest first. */
export async function selectAssets(
  db: Queryable,
  filter: {
    accountId: string
    kind: AssetRow['kind'] | null
    source: AssetRow['source'] | null
    beforeId: string | null
    limit: number
  },
): Promise<AssetRow[]> {
  const rows = await db.query<Row>(
    `select ${columns} from assets a
     where a.account_id = $1 and a.deleted_at is null and ($2::text is null or a.kind = $2)
       and ($3::text is null or a.source = $3) and ($4::text is null or a.id < $4)
     order by a.id desc limit $5`,
    [filter.accountId, filter.kind, filter.source, filter.beforeId, filter.limit],
    'select-assets',
  )
  return rows.map(fromRow)
}

/** In the order of the generations' outputs. */
export async function selectOutputs(
  db: Queryable,
  accountId: string,
  generationIds: readonly string[],
): Promise<AssetRow[]> {
  const rows = await db.query<Row>(
    `select ${columns} from assets a
     where a.account_id = $1 and a.generation_id = any($2) and a.deleted_at is null
     order by a.generation_id, a.output_index`,
    [accountId, [...generationIds]],
    'select-outputs',
  )
  return rows.map(fromRow)
}

export async function selectRendition(
  db: Queryable,
  asset: AssetRow,
  rendition: Rendition,
): Promise<StoredFile | null> {
  if (rendition === 'original') {
    const { mimeType, bytes, sha256 } = asset
    return { objectKey: objectKey(asset.id, 'original'), mimeType, bytes, sha256 }
  }
  const rows = await db.query<{ object_key: string; mime_type: string; bytes: number; sha256: string }>(
    `select object_key, mime_type, bytes, sha256 from asset_renditions
     where account_id = $1 and asset_id = $2 and rendition = $3`,
    [asset.accountId, asset.id, rendition],
    'select-rendition',
  )
  const row = rows[0]
  if (!row) return null
  return { objectKey: row.object_key, mimeType: row.mime_type, bytes: row.bytes, sha256: row.sha256 }
}

function fromRow(row: Row): AssetRow {
  return {
    accountId: row.account_id,
    id: row.id,
    kind: row.kind,
    source: row.source,
    generationId: row.generation_id,
    outputIndex: row.output_index,
    fileName: row.file_name,
    mimeType: row.mime_type,
    bytes: row.bytes,
    sha256: row.sha256,
    streamSha256: row.stream_sha256,
    width: row.width,
    height: row.height,
    durationMs: row.duration_ms,
    frameRate: row.frame_rate,
    videoCodec: row.video_codec,
    audioCodec: row.audio_codec,
    bitrate: row.bitrate,
    credentials: row.credentials,
    createdAt: row.created_at,
    deletesAt: row.deletes_at,
    deletedAt: row.deleted_at,
    renditions: row.renditions,
  }
}
