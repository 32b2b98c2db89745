// Runs in the media child: it reads files that strangers made.
import { open, stat } from 'node:fs/promises'
import { fileTypeFromFile } from 'file-type'
import { FilePathSource, Input, type InputVideoTrack, MATROSKA, MP4, QTFF, WEBM } from 'mediabunny'
import { MediaError } from './media-error.ts'
import type { MediaProbe, ProbeLimits } from './media-job.ts'

const imageContainers: Record<string, MediaProbe['container']> = {
  'image/png': 'png',
  'image/apng': 'png',
  'image/jpeg': 'jpeg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
}

const videoContainers: Record<string, MediaProbe['container']> = {
  'video/mp4': 'mp4',
  'video/x-m4v': 'mp4',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'video/matroska': 'matroska',
  'video/x-matroska': 'matroska',
}

const mimeTypes: Record<MediaProbe['container'], string> = {
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  matroska: 'video/x-matroska',
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
}

/** Sniffs first, then reads with the one reader that the sniffed type allows, then applies the limits. */
export async function probeFile(path: string, limits: ProbeLimits): Promise<MediaProbe> {
  const { size } = await stat(path)
  if (size === 0) throw new MediaError('media_broken', 'the file is empty')
  if (size > limits.uploadBytesMax) throw new MediaError('media_too_large', 'the file has too many bytes')
  const sniffed = await fileTypeFromFile(path).catch(() => undefined)
  const image = sniffed && imageContainers[sniffed.mime]
  if (image) {
    const { probeImage } = await import('./image-file.ts')
    return await probeImage(path, image, mimeTypes[image], size, limits)
  }
  const video = sniffed && videoContainers[sniffed.mime]
  if (!video)
    throw new MediaError('media_unsupported', 'the file is neither a video nor an image that we take')
  return await probeVideo(path, video, size, limits)
}

async function probeVideo(
  path: string,
  container: MediaProbe['container'],
  bytes: number,
  limits: ProbeLimits,
): Promise<MediaProbe> {
  const facts = await readVideo(path).catch((error: unknown) => {
    if (error instanceof MediaError) throw error
    throw new MediaError('media_broken', 'the container cannot be read', { cause: error })
  })
  if (facts.streamCount > limits.streamsMax)
    throw new MediaError('media_too_large', 'the file has too many streams')
  if (!(facts.durationMs > 0)) throw new MediaError('media_broken', 'the video has no duration')
  if (facts.durationMs > limits.durationMsMax)
    throw new MediaError('media_too_large', 'the video is too long')
  if (!(facts.width > 0 && facts.height > 0))
    throw new MediaError('media_broken', 'the video has no picture size')
  if (Math.max(facts.width, facts.height, facts.codedWidth, facts.codedHeight) > limits.sidePixelsMax) {
    throw new MediaError('media_too_large', 'a side of the picture is too long')
  }
  if (facts.codedWidth * facts.codedHeight > limits.framePixelsMax) {
    throw new MediaError('media_too_large', 'the picture has too many pixels')
  }
  if (facts.frameRate !== null && facts.frameRate > limits.frameRateMax) {
    throw new MediaError('media_too_large', 'the frame rate is too high')
  }
  const isFaststart = container === 'mp4' || container === 'mov' ? await indexComesFirst(path, bytes) : true
  return {
    kind: 'video',
    mimeType: mimeTypes[container],
    container,
    bytes,
    width: facts.width,
    height: facts.height,
    durationMs: Math.round(facts.durationMs),
    frameRate: facts.frameRate,
    videoCodec: facts.videoCodec,
    audioCodec: facts.audioCodec,
    bitrate: Math.round((bytes * 8000) / facts.durationMs),
    isFaststart,
    isWebSafe:
      container === 'mp4' &&
      isPlainH264(facts.codecString) &&
      (facts.audioCodec === null || facts.audioCodec === 'aac') &&
      facts.streamCount <= 2,
    rotation: facts.rotation,
  }
}

async function readVideo(path: string) {
  // An explicit list: mediabunny's full list includes HLS and opens the files that a playlist names.
  using input = new Input({ source: new FilePathSource(path), formats: [MP4, QTFF, WEBM, MATROSKA] })
  const tracks = await input.getTracks()
  const video = await input.getPrimaryVideoTrack()
  if (tracks.length === 0 || !video) throw new MediaError('media_broken', 'the file holds no video stream')
  const audio = await input.getPrimaryAudioTrack()
  return {
    streamCount: tracks.length,
    durationMs: (await input.computeDuration()) * 1000,
    width: await video.getDisplayWidth(),
    height: await video.getDisplayHeight(),
    codedWidth: await video.getCodedWidth(),
    codedHeight: await video.getCodedHeight(),
    rotation: await video.getRotation(),
    frameRate: await frameRateOf(video),
    videoCodec: await video.getCodec(),
    codecString: await video.getCodecParameterString(),
    audioCodec: audio ? ((await audio.getCodec()) ?? 'unknown') : null,
  }
}

async function frameRateOf(track: InputVideoTrack): Promise<number | null> {
  const stats = await track.computePacketStats(240)
  const rate = stats.averagePacketRate
  return Number.isFinite(rate) && rate > 0 ? Math.round(rate * 1000) / 1000 : null
}

/** Whether an `avc1.PPCCLL` string names a profile that is 8-bit 4:2:0 (Baseline, Main, Extended, High). */
export function isPlainH264(codecString: string | null): boolean {
  const profile = /^avc[13]\.([0-9a-f]{2})/i.exec(codecString ?? '')?.[1]
  return profile !== undefined && ['42', '4d', '58', '64'].includes(profile.toLowerCase())
}

/** Walks the top-level boxes of an MP4: is `moov` before the first `mdat`? */
async function indexComesFirst(path: string, bytes: number): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const head = Buffer.alloc(16)
    let offset = 0
    for (let boxes = 0; boxes < 64 && offset + 8 <= bytes; boxes += 1) {
      const { bytesRead } = await file.read(head, 0, 16, offset)
      if (bytesRead < 8) return false
      const type = head.toString('latin1', 4, 8)
      if (type === 'moov') return true
      if (type === 'mdat') return false
      const short = head.readUInt32BE(0)
      const size = short === 1 && bytesRead === 16 ? Number(head.readBigUInt64BE(8)) : short
      if (size < 8) return false
      offset += size
    }
    return false
  } finally {
    await file.close()
  }
}
