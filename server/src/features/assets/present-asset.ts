import type { Asset, Rendition } from '@backlot/contract'
import type { AssetRow } from './asset.ts'
import { fileNameContext } from './asset.ts'
import type { AssetOptions } from './asset-room.ts'
import { contentExpiry, contentUrl } from './content-url.ts'

/** An asset as the API shows it, with addresses that are good for a while. */
export async function presentAsset(
  { keyring, clock, urlTtlSeconds }: Pick<AssetOptions, 'keyring' | 'clock' | 'urlTtlSeconds'>,
  asset: AssetRow,
): Promise<Asset> {
  const now = clock.now()
  const expires = contentExpiry(now, urlTtlSeconds)
  const url = (rendition: Rendition) =>
    contentUrl(keyring, { accountId: asset.accountId, assetId: asset.id, rendition, expires })
  const made = (rendition: 'web' | 'poster' | 'preview') =>
    asset.renditions.includes(rendition) ? url(rendition) : null
  return {
    id: asset.id,
    kind: asset.kind,
    source: asset.source,
    generation_id: asset.generationId,
    file_name: asset.fileName
      ? await keyring.open(asset.accountId, fileNameContext(asset.id), asset.fileName)
      : '',
    mime_type: asset.mimeType,
    bytes: asset.bytes,
    sha256: asset.sha256,
    width: asset.width,
    height: asset.height,
    duration_ms: asset.durationMs,
    frame_rate: asset.frameRate,
    video_codec: asset.videoCodec,
    audio_codec: asset.audioCodec,
    bitrate: asset.bitrate,
    credentials: asset.credentials,
    urls: { content: url('original'), web: made('web'), poster: made('poster'), preview: made('preview') },
    created_at: asset.createdAt.toISOString(),
    deletes_at: asset.deletesAt?.toISOString() ?? null,
  }
}
