// The back end for an operator's own ffmpeg. Runs in the media child, which bounds it.
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MediaError } from './media-error.ts'
import type { MediaProbe } from './media-job.ts'
import type { EncodeOrder } from './video-native.ts'

const formatNames: Partial<Record<MediaProbe['container'], string>> = {
  mp4: 'mov',
  mov: 'mov',
  webm: 'matroska',
  matroska: 'matroska',
}

/** The whitelists are per input, so they come before each `-i`; the demuxer is named and never guessed. */
export function inputArguments(path: string, container: MediaProbe['container']): string[] {
  return [
    ...['-protocol_whitelist', 'file', '-format_whitelist', 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm'],
    ...['-f', formatNames[container] ?? 'mov', '-i', `file:${path}`],
  ]
}

const start = ['-hide_banner', '-nostdin', '-v', 'error', '-y']
const mp4 = ['-map_metadata', '-1', '-movflags', '+faststart', '-f', 'mp4']
const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(3)

/** Arguments that write one picture as raw pixels. */
export function pictureArguments(
  path: string,
  container: MediaProbe['container'],
  atMs: number,
  graph: string,
  output: string,
) {
  return [
    ...start,
    ...['-ss', seconds(atMs)],
    ...inputArguments(path, container),
    ...['-an', '-sn', '-frames:v', '1', '-vf', graph, '-f', 'rawvideo', `file:${output}`],
  ]
}

/** Arguments that write a new H.264 MP4. */
export function encodeArguments(order: EncodeOrder): string[] {
  return [
    ...start,
    ...['-ss', seconds(order.startMs)],
    ...inputArguments(order.path, order.container),
    ...[
      '-map',
      '0:v:0',
      ...(order.soundGraph === null ? ['-an'] : ['-map', '0:a:0?', '-af', order.soundGraph]),
    ],
    ...[
      '-sn',
      '-dn',
      '-vf',
      order.graph,
      '-t',
      seconds(order.durationMsMax),
      '-frames:v',
      String(order.framesMax),
    ],
    ...[
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-crf',
      String(order.crf),
      '-profile:v',
      'high',
      '-g',
      '120',
    ],
    ...[
      '-threads',
      String(order.threads),
      ...(order.soundGraph === null ? [] : ['-c:a', 'aac', '-b:a', '128k']),
    ],
    ...mp4,
    `file:${order.output}`,
  ]
}

/** Arguments that copy the first video and audio stream into an MP4. */
export function remuxArguments(path: string, container: MediaProbe['container'], output: string): string[] {
  const streams = ['-map', '0:v:0', '-map', '0:a:0?', '-c', 'copy']
  return [...start, ...inputArguments(path, container), ...streams, ...mp4, `file:${output}`]
}

/** One picture through the command line. */
export async function grabPictureWithCli(
  ffmpegPath: string,
  order: { path: string; container: MediaProbe['container']; atMs: number; graph: string; folder: string },
  adopt: (pid: number) => void,
): Promise<Buffer> {
  for (const atMs of [order.atMs, 0]) {
    const output = join(order.folder, 'picture.raw')
    await runFfmpeg(
      ffmpegPath,
      pictureArguments(order.path, order.container, atMs, order.graph, output),
      adopt,
    )
    // A seek past the last frame ends with success and without a file.
    const pixels = await readFile(output).catch(() => undefined)
    if (pixels && pixels.length > 0) return pixels
  }
  throw new MediaError('media_broken', 'no picture could be decoded')
}

/** Runs ffmpeg to its end; its bounds are those of the child that called. */
export function runFfmpeg(
  ffmpegPath: string,
  commandArguments: string[],
  adopt: (pid: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(ffmpegPath, commandArguments, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {},
      windowsHide: true,
    })
    if (child.pid !== undefined) adopt(child.pid)
    // Its text names paths: read so that the pipe never fills, and not kept.
    child.stderr.resume()
    child.on('error', (error) =>
      reject(new MediaError('media_failed', 'ffmpeg could not be started', { cause: error })),
    )
    child.on('close', (exitCode) => {
      adopt(0)
      if (exitCode === 0) resolve()
      else reject(new MediaError('media_broken', 'ffmpeg could not read the file'))
    })
  })
}
