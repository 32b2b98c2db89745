// The entry of the media child process: one job, then the end. Never imported.
import { stat } from 'node:fs/promises'
import { type ChildContext, serveChild } from './child-harness.ts'
import { MediaError } from './media-error.ts'
import type { MediaJob, MediaProbe, MediaResults, WrittenFile } from './media-job.ts'
import { probeFile } from './media-probe.ts'
import { type Picture, posterGraph, previewGraph, webGraph, webSoundGraph } from './video-graph.ts'
import type { EncodeOrder } from './video-native.ts'

type Context = ChildContext<never>
type JobOf<Operation> = Extract<MediaJob, { operation: Operation }>

serveChild<MediaJob, MediaResults[keyof MediaResults]>(async (job, context) => {
  switch (job.operation) {
    case 'probe':
      return await probeFile(job.input, job.limits)
    case 'poster':
      return await makePoster(job, context)
    case 'preview':
      return await makePreview(job, context)
    case 'webMp4':
      return await makeWebMp4(job, context)
    case 'normaliseImage':
      return await normalise(job)
    case 'streamHash':
      return await (await import('./stream-hash.ts')).hashVideoStream(job.input)
    case 'sign':
      return await sign(job)
    case 'readCredentials':
      return await readCredentials(job)
    case 'capabilities':
      return await readCapabilities(job)
  }
})

async function makePoster(job: JobOf<'poster'>, context: Context): Promise<WrittenFile> {
  const { writePoster } = await import('./image-file.ts')
  const probe = await probeFile(job.input, job.limits)
  if (probe.kind === 'image') {
    return await writePoster({ path: job.input }, job.output, job.format, job.widthMax, job.limits)
  }
  // A little into the clip: the first frame of many videos is black.
  const atMs = Math.min(1000, Math.round((probe.durationMs ?? 0) / 3))
  const { graph, width, height } = posterGraph(pictureFor(job, probe), job.widthMax)
  const order = { path: job.input, container: probe.container, atMs, graph, folder: context.folder }
  const pixels = job.ffmpegPath
    ? await (await import('./video-cli.ts')).grabPictureWithCli(job.ffmpegPath, order, context.adopt)
    : await (await import('./video-native.ts')).grabPicture(job.input, probe.container, atMs, graph)
  return await writePoster({ pixels, width, height }, job.output, job.format, job.widthMax, job.limits)
}

async function makePreview(job: JobOf<'preview'>, context: Context): Promise<WrittenFile> {
  const probe = await probeVideo(job)
  const durationMs = probe.durationMs ?? 0
  const { graph } = previewGraph(pictureFor(job, probe))
  await encode(job, context, {
    path: job.input,
    container: probe.container,
    output: job.output,
    startMs: durationMs > 6000 ? Math.round(durationMs / 4) : 0,
    durationMsMax: 3000,
    framesMax: 36,
    graph,
    crf: 30,
    soundGraph: null,
    threads: job.limits.encoderThreads,
  })
  return await checkWritten(job)
}

async function makeWebMp4(job: JobOf<'webMp4'>, context: Context): Promise<WrittenFile> {
  const probe = await probeVideo(job)
  if (job.how === 'remux') {
    if (job.ffmpegPath) {
      const { remuxArguments, runFfmpeg } = await import('./video-cli.ts')
      await runFfmpeg(job.ffmpegPath, remuxArguments(job.input, probe.container, job.output), context.adopt)
    } else {
      await (await import('./video-native.ts')).remuxMp4(job.input, probe.container, job.output)
    }
    return await checkWritten(job)
  }
  const frameRate = Math.min(60, probe.frameRate ?? 30)
  const durationMs = probe.durationMs ?? 0
  await encode(job, context, {
    path: job.input,
    container: probe.container,
    output: job.output,
    startMs: 0,
    durationMsMax: durationMs + 1000,
    framesMax: Math.ceil((durationMs / 1000 + 1) * (frameRate + 1)),
    graph: webGraph(pictureFor(job, probe), frameRate).graph,
    crf: 23,
    soundGraph: probe.audioCodec === null ? null : webSoundGraph,
    threads: job.limits.encoderThreads,
  })
  return await checkWritten(job)
}

async function encode(job: MediaJob, context: Context, order: EncodeOrder): Promise<void> {
  if (job.ffmpegPath) {
    const { encodeArguments, runFfmpeg } = await import('./video-cli.ts')
    await runFfmpeg(job.ffmpegPath, encodeArguments(order), context.adopt)
  } else {
    await (await import('./video-native.ts')).encodeMp4(order)
  }
}

// A native pipeline may end without an error and without a video: nothing counts before it has been probed.
async function checkWritten(job: MediaJob & { output: string }): Promise<WrittenFile> {
  const written = await probeFile(job.output, job.limits).catch((error: unknown) => {
    throw new MediaError('media_failed', 'the written video cannot be read back', { cause: error })
  })
  if (written.videoCodec !== 'avc') throw new MediaError('media_failed', 'the written video is not H.264')
  return { mimeType: written.mimeType, bytes: written.bytes, width: written.width, height: written.height }
}

async function probeVideo(job: MediaJob & { input: string }): Promise<MediaProbe> {
  const probe = await probeFile(job.input, job.limits)
  if (probe.kind !== 'video') throw new MediaError('media_unsupported', 'the file is not a video')
  return probe
}

// The command line turns pictures upright by itself; node-av does not.
function pictureFor(job: MediaJob, probe: MediaProbe): Picture {
  return { width: probe.width, height: probe.height, rotation: job.ffmpegPath ? 0 : probe.rotation }
}

async function normalise(job: JobOf<'normaliseImage'>): Promise<WrittenFile> {
  const probe = await probeFile(job.input, job.limits)
  if (probe.kind !== 'image') throw new MediaError('media_unsupported', 'the file is not an image')
  const { normaliseImage } = await import('./image-file.ts')
  return await normaliseImage(job.input, job.output, probe.container, job.limits)
}

async function sign(job: JobOf<'sign'>): Promise<MediaResults['sign']> {
  const { loadCredentialLibrary, signFile } = await import('./credentials.ts')
  const loaded = await loadCredentialLibrary()
  if (!('library' in loaded)) return { state: 'unavailable', detail: loaded.detail }
  return { state: 'signed', bytes: await signFile(loaded.library, job) }
}

async function readCredentials(job: JobOf<'readCredentials'>): Promise<MediaResults['readCredentials']> {
  const { loadCredentialLibrary, readFileCredentials } = await import('./credentials.ts')
  const loaded = await loadCredentialLibrary()
  if (!('library' in loaded)) return { state: 'unavailable', detail: loaded.detail }
  const probe = await probeFile(job.input, job.limits)
  return await readFileCredentials(loaded.library, job.input, probe.mimeType, job.trustAnchorsPem)
}

async function readCapabilities(job: JobOf<'capabilities'>): Promise<MediaResults['capabilities']> {
  const { loadCredentialLibrary } = await import('./credentials.ts')
  const loaded = await loadCredentialLibrary()
  const signing =
    'library' in loaded
      ? { isAvailable: true, detail: 'ready' }
      : { isAvailable: false, detail: loaded.detail }
  if (job.ffmpegPath) {
    const isThere = await stat(job.ffmpegPath)
      .then((entry) => entry.isFile())
      .catch(() => false)
    const detail = isThere ? 'ready' : 'the configured ffmpeg is not there'
    return { signing, video: { backEnd: 'cli', isAvailable: isThere, detail } }
  }
  try {
    await import('./video-native.ts')
    return { signing, video: { backEnd: 'node-av', isAvailable: true, detail: 'ready' } }
  } catch {
    const detail = `no FFmpeg addon for ${process.platform}-${process.arch}; set FFMPEG_PATH to your own ffmpeg`
    return { signing, video: { backEnd: 'node-av', isAvailable: false, detail } }
  }
}
