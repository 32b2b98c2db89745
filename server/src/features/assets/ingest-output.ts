import path from 'node:path'
import { MediaError, type MediaProbe } from '../../media/index.ts'
import { fileNameContext, type MadeRendition, type NewAsset, objectKey, type StoredFile } from './asset.ts'
import { type AssetOptions, inWorkFolder } from './asset-room.ts'
import { selectAsset, selectRendition } from './asset-store.ts'
import { cleanFileName, extensionOf } from './file-name.ts'

/** Writes a copy of a file with Content Credentials. */
export type SignFile = (inPath: string, outPath: string) => Promise<void>

export interface OutputFacts {
  readonly accountId: string
  /** Fixed before the first attempt to collect, so that collecting again overwrites what the first one stored. */
  readonly assetId: string
  readonly generationId: string
  readonly outputIndex: number
  readonly fileName: string
  /** Null where this deployment cannot sign. */
  readonly sign: SignFile | null
  readonly signal?: AbortSignal
}

/** An output whose files are stored; `insertOutput` makes it an asset. */
export interface StoredOutput extends NewAsset {
  readonly source: 'output'
}

interface LocalFile {
  readonly path: string
  readonly mimeType: string
}

interface PreparedOutput {
  readonly original: string
  readonly probe: MediaProbe
  readonly streamSha256: string | null
  /** Files to store beside the original. Without `web` the original itself plays everywhere, or nothing does. */
  readonly made: Readonly<Partial<Record<MadeRendition, LocalFile>>>
}

// What Content Credentials can be written into; anything else becomes an MP4 first, because every output is signed.
const signable = new Set<MediaProbe['container']>(['mp4', 'mov', 'png', 'jpeg', 'webp'])

/**
 * Takes in what a model made: checks, signs, makes renditions and stores them all. Nothing is visible until
 * `insertOutput`, and it may be run again after a crash at any point.
 *
 * @param source path of the plaintext file; it is left alone
 * @throws MediaError when the file is not a video or image that we can show
 */
export async function ingestOutput(
  options: AssetOptions,
  source: string,
  facts: OutputFacts,
): Promise<StoredOutput> {
  return inWorkFolder(options.workDirectory, async (folder) => {
    const prepared = await prepare(options, source, folder, facts)
    // Somebody else may have finished the same output meanwhile (a lease that ran out). What is an asset already is
    // never overwritten: its hash stands in the log.
    return (await findStored(options, facts)) ?? (await store(options, prepared, facts))
  })
}

async function prepare(
  { media }: AssetOptions,
  source: string,
  folder: string,
  { sign, signal }: OutputFacts,
): Promise<PreparedOutput> {
  const place = (name: string) => path.join(folder, name)
  let original = source
  let probe = await media.probe(original, { signal })
  if (sign) {
    if (!signable.has(probe.container)) {
      if (probe.kind !== 'video') throw new MediaError('media_unsupported', 'this image cannot be signed')
      original = place('converted.mp4')
      await media.webMp4(source, original, { signal })
    }
    const signed = place(`signed.${original === source ? extensionOf(probe.mimeType) : 'mp4'}`)
    await sign(original, signed)
    original = signed
    probe = await media.probe(original, { signal })
  }
  const poster = { path: place('poster.jpg'), mimeType: 'image/jpeg' }
  if (probe.kind === 'image') {
    await media.poster(original, poster.path, { signal })
    return { original, probe, streamSha256: null, made: { poster } }
  }
  const preview = { path: place('preview.mp4'), mimeType: 'video/mp4' }
  const web = { path: place('web.mp4'), mimeType: 'video/mp4' }
  // Side by side, as far as the engine's slots allow: somebody is looking at the tile.
  const [outcome, streamSha256] = await all([
    media.webMp4(original, web.path, { signal }),
    media.streamHash(original, { signal }),
    media.poster(original, poster.path, { signal }),
    media.preview(original, preview.path, { signal }),
  ])
  if (outcome === 'as-is') return { original, probe, streamSha256, made: { poster, preview } }
  if (sign) {
    web.path = place('web-signed.mp4')
    await sign(place('web.mp4'), web.path)
  }
  return { original, probe, streamSha256, made: { poster, preview, web } }
}

/** Like `Promise.all`, but when one fails the others have ended too: their folder is about to go. */
async function all<const Jobs extends readonly Promise<unknown>[]>(jobs: Jobs) {
  await Promise.allSettled(jobs)
  return Promise.all(jobs)
}

async function store(
  { objects, keyring }: AssetOptions,
  { original, probe, streamSha256, made }: PreparedOutput,
  facts: OutputFacts,
): Promise<StoredOutput> {
  const { accountId, assetId, signal } = facts
  const put = async (rendition: MadeRendition | 'original', file: LocalFile): Promise<StoredFile> => {
    const key = objectKey(assetId, rendition)
    const stored = await objects.put(accountId, key, file.path, { signal })
    return { objectKey: key, mimeType: file.mimeType, ...stored }
  }
  const file = await put('original', { path: original, mimeType: probe.mimeType })
  const renditions: Partial<Record<MadeRendition, StoredFile>> = {}
  for (const name of ['web', 'poster', 'preview'] as const) {
    const local = made[name]
    if (local) renditions[name] = await put(name, local)
  }
  if (!renditions.web && (probe.kind === 'video' || probe.isWebSafe)) renditions.web = file
  const fileName = cleanFileName(facts.fileName, probe.mimeType, assetId)
  return {
    ...factsOf(probe),
    accountId,
    assetId,
    source: 'output',
    generationId: facts.generationId,
    outputIndex: facts.outputIndex,
    fileName: await keyring.seal(accountId, fileNameContext(assetId), fileName),
    mimeType: probe.mimeType,
    bytes: file.bytes,
    sha256: file.sha256,
    streamSha256,
    credentials: facts.sign ? 'signed' : 'unsigned',
    renditions,
  }
}

async function findStored({ db }: AssetOptions, facts: OutputFacts): Promise<StoredOutput | null> {
  const row = await selectAsset(db, facts.accountId, facts.assetId)
  if (!row) return null
  const renditions: Partial<Record<MadeRendition, StoredFile>> = {}
  for (const name of row.renditions) {
    const file = await selectRendition(db, row, name)
    if (file) renditions[name] = file
  }
  return { ...row, assetId: row.id, source: 'output', fileName: row.fileName ?? Buffer.alloc(0), renditions }
}

/** The facts of a probe that a row keeps. */
export function factsOf(
  probe: MediaProbe,
): Pick<
  NewAsset,
  'kind' | 'width' | 'height' | 'durationMs' | 'frameRate' | 'videoCodec' | 'audioCodec' | 'bitrate'
> {
  const { kind, width, height, durationMs, frameRate, videoCodec, audioCodec, bitrate } = probe
  return { kind, width, height, durationMs, frameRate, videoCodec, audioCodec, bitrate }
}
