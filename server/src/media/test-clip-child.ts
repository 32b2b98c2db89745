// Makes the clips of the tests, in a child like every other native work.
import { setTimeout as pause } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { serveChild } from './child-harness.ts'
import { openFrameEncoder, soundRate } from './frame-encoder.ts'

export type TestClip = {
  output: string
  width: number
  height: number
  frames: number
  frameRate: number
  hasSound: boolean
  /** Collects what the encoder left: native finalizers have crashed here. */
  collectsGarbage?: boolean
  /** Misbehaves instead of drawing. */
  fault?: 'sleep' | 'spin' | 'memory' | 'disk'
}

serveChild<TestClip, { frames: number }>(async (clip, context) => {
  if (clip.fault === 'sleep') await new Promise(() => setInterval(() => undefined, 1000))
  if (clip.fault === 'spin') for (;;) Math.sqrt(2)
  if (clip.fault === 'memory') {
    const held: Buffer[] = []
    for (;;) {
      held.push(Buffer.alloc(8 * 1024 * 1024, held.length))
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
  if (clip.fault === 'disk') {
    const { appendFileSync } = await import('node:fs')
    const block = Buffer.alloc(1024 * 1024, 1)
    for (;;) {
      appendFileSync(`${context.folder}/flood`, block)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
  const encoder = openFrameEncoder({
    ...clip,
    outputWidth: clip.width,
    outputHeight: clip.height,
    crf: 23,
    threads: 1,
    grain: 0,
  })
  const pixels = Buffer.alloc(clip.width * clip.height * 4, 255)
  for (let index = 0; index < clip.frames; index += 1) {
    for (let offset = 0; offset < pixels.length; offset += 4) {
      const x = (offset / 4) % clip.width
      pixels[offset] = (x + index * 4) & 255
      pixels[offset + 1] = (offset >> 10) & 255
      pixels[offset + 2] = 96
    }
    await encoder.writePicture(pixels)
    const samples = Math.round(soundRate / clip.frameRate)
    const wave = Float32Array.from(
      { length: samples },
      (_, at) => 0.2 * Math.sin((index * samples + at) / 20),
    )
    encoder.writeSound(wave, wave)
  }
  await encoder.finish()
  if (clip.collectsGarbage) await collectGarbage()
  return { frames: clip.frames }
})

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let round = 0; round < 4; round += 1) {
    collect()
    // Finalizers run in a later turn.
    await pause(10)
  }
}
