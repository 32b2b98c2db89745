import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { extname, isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { startChild } from './child-runner.ts'
import { MediaError } from './media-error.ts'
import type {
  CredentialIngredient,
  CredentialReading,
  CredentialSigner,
  MediaCapabilities,
  MediaJob,
  MediaOperation,
  MediaProbe,
  MediaResults,
  ProbeLimits,
  WebMp4Outcome,
  WrittenFile,
} from './media-job.ts'
import { defaultMediaLimits, type MediaLimits } from './media-limits.ts'
import { createSlots } from './slots.ts'
import { createWorkFolder, removeWorkFolder, sweepWorkFolders } from './work-folders.ts'

export type MediaEngineOptions = {
  /** Absolute path; plaintext temporary files live here and nowhere else. */
  workDirectory: string
  /** The operator's own ffmpeg; without it the bundled libraries do the work. */
  ffmpegPath?: string
  /** Accepted for symmetry with the environment; probing needs no ffprobe. */
  ffprobePath?: string
  log: Logger
  limits?: Partial<MediaLimits>
}

type CallOptions = { signal?: AbortSignal }

export type SignOrder = {
  /** A manifest definition; `generatedFileManifest` makes one. */
  manifest: Record<string, unknown>
  signer: CredentialSigner
  mimeType: string
  ingredients?: CredentialIngredient[]
}

/**
 * Everything that touches media bytes. Inputs and outputs are absolute paths of plaintext files; an output appears
 * whole or not at all. Every call may reject with `MediaError`, or with the signal's reason after an abort.
 */
export type MediaEngine = {
  /** Sniffs, reads and checks a file against the limits. */
  probe(path: string, options?: CallOptions): Promise<MediaProbe>
  /** One picture of a video or image. The format follows the output's extension (`.webp`, else JPEG). */
  poster(input: string, output: string, options?: CallOptions & { widthMax?: number }): Promise<WrittenFile>
  /** A muted MP4 of at most 3 s inside 320 by 320 pixels. */
  preview(input: string, output: string, options?: CallOptions): Promise<WrittenFile>
  /** Makes an MP4 that every browser plays; `as-is` means that the input is one and nothing was written. */
  webMp4(input: string, output: string, options?: CallOptions): Promise<WebMp4Outcome>
  /** An upright image without metadata, written anew. */
  normaliseImage(input: string, output: string, options?: CallOptions): Promise<WrittenFile>
  /** Content Credentials into a copy of the file. `unavailable` where the addon has no binary. */
  sign(input: string, output: string, order: SignOrder, options?: CallOptions): Promise<MediaResults['sign']>
  /** What Content Credentials a file carries, judged with the given anchors. */
  readCredentials(
    path: string,
    options?: CallOptions & { trustAnchorsPem?: string },
  ): Promise<CredentialReading | { state: 'unavailable'; detail: string }>
  /** SHA-256 of the video stream's packets: proves that signing left the video alone. */
  streamHash(path: string, options?: CallOptions): Promise<string>
  /** What this machine can do; asked once. */
  capabilities(): Promise<MediaCapabilities>
  /** Deletes what a killed server left in the work directory. */
  sweep(now: Date): Promise<number>
}

const childEntry = fileURLToPath(new URL('./media-child.ts', import.meta.url))

export function createMediaEngine(options: MediaEngineOptions): MediaEngine {
  if (!isAbsolute(options.workDirectory)) throw new TypeError('workDirectory must be an absolute path')
  const limits: MediaLimits = { ...defaultMediaLimits(availableParallelism()), ...options.limits }
  const { log } = options
  const heavy = createSlots(limits.heavyJobsMax)
  const light = createSlots(limits.lightJobsMax)
  const childLimits: ProbeLimits = limits
  let known: Promise<MediaCapabilities> | undefined

  /** One job in one child in one folder; `place` names the output inside the folder, `output` where it ends up. */
  async function run<Operation extends MediaOperation>(
    order: { operation: Operation } & Record<string, unknown>,
    bounds: { slots: 'heavy' | 'light'; wallMsMax: number; output?: string; signal?: AbortSignal },
  ): Promise<MediaResults[Operation]> {
    const slots = bounds.slots === 'heavy' ? heavy : light
    return await slots.run(async () => {
      await mkdir(options.workDirectory, { recursive: true })
      const folder = await createWorkFolder(options.workDirectory, 'media')
      const startedAt = performance.now()
      const place = bounds.output ? join(folder, `output${extname(bounds.output)}`) : undefined
      try {
        const child = startChild<MediaJob, MediaResults[Operation]>({
          entry: childEntry,
          job: {
            ...order,
            output: place,
            limits: childLimits,
            ffmpegPath: options.ffmpegPath ?? null,
          } as unknown as MediaJob,
          folder,
          wallMsMax: bounds.wallMsMax,
          memoryBytesMax: limits.memoryBytesMax,
          outputBytesMax: limits.outputBytesMax,
          signal: bounds.signal,
        })
        const result = await child.result
        const isMade =
          place !== undefined &&
          (await stat(place)
            .then(() => true)
            .catch(() => false))
        if (isMade && bounds.output) await move(place, bounds.output)
        return result
      } finally {
        await removeWorkFolder(folder)
        log.debug(
          { operation: order.operation, durationMs: Math.round(performance.now() - startedAt) },
          'media job',
        )
      }
    }, bounds.signal)
  }

  const engine: MediaEngine = {
    async probe(path, { signal } = {}) {
      // Before a process is started for it.
      if ((await stat(path)).size > limits.uploadBytesMax) {
        throw new MediaError('media_too_large', 'the file has too many bytes')
      }
      return await run(
        { operation: 'probe', input: path },
        { slots: 'light', wallMsMax: limits.probeMsMax, signal },
      )
    },
    async poster(input, output, { signal, widthMax = 640 } = {}) {
      const format = extname(output) === '.webp' ? 'webp' : 'jpeg'
      const bounds = { slots: 'light', wallMsMax: limits.posterMsMax, output, signal } as const
      return await run({ operation: 'poster', input, format, widthMax }, bounds)
    },
    async preview(input, output, { signal } = {}) {
      const bounds = { slots: 'heavy', wallMsMax: limits.previewMsMax, output, signal } as const
      return await run({ operation: 'preview', input }, bounds)
    },
    async webMp4(input, output, { signal } = {}) {
      const probe = await engine.probe(input, { signal })
      if (probe.kind !== 'video') throw new MediaError('media_unsupported', 'the file is not a video')
      if (probe.isWebSafe && probe.isFaststart) return 'as-is'
      // A MOV with the right codecs is re-encoded too: its sample entries are not always those of MP4.
      const how = probe.isWebSafe ? 'remux' : 'encode'
      const wallMsMax = limits.transcodeBaseMsMax + 10 * (probe.durationMs ?? 0)
      await run(
        { operation: 'webMp4', input, how },
        { slots: how === 'remux' ? 'light' : 'heavy', wallMsMax, output, signal },
      )
      return how === 'remux' ? 'remuxed' : 'encoded'
    },
    async normaliseImage(input, output, { signal } = {}) {
      const bounds = { slots: 'light', wallMsMax: limits.imageMsMax, output, signal } as const
      return await run({ operation: 'normaliseImage', input }, bounds)
    },
    async sign(input, output, order, { signal } = {}) {
      const job = { operation: 'sign', input, ...order, ingredients: order.ingredients ?? [] } as const
      return await run(job, { slots: 'light', wallMsMax: limits.signMsMax, output, signal })
    },
    async readCredentials(path, { signal, trustAnchorsPem } = {}) {
      const job = {
        operation: 'readCredentials',
        input: path,
        trustAnchorsPem: trustAnchorsPem ?? null,
      } as const
      return await run(job, { slots: 'light', wallMsMax: limits.probeMsMax, signal })
    },
    async streamHash(path, { signal } = {}) {
      return await run(
        { operation: 'streamHash', input: path },
        { slots: 'light', wallMsMax: limits.hashMsMax, signal },
      )
    },
    async capabilities() {
      known ??= run({ operation: 'capabilities' }, { slots: 'light', wallMsMax: limits.probeMsMax })
      return await known.catch((error: unknown) => {
        known = undefined
        throw error
      })
    },
    async sweep(now) {
      return await sweepWorkFolders(options.workDirectory, 'media', now)
    },
  }
  return engine
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    await copyFile(from, to)
    await rm(from, { force: true })
  }
}
