import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { JSONValue, Experimental_VideoModelV4 as VideoModelV4 } from '@ai-sdk/provider'
import type { Logger } from 'pino'
import {
  createSlots,
  createWorkFolder,
  MediaError,
  removeWorkFolder,
  startChild,
  sweepWorkFolders,
} from '../../media/index.ts'
import { type AnimaticPlan, planAnimatic } from './animatic-plan.ts'
import { DraftInputError, readDraftInput } from './draft-input.ts'
import type { DraftJob, DraftJobResult, DraftPhase, DraftProgress } from './draft-render.ts'

export type DraftVideoModelOptions = {
  /** Absolute path. Unfinished and uncollected videos lie here, each in a folder of its own. */
  workDirectory: string
  log: Logger
  /** Renders at once; by default half of the cores. The rest wait in order. */
  concurrency?: number
  /** Uncollected videos older than this are deleted by `sweep`; a day by default. */
  uncollectedMsMax?: number
}

/** Everything to render again from nothing: a plain JSON value for the caller to seal and store. It holds the prompt. */
export type DraftOperation = {
  version: 1
  id: string
  plan: AnimaticPlan
  hasSound: boolean
  referenceBase64: string | null
}

type Render = { phase: DraftPhase; progress: number; abort: AbortController; failure: string | undefined }

/** `draft` as a model of the AI SDK, with what a durable caller needs besides. */
export type DraftVideoModel = VideoModelV4 & {
  doStart: NonNullable<VideoModelV4['doStart']>
  doStatus: NonNullable<VideoModelV4['doStatus']>
  /** Stops a render. Resolves to false when it had ended already. */
  cancel(operation: JSONValue): Promise<boolean>
  /** Deletes the video and its folder; call it once the video has been collected or is not wanted. */
  forget(operation: JSONValue): Promise<void>
  /** Deletes what nobody collected, and what killed processes left. Call it at start and now and then. */
  sweep(now: Date): Promise<number>
  /** Ends every running render; their operations can be rendered again later. */
  stop(): Promise<void>
}

const childEntry = fileURLToPath(new URL('./draft-child.ts', import.meta.url))
const modelId = 'draft'

/**
 * The local storyboard model: no network, no key. `doStart` answers at once; `doStatus` answers `completed` when the
 * file is there, and renders anew when neither the file nor a child is (the server was killed): plans are
 * deterministic, so nothing is lost.
 */
export function createDraftVideoModel(options: DraftVideoModelOptions): DraftVideoModel {
  if (!isAbsolute(options.workDirectory)) throw new TypeError('workDirectory must be an absolute path')
  const slots = createSlots(options.concurrency ?? Math.max(1, Math.floor(availableParallelism() / 2)))
  const renders = new Map<string, Render>()
  const running = new Set<Promise<void>>()
  const folderOf = (id: string) => join(options.workDirectory, `render-${id}`)
  const videoOf = (id: string) => join(folderOf(id), 'video.mp4')

  function begin(operation: DraftOperation): Render {
    const render: Render = { phase: 'queued', progress: 0, abort: new AbortController(), failure: undefined }
    renders.set(operation.id, render)
    const work = slots
      .run(() => renderOne(operation, render), render.abort.signal)
      .catch((error: unknown) => {
        if (render.abort.signal.aborted) render.failure = 'canceled'
        else {
          render.failure = error instanceof MediaError ? error.code : 'media_failed'
          options.log.error({ err: error, operationId: operation.id }, 'a draft could not be rendered')
        }
      })
    running.add(work)
    void work.finally(() => running.delete(work))
    return render
  }

  async function renderOne(operation: DraftOperation, render: Render): Promise<void> {
    const folder = folderOf(operation.id)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const startedAt = performance.now()
    const { plan } = operation
    try {
      await startChild<DraftJob, DraftJobResult, DraftProgress>({
        entry: childEntry,
        job: {
          kind: 'render',
          plan,
          output: videoOf(operation.id),
          referenceBase64: operation.referenceBase64,
          hasSound: operation.hasSound,
        },
        folder,
        wallMsMax: 120_000 + plan.frames * 1000,
        memoryBytesMax: 1536 * 1024 ** 2,
        outputBytesMax: 256 * 1024 ** 2,
        signal: render.abort.signal,
        onProgress: (progress) => Object.assign(render, progress),
      }).result
    } catch (error) {
      await removeWorkFolder(folder)
      throw error
    }
    render.progress = 1
    options.log.debug(
      { operationId: operation.id, durationMs: Math.round(performance.now() - startedAt) },
      'draft rendered',
    )
  }

  async function shrink(bytes: Buffer): Promise<string> {
    const folder = await createWorkFolder(options.workDirectory, 'draft')
    try {
      const result = await startChild<DraftJob, DraftJobResult>({
        entry: childEntry,
        job: { kind: 'shrink', imageBase64: bytes.toString('base64') },
        folder,
        wallMsMax: 20_000,
        memoryBytesMax: 1024 ** 3,
        outputBytesMax: 1024 ** 2,
      }).result
      if (result.kind !== 'shrunk') throw new TypeError('the child answered another question')
      return result.imageBase64
    } catch (error) {
      if (!(error instanceof MediaError)) throw error
      throw new DraftInputError('image', 'the picture cannot be read')
    } finally {
      await removeWorkFolder(folder)
    }
  }

  const response = () => ({ timestamp: new Date(), modelId, headers: undefined })

  return {
    specificationVersion: 'v4',
    provider: 'draft',
    modelId,
    maxVideosPerCall: 1,

    async doStart(callOptions) {
      const { reference, warnings, hasSound, ...request } = readDraftInput(callOptions)
      const plan = planAnimatic({ ...request, hasReference: reference !== undefined })
      const referenceBase64 = reference ? await shrink(reference) : null
      const operation: DraftOperation = {
        version: 1,
        id: randomBytes(12).toString('hex'),
        plan,
        hasSound,
        referenceBase64,
      }
      begin(operation)
      return { operation: operation as unknown as JSONValue, warnings, response: response() }
    },

    async doStatus({ operation: value }) {
      const operation = readOperation(value)
      const data = await readFile(videoOf(operation.id)).catch(() => undefined)
      if (data) {
        const seed = operation.plan.seed
        return {
          status: 'completed',
          videos: [{ type: 'binary', data, mediaType: 'video/mp4' }],
          warnings: [],
          providerMetadata: { draft: { progress: 1, phase: 'finished', seed } },
          response: response(),
        }
      }
      const render = renders.get(operation.id) ?? begin(operation)
      const providerMetadata = {
        draft: { progress: Math.round(render.progress * 1000) / 1000, phase: render.phase },
      }
      if (render.failure !== undefined) {
        return { status: 'error', error: render.failure, providerMetadata, response: response() }
      }
      return { status: 'pending', providerMetadata, response: response() }
    },

    async cancel(value) {
      const { id } = readOperation(value)
      const render = renders.get(id)
      const isFinished = await stat(videoOf(id)).then(
        () => true,
        () => false,
      )
      if (!render || render.failure !== undefined || isFinished) return false
      render.abort.abort(new Error('canceled'))
      render.failure = 'canceled'
      return true
    },

    async forget(value) {
      const { id } = readOperation(value)
      renders.get(id)?.abort.abort(new Error('forgotten'))
      renders.delete(id)
      await removeWorkFolder(folderOf(id))
    },

    async sweep(now) {
      let swept = await sweepWorkFolders(options.workDirectory, 'draft', now)
      const ageMsMax = options.uncollectedMsMax ?? 24 * 60 * 60_000
      for (const name of await readdir(options.workDirectory).catch(() => [])) {
        if (!name.startsWith('render-') || isBusy(renders.get(name.slice('render-'.length)))) continue
        const folder = join(options.workDirectory, name)
        const changedAt = await stat(folder).then(
          (entry) => entry.mtimeMs,
          () => now.getTime(),
        )
        if (now.getTime() - changedAt <= ageMsMax) continue
        await removeWorkFolder(folder)
        swept += 1
      }
      return swept
    },

    async stop() {
      for (const render of renders.values()) render.abort.abort(new Error('stopping'))
      await Promise.all(running)
      renders.clear()
    },
  }
}

function isBusy(render: Render | undefined): boolean {
  return render !== undefined && render.failure === undefined && render.progress < 1
}

function readOperation(value: JSONValue): DraftOperation {
  const operation = value as unknown as DraftOperation | null
  // The id becomes part of a path.
  if (typeof operation !== 'object' || operation?.version !== 1 || !/^[0-9a-f]{24}$/.test(operation.id)) {
    throw new DraftInputError('operation', 'is not one of ours')
  }
  return operation
}
