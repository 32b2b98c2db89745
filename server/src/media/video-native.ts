// The node-av back end. Imported by child entry files only: the addon is GPL code and stays out of the server's
// process. Only the sync calls are used; the async pipelines can swallow errors and end without output.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Decoder, Demuxer, Encoder, FilterAPI, Muxer } from 'node-av/api'
import { AV_LOG_ERROR, AVSEEK_FLAG_BACKWARD, FF_ENCODER_AAC, FF_ENCODER_LIBX264 } from 'node-av/constants'
import type { Frame, Packet, Stream } from 'node-av/lib'
import { Log } from 'node-av/lib'
import { MediaError } from './media-error.ts'
import type { MediaProbe } from './media-job.ts'
import { keep } from './native-keep.ts'

Log.setLevel(AV_LOG_ERROR)

/** Opens a file with the one demuxer that the sniffed container allows, and only the file protocol. */
export function openDemuxer(path: string, container: MediaProbe['container']): Demuxer {
  const format = container === 'mp4' || container === 'mov' ? 'mov' : 'matroska'
  return guarded('the container cannot be opened', () =>
    keep(
      Demuxer.openSync(path, {
        format,
        options: {
          protocol_whitelist: 'file',
          format_whitelist: 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm',
        } as never,
      }),
    ),
  )
}

/** The picture shown at a time, as raw pixels in the format that the graph ends in. */
export async function grabPicture(
  path: string,
  container: MediaProbe['container'],
  atMs: number,
  graph: string,
): Promise<Buffer> {
  using input = openDemuxer(path, container)
  const stream = videoOf(input)
  // Without BACKWARD the seek may jump past the target to the next key frame.
  if (atMs > 0) input.seekSync(atMs / 1000, -1, AVSEEK_FLAG_BACKWARD)
  using decoder = keep(Decoder.createSync(stream, { exitOnError: false, threadCount: 2 }))
  const target = atMs / 1000
  let last: Buffer | undefined
  const take = (frames: Frame[]): boolean => {
    for (const frame of frames) {
      const time = Number(frame.pts) * (stream.timeBase.num / stream.timeBase.den)
      const isWanted = time >= target - 0.001
      // The latest earlier picture is kept for a clip whose index promises more than it holds.
      if (isWanted || last === undefined) last = pictureOf(frame, graph)
      frame.free()
      if (isWanted) return true
    }
    return false
  }
  let decoded = 0
  for (const packet of input.packetsSync(stream.index)) {
    if (packet === null) break
    const frames = decoder.decodeAllSync(packet)
    packet.free()
    decoded += frames.length
    if (take(frames)) break
    if (decoded > 2000) break
    await nextTurn()
  }
  if (last === undefined) take(drain(decoder))
  if (last === undefined) throw new MediaError('media_broken', 'no picture could be decoded')
  return last
}

function pictureOf(frame: Frame, graph: string): Buffer {
  using filter = keep(FilterAPI.create(graph))
  const shown = filter.processAllSync(frame)[0] ?? [...filter.flushFramesSync()][0]
  if (!shown) throw new MediaError('media_broken', 'no picture could be decoded')
  const pixels = shown.toBuffer()
  shown.free()
  return pixels
}

/** How to write a new H.264 MP4. */
export type EncodeOrder = {
  path: string
  container: MediaProbe['container']
  output: string
  startMs: number
  durationMsMax: number
  framesMax: number
  graph: string
  crf: number
  soundGraph: string | null
  threads: number
}

/** Decodes, filters and encodes into a faststart MP4 without metadata. Answers with the number of frames written. */
export async function encodeMp4(order: EncodeOrder): Promise<number> {
  using input = openDemuxer(order.path, order.container)
  const video = videoOf(input)
  const audio = order.soundGraph === null ? undefined : input.audio()
  if (order.startMs > 0) input.seekSync(order.startMs / 1000, -1, AVSEEK_FLAG_BACKWARD)
  using decoder = keep(Decoder.createSync(video, { exitOnError: false, threadCount: order.threads }))
  using filter = keep(FilterAPI.create(order.graph, { threads: 1 }))
  using encoder = createH264(filter, order.crf, order.threads)
  using output = keep(Muxer.openSync(order.output, { format: 'mp4', options: { movflags: '+faststart' } }))
  const videoIndex = output.addStream(encoder)
  using sound = audio ? openSound(audio, order.soundGraph ?? '', output) : undefined

  const start = order.startMs / 1000
  const end = start + order.durationMsMax / 1000
  let written = 0
  let isVideoDone = false
  const writeFrames = (frames: Frame[]) => {
    for (const frame of frames) {
      if (written < order.framesMax) {
        writeAll(output, encoder.encodeAllSync(frame), videoIndex)
        written += 1
      } else {
        isVideoDone = true
      }
      frame.free()
    }
  }
  const takeDecoded = (frames: Frame[]) => {
    for (const frame of frames) {
      const time = Number(frame.pts) * (video.timeBase.num / video.timeBase.den)
      if (time >= end) isVideoDone = true
      else if (time >= start - 0.001) writeFrames(filter.processAllSync(frame))
      frame.free()
    }
  }
  for (const packet of input.packetsSync()) {
    if (packet === null) break
    if (packet.streamIndex === video.index && !isVideoDone) takeDecoded(decoder.decodeAllSync(packet))
    else if (sound && packet.streamIndex === audio?.index) sound.take(packet, end)
    packet.free()
    if (isVideoDone && !sound) break
    // One turn per packet lets finalizers run; without it a few seconds of video hold a gigabyte.
    await nextTurn()
  }
  if (!isVideoDone) takeDecoded(drain(decoder))
  writeFrames([...filter.flushFramesSync()])
  writeAll(output, [...encoder.flushPacketsSync()], videoIndex)
  sound?.finish(end)
  if (written === 0) throw new MediaError('media_broken', 'no picture could be decoded')
  output.closeSync()
  return written
}

/** Copies the first video and the first audio stream into a faststart MP4 without metadata. */
export async function remuxMp4(
  path: string,
  container: MediaProbe['container'],
  outputPath: string,
): Promise<void> {
  using input = openDemuxer(path, container)
  const video = videoOf(input)
  const audio = input.audio()
  using output = keep(Muxer.openSync(outputPath, { format: 'mp4', options: { movflags: '+faststart' } }))
  const videoIndex = output.addStream(video)
  const audioIndex = audio ? output.addStream(audio) : -1
  let count = 0
  for (const packet of input.packetsSync()) {
    if (packet === null) break
    if (packet.streamIndex === video.index) output.writePacketSync(packet, videoIndex)
    else if (audio && packet.streamIndex === audio.index) output.writePacketSync(packet, audioIndex)
    packet.free()
    count += 1
    if (count % 64 === 0) await nextTurn()
  }
  output.closeSync()
}

function openSound(stream: Stream, graph: string, output: Muxer) {
  const decoder = keep(Decoder.createSync(stream, { exitOnError: false }))
  const filter = keep(FilterAPI.create(graph))
  const encoder = keep(Encoder.createSync(FF_ENCODER_AAC, { filter, bitrate: 128_000 }))
  const index = output.addStream(encoder)
  const takeFrames = (frames: Frame[], end: number) => {
    for (const frame of frames) {
      const time = Number(frame.pts) * (stream.timeBase.num / stream.timeBase.den)
      if (time < end) for (const shaped of filter.processAllSync(frame)) writeFrame(shaped)
      frame.free()
    }
  }
  const writeFrame = (frame: Frame) => {
    writeAll(output, encoder.encodeAllSync(frame), index)
    frame.free()
  }
  return {
    take(packet: Packet, end: number) {
      takeFrames(decoder.decodeAllSync(packet), end)
    },
    finish(end: number) {
      takeFrames(drain(decoder), end)
      for (const frame of filter.flushFramesSync()) writeFrame(frame)
      writeAll(output, [...encoder.flushPacketsSync()], index)
    },
    [Symbol.dispose]() {
      encoder.close()
      filter.close()
      decoder.close()
    },
  }
}

/** The H.264 encoder of every MP4 that we make. */
export function createH264(filter: FilterAPI, crf: number, threads: number): Encoder {
  return keep(
    Encoder.createSync(FF_ENCODER_LIBX264, {
      filter,
      threadCount: threads,
      gopSize: 120,
      options: { preset: 'veryfast', crf: String(crf), profile: 'high' } as never,
    }),
  )
}

/** Writes encoded packets and frees them. */
export function writeAll(output: Muxer, packets: Packet[], index: number): void {
  for (const packet of packets) {
    output.writePacketSync(packet, index)
    packet.free()
  }
}

function drain(decoder: Decoder): Frame[] {
  return [...decoder.flushFramesSync()]
}

function videoOf(input: Demuxer): Stream {
  const stream = input.video()
  if (!stream) throw new MediaError('media_broken', 'the file holds no video stream')
  return stream
}

function guarded<T>(detail: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new MediaError('media_broken', detail, { cause: error })
  }
}
