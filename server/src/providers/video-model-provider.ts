import type {
  Experimental_VideoModelV4OperationStatusResult as StatusResult,
  Experimental_VideoModelV4 as VideoModelV4,
  Experimental_VideoModelV4CallOptions as VideoModelV4CallOptions,
} from '@ai-sdk/provider'
import { APICallError } from '@ai-sdk/provider'
import { type Operation, type Pace, type Progress, ProviderError, type VideoProvider } from './provider.ts'

export interface VideoModelProviderOptions {
  readonly name: string
  readonly model: VideoModelV4
  readonly pace: Pace
  readonly runDeadlineMs: number
  readonly outputHosts?: readonly string[]
  /** Provider options of the call, by the package's own name. */
  readonly providerOptions?: VideoModelV4CallOptions['providerOptions']
  readonly cancel?: VideoProvider['cancel']
  readonly reconcile?: VideoProvider['reconcile']
  readonly forget?: VideoProvider['forget']
  /** Kinds of errors that only this package throws; undefined leaves it to the general rules. */
  readonly classify?: (error: unknown) => ProviderError | undefined
  /** Progress and phase, where the package tells them in its metadata. */
  readonly progressOf?: (status: StatusResult) => { progress: number | null; phase: string | null }
}

/**
 * Makes a provider of any AI SDK video model that can start and be asked (`VideoModelV4` with `doStart` and
 * `doStatus`): the ecosystem's own interface is the seam.
 *
 * @throws TypeError for a model that only generates in one go: a restart would lose it
 */
export function videoModelProvider(options: VideoModelProviderOptions): VideoProvider {
  const { model } = options
  const { doStart, doStatus } = model
  if (!doStart || !doStatus)
    throw new TypeError(`${model.provider} ${model.modelId} cannot be watched durably`)

  const classify = (error: unknown, phase: 'start' | 'check') =>
    options.classify?.(error) ?? classifyError(error, phase)

  return {
    name: options.name,
    outputHosts: options.outputHosts ?? [],
    pace: options.pace,
    runDeadlineMs: options.runDeadlineMs,

    async start(request, signal) {
      try {
        const { operation, warnings } = await doStart.call(model, {
          prompt: request.prompt,
          n: 1,
          aspectRatio: request.aspectRatio,
          resolution: `${request.width}x${request.height}`,
          duration: request.seconds,
          fps: undefined,
          seed: request.seed,
          image: request.image
            ? { type: 'file', mediaType: request.image.mediaType, data: request.image.data }
            : undefined,
          frameImages: undefined,
          inputReferences: undefined,
          generateAudio: request.audio,
          providerOptions: options.providerOptions ?? {},
          abortSignal: signal,
        })
        return { operation, warnings: warnings.map(describeWarning) }
      } catch (error) {
        throw classify(error, 'start')
      }
    },

    async check(operation: Operation, signal): Promise<Progress> {
      let status: StatusResult
      try {
        status = await doStatus.call(model, { operation, abortSignal: signal })
      } catch (error) {
        throw classify(error, 'check')
      }
      if (status.status === 'pending') {
        return { state: 'running', ...(options.progressOf?.(status) ?? { progress: null, phase: null }) }
      }
      if (status.status === 'error') {
        return {
          state: 'failed',
          error: new ProviderError(status.error, { kind: 'upstream', sent: 'refused', retryable: true }),
        }
      }
      const video = status.videos[0]
      if (!video) {
        // "Done" without a video is a refusal that the upstream did not spell out.
        const error = new ProviderError('The upstream finished without a video.', {
          kind: 'policy',
          sent: 'refused',
          retryable: false,
        })
        return { state: 'failed', error }
      }
      const warnings = status.warnings.map(describeWarning)
      if (video.type === 'url') {
        return {
          state: 'done',
          output: { type: 'url', url: video.url, mediaType: video.mediaType },
          warnings,
        }
      }
      if (video.type === 'base64' || video.type === 'binary') {
        const data = video.type === 'base64' ? Buffer.from(video.data, 'base64') : video.data
        return { state: 'done', output: { type: 'bytes', data, mediaType: video.mediaType }, warnings }
      }
      throw new ProviderError('The upstream delivered to a place that we do not read.', {
        kind: 'ours',
        sent: 'refused',
        retryable: false,
      })
    },
    ...(options.cancel ? { cancel: options.cancel } : {}),
    ...(options.reconcile ? { reconcile: options.reconcile } : {}),
    ...(options.forget ? { forget: options.forget } : {}),
  }
}

const neverSentCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'EHOSTUNREACH',
])

/**
 * What an error of a package means for money: a refusal with a 4xx status was not accepted; a connection that never
 * stood was not sent; everything else may have been.
 */
export function classifyError(error: unknown, phase: 'start' | 'check'): ProviderError {
  if (error instanceof ProviderError) return error
  if (APICallError.isInstance(error) && error.statusCode !== undefined) {
    return fromStatus(error.statusCode, error)
  }
  const code = findCode(error)
  if (code !== undefined && neverSentCodes.has(code)) {
    return new ProviderError('The upstream could not be reached.', {
      kind: 'upstream',
      sent: 'never',
      retryable: true,
      cause: error,
    })
  }
  return new ProviderError('The upstream did not answer in an understandable way.', {
    kind: 'upstream',
    sent: phase === 'start' ? 'maybe' : 'refused',
    retryable: true,
    cause: error,
  })
}

function fromStatus(status: number, cause: unknown): ProviderError {
  const make = (
    kind: ProviderError['kind'],
    sent: ProviderError['sent'],
    retryable: boolean,
    message: string,
  ) => new ProviderError(message, { kind, sent, retryable, cause })
  if (status === 401 || status === 403)
    return make('ours', 'refused', false, 'The upstream refused our credentials.')
  if (status === 402) return make('funds', 'refused', false, 'Our account with the upstream has no funds.')
  if (status === 429) return make('busy', 'never', true, 'The upstream is busy.')
  if (status >= 400 && status < 500)
    return make('user', 'refused', false, 'The upstream refused the request.')
  return make('upstream', 'maybe', true, 'The upstream failed.')
}

function findCode(error: unknown): string | undefined {
  let current: unknown = error
  for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth += 1) {
    if ('code' in current && typeof current.code === 'string') return current.code
    current = 'cause' in current ? current.cause : undefined
  }
  return undefined
}

function describeWarning(warning: {
  type: string
  feature?: string
  details?: string
  message?: string
}): string {
  return [warning.type, warning.feature, warning.details ?? warning.message].filter(Boolean).join(': ')
}
