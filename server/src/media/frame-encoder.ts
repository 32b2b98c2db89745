// Drawn pictures and sampled sound into an MP4. Imported by child entry files only (see video-native.ts).
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Encoder, FilterAPI, Muxer } from 'node-av/api'
import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_PIX_FMT_RGBA,
  AV_SAMPLE_FMT_FLTP,
  AVCOL_PRI_BT709,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_TRC_BT709,
  FF_ENCODER_AAC,
} from 'node-av/constants'
import { Frame } from 'node-av/lib'
import { keep } from './native-keep.ts'
import { createH264, writeAll } from './video-native.ts'

export type FrameEncoderOptions = {
  output: string
  /** Size of the pictures given. */
  width: number
  height: number
  /** Size of the video; differs when it was drawn smaller. */
  outputWidth: number
  outputHeight: number
  frameRate: number
  crf: number
  threads: number
  /** Strength of the moving film grain, 0 to 10. */
  grain: number
  hasSound: boolean
}

export type FrameEncoder = {
  /** One RGBA picture; the buffer may be used again after the call. */
  writePicture(pixels: Buffer): Promise<void>
  /** Sound at 48 kHz, one array per channel, written in pieces as the pictures go along. */
  writeSound(left: Float32Array, right: Float32Array): void
  finish(): Promise<void>
}

export const soundRate = 48_000
const soundFrame = 1024

export function openFrameEncoder(options: FrameEncoderOptions): FrameEncoder {
  const { width, height, frameRate } = options
  const grain = options.grain > 0 ? `,noise=alls=${Math.round(options.grain)}:allf=t:all_seed=1` : ''
  const filter = keep(
    FilterAPI.create(
      `scale=${options.outputWidth}:${options.outputHeight}:flags=bicubic:out_color_matrix=bt709:out_range=tv` +
        `,format=yuv420p${grain},setsar=1,fps=${frameRate}`,
      { threads: 1, framerate: { num: frameRate, den: 1 } },
    ),
  )
  const video = createH264(filter, options.crf, options.threads)
  const output = keep(Muxer.openSync(options.output, { format: 'mp4', options: { movflags: '+faststart' } }))
  const videoIndex = output.addStream(video)
  const audio = options.hasSound ? keep(Encoder.createSync(FF_ENCODER_AAC, { bitrate: 96_000 })) : undefined
  const audioIndex = audio ? output.addStream(audio) : -1
  let pictures = 0n
  let samples = 0n

  const writeShaped = (frame: Frame) => {
    frame.colorSpace = AVCOL_SPC_BT709
    frame.colorPrimaries = AVCOL_PRI_BT709
    frame.colorTrc = AVCOL_TRC_BT709
    frame.colorRange = AVCOL_RANGE_MPEG
    writeAll(output, video.encodeAllSync(frame), videoIndex)
    frame.free()
  }

  return {
    async writePicture(pixels) {
      const timeBase = { num: 1, den: frameRate }
      const frame = Frame.fromVideoBuffer(pixels, {
        width,
        height,
        format: AV_PIX_FMT_RGBA,
        timeBase,
        pts: pictures,
      })
      // Without a duration the muxer cannot know how long the last picture lasts.
      frame.duration = 1n
      pictures += 1n
      for (const shaped of filter.processAllSync(frame)) writeShaped(shaped)
      frame.free()
      await nextTurn()
    },
    writeSound(left, right) {
      if (!audio) return
      for (let offset = 0; offset < left.length; offset += soundFrame) {
        const length = Math.min(soundFrame, left.length - offset)
        const planes = new Float32Array(length * 2)
        planes.set(left.subarray(offset, offset + length), 0)
        planes.set(right.subarray(offset, offset + length), length)
        const frame = Frame.fromAudioBuffer(Buffer.from(planes.buffer), {
          nbSamples: length,
          format: AV_SAMPLE_FMT_FLTP,
          sampleRate: soundRate,
          // The documented layout constant is rejected; this literal is native stereo.
          channelLayout: { order: AV_CHANNEL_ORDER_NATIVE, nbChannels: 2, mask: 3n },
          timeBase: { num: 1, den: soundRate },
          pts: samples,
        })
        samples += BigInt(length)
        writeAll(output, audio.encodeAllSync(frame), audioIndex)
        frame.free()
      }
    },
    async finish() {
      for (const frame of filter.flushFramesSync()) writeShaped(frame)
      writeAll(output, [...video.flushPacketsSync()], videoIndex)
      if (audio) writeAll(output, [...audio.flushPacketsSync()], audioIndex)
      output.closeSync()
      video.close()
      audio?.close()
      filter.close()
      await nextTurn()
    },
  }
}
