import { idPrefixes, isId, type Rendition } from '@backlot/contract'

/** One file as it lies in the object store. */
export interface StoredFile {
  readonly objectKey: string
  readonly mimeType: string
  readonly bytes: number
  /** Of the plaintext, in hexadecimal. */
  readonly sha256: string
}

export type MadeRendition = Exclude<Rendition, 'original'>

/** An asset as its row says. The file name stays sealed until somebody asks. */
export interface AssetRow {
  readonly accountId: string
  readonly id: string
  readonly kind: 'video' | 'image'
  readonly source: 'output' | 'upload'
  readonly generationId: string | null
  readonly outputIndex: number | null
  /** Null once the asset is deleted. */
  readonly fileName: Buffer | null
  readonly mimeType: string
  readonly bytes: number
  readonly sha256: string
  readonly streamSha256: string | null
  readonly width: number
  readonly height: number
  readonly durationMs: number | null
  readonly frameRate: number | null
  readonly videoCodec: string | null
  readonly audioCodec: string | null
  readonly bitrate: number | null
  readonly credentials: 'signed' | 'unsigned'
  readonly createdAt: Date
  readonly deletesAt: Date | null
  readonly deletedAt: Date | null
  readonly renditions: readonly MadeRendition[]
}

/** An asset whose objects are stored and whose rows are not written yet. */
export interface NewAsset
  extends Omit<AssetRow, 'id' | 'fileName' | 'createdAt' | 'deletesAt' | 'deletedAt' | 'renditions'> {
  readonly assetId: string
  readonly fileName: Buffer
  readonly renditions: Readonly<Partial<Record<MadeRendition, StoredFile>>>
}

export const renditionNames: readonly Rendition[] = ['original', 'web', 'poster', 'preview']

/** Where a rendition lies: made from ids alone, so that whoever stores it again overwrites it. */
export function objectKey(assetId: string, rendition: Rendition): string {
  return `${assetId}.${rendition}`
}

/** The asset whose object a key names, or null when it is no key of this room. */
export function assetOfKey(key: string): string | null {
  const [assetId = '', rendition = '', ...more] = key.split('.')
  const isOurs = more.length === 0 && (renditionNames as readonly string[]).includes(rendition)
  return isOurs && isId(idPrefixes.asset, assetId) ? assetId : null
}

export function fileNameContext(assetId: string): string {
  return `asset.file_name:${assetId}`
}

/** When the retention of something made at `createdAt` ends; null when it is kept until its owner deletes it. */
export function retentionEnd(createdAt: Date, days: number | null): Date | null {
  return days === null ? null : new Date(createdAt.getTime() + days * 86_400_000)
}
