// The render child: draws a plan and encodes it. Everything arrives by IPC; only the finished video is written.
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import { type ChildContext, serveChild } from '../../media/child-harness.ts'
import { openFrameEncoder } from '../../media/frame-encoder.ts'
import { type DraftJob, type DraftJobResult, type DraftProgress, drawSizeOf } from './draft-render.ts'
import { createArtist } from './drawing/animatic-artist.ts'
import { composeSound, soundRate } from './sound.ts'

const referenceSideMax = 1440

serveChild<DraftJob, DraftJobResult, DraftProgress>((job, context) =>
  job.kind === 'render' ? render(job, context) : shrink(job.imageBase64),
)

async function render(
  job: Extract<DraftJob, { kind: 'render' }>,
  context: ChildContext<DraftProgress>,
): Promise<DraftJobResult> {
  const { plan } = job
  const draw = drawSizeOf(plan.width, plan.height)
  const unfinished = join(context.folder, 'unfinished.mp4')
  context.reportProgress({ phase: 'drawing', progress: 0 })
  const reference = job.referenceBase64
    ? await loadImage(Buffer.from(job.referenceBase64, 'base64'))
    : undefined
  const artist = createArtist(plan, draw.width, draw.height, reference)
  const encoder = openFrameEncoder({
    output: unfinished,
    width: draw.width,
    height: draw.height,
    outputWidth: plan.width,
    outputHeight: plan.height,
    frameRate: plan.frameRate,
    crf: 21,
    threads: 2,
    grain: 3,
    hasSound: job.hasSound,
  })
  const sound = job.hasSound ? composeSound(plan) : undefined
  for (let frame = 0; frame < plan.frames; frame += 1) {
    await encoder.writePicture(artist.draw(frame))
    if (sound) {
      const from = Math.round((frame / plan.frameRate) * soundRate)
      const to = Math.round(((frame + 1) / plan.frameRate) * soundRate)
      encoder.writeSound(sound.left.subarray(from, to), sound.right.subarray(from, to))
    }
    if (frame % 4 === 3)
      context.reportProgress({ phase: 'drawing', progress: ((frame + 1) / plan.frames) * 0.96 })
  }
  context.reportProgress({ phase: 'finishing', progress: 0.97 })
  await encoder.finish()
  // On the disk before it has its name: a file that is there is whole.
  const file = await open(unfinished, 'r+')
  await file.sync()
  const { size } = await file.stat()
  await file.close()
  await rename(unfinished, job.output)
  return { kind: 'rendered', bytes: size }
}

async function shrink(imageBase64: string): Promise<DraftJobResult> {
  const image = await loadImage(Buffer.from(imageBase64, 'base64'))
  const scale = Math.min(1, referenceSideMax / Math.max(image.width, image.height))
  const canvas = createCanvas(
    Math.max(1, Math.round(image.width * scale)),
    Math.max(1, Math.round(image.height * scale)),
  )
  const pen = canvas.getContext('2d')
  pen.imageSmoothingQuality = 'high'
  pen.drawImage(image, 0, 0, canvas.width, canvas.height)
  return { kind: 'shrunk', imageBase64: canvas.toBuffer('image/jpeg', 88).toString('base64') }
}
