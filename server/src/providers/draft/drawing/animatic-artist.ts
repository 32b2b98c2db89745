import type { Canvas, Image } from '@napi-rs/canvas'
import type { AnimaticPlan, PlannedSubject, Shot } from '../animatic-plan.ts'
import { fade } from '../palettes.ts'
import { createFurniture, panelOf } from './furniture.ts'
import { type Pen, sheet } from './pen.ts'
import { buildScene } from './places.ts'
import { drawReference } from './reference.ts'
import { applyCamera, createStagehand, type Scene } from './scene.ts'
import { drawSubject, paceOf } from './subjects.ts'
import { createWeather } from './weather.ts'

/** Draws the frames of a plan one after the other. */
export type Artist = {
  width: number
  height: number
  /** The picture of a frame as RGBA; the buffer is valid until the next call. */
  draw(frame: number): Buffer
  canvas: Canvas
}

/** @param reference a picture that fills the panel instead of a drawn place */
export function createArtist(
  plan: AnimaticPlan,
  drawWidth: number,
  drawHeight: number,
  reference?: Image,
): Artist {
  const { canvas, pen } = sheet(drawWidth, drawHeight)
  const panel = panelOf(drawWidth, drawHeight)
  const furniture = createFurniture(plan, drawWidth, drawHeight)
  const vignette = paintVignette(panel.width, panel.height)
  let current: { index: number; shot: Shot; paint: (pen: Pen, frame: number) => void } | undefined

  return {
    width: drawWidth,
    height: drawHeight,
    canvas,
    draw(frame) {
      const index = Math.max(
        0,
        plan.shots.findLastIndex((shot) => frame >= shot.startFrame),
      )
      const shot = plan.shots[index]
      if (!shot) throw new Error('the plan has no shots')
      if (current?.index !== index) {
        current = {
          index,
          shot,
          paint: createShotPainter(shot, plan.frameRate, panel.width, panel.height, reference),
        }
        furniture.drawPage(pen, index)
      }
      pen.save()
      pen.beginPath()
      pen.rect(panel.x, panel.y, panel.width, panel.height)
      pen.clip()
      pen.translate(panel.x, panel.y)
      current.paint(pen, frame - shot.startFrame)
      pen.drawImage(vignette, 0, 0)
      const dark = fadeOf(plan, frame)
      if (dark > 0) {
        pen.fillStyle = fade('#08090b', dark)
        pen.fillRect(0, 0, panel.width, panel.height)
      }
      pen.restore()
      furniture.drawFrame(pen, frame, (frame - shot.startFrame) / plan.frameRate)
      return canvas.data()
    },
  }
}

/** Up from black in the first third of a second, down in the last half. */
function fadeOf(plan: AnimaticPlan, frame: number): number {
  const seconds = frame / plan.frameRate
  const left = (plan.frames - 1 - frame) / plan.frameRate
  return Math.max(0, 0.85 - seconds * 2.8, 0.8 - left * 2)
}

function createShotPainter(
  shot: Shot,
  frameRate: number,
  width: number,
  height: number,
  reference: Image | undefined,
) {
  const weather = createWeather(shot, width, height)
  const hand = createStagehand(shot, width, height)
  const scene: Scene | undefined = reference ? undefined : buildScene(hand)
  return (pen: Pen, frame: number): void => {
    const seconds = frame / frameRate
    const progress = shot.frames > 1 ? frame / (shot.frames - 1) : 0
    if (reference || !scene) {
      if (reference) drawReference(pen, reference, shot, width, height, progress, seconds)
      weather(pen, seconds)
      return
    }
    let areSubjectsDrawn = false
    const subjectsNow = () => {
      areSubjectsDrawn = true
      drawSubjects(pen, scene, shot, width, height, seconds, progress)
    }
    for (const plane of scene.planes) {
      // Whatever stands before the subjects is drawn after them.
      if (plane.depth > 0.75 && !areSubjectsDrawn) subjectsNow()
      pen.save()
      applyCamera(pen, shot.camera, plane.depth, progress, width, height)
      plane.draw(pen, seconds)
      pen.restore()
    }
    if (!areSubjectsDrawn) subjectsNow()
    weather(pen, seconds)
  }
}

function drawSubjects(
  pen: Pen,
  scene: Scene,
  shot: Shot,
  width: number,
  height: number,
  seconds: number,
  progress: number,
): void {
  // Far ones first: what floats, what flies, then what stands, small before large.
  const order = { water: 0, air: 1, ground: 2 }
  const sorted = [...shot.subjects].sort(
    (one, two) => order[one.layer] - order[two.layer] || two.size - one.size,
  )
  for (const subject of sorted) {
    pen.save()
    const depth = subject.layer === 'water' ? 0.4 : subject.layer === 'air' ? 0.5 : 0.74
    applyCamera(pen, shot.camera, depth, progress, width, height)
    const place = standOf(subject, scene, width, height, seconds, progress)
    const cycle = (((subject.phase + seconds * paceOf(subject.name, subject.action)) % 2) + 2) % 2
    const lightSide = shot.lightX * width < place.x ? -1 : 1
    if (subject.layer === 'water') reflect(pen, subject, place, shot, cycle, lightSide)
    if (subject.layer === 'ground') contactShadow(pen, place, shot)
    drawSubject(pen, subject, place, shot.palette, cycle, lightSide)
    pen.restore()
  }
}

const travel: Record<PlannedSubject['action'], number> = {
  run: 0.05,
  walk: 0.028,
  fly: 0.04,
  dance: 0,
  still: 0,
}
const drifters: Partial<Record<PlannedSubject['name'], number>> = {
  boat: 0.016,
  bird: 0.045,
  fish: 0.04,
  whale: 0.03,
  plane: 0.06,
  dragon: 0.04,
  balloon: 0.008,
  butterfly: 0.02,
}
const rooted: readonly PlannedSubject['name'][] = [
  'house',
  'castle',
  'lighthouse',
  'windmill',
  'tree',
  'flower',
  'campfire',
  'cup',
  'book',
  'lamp',
  'bottle',
]

function standOf(
  subject: PlannedSubject,
  scene: Scene,
  width: number,
  height: number,
  seconds: number,
  progress: number,
) {
  const pace = rooted.includes(subject.name) ? 0 : (drifters[subject.name] ?? travel[subject.action])
  const x = (subject.x + subject.facing * pace * (seconds - 1)) * width
  const size = subject.size * height
  if (subject.layer === 'ground') return { x, y: scene.groundY + subject.y * height, size }
  if (subject.layer === 'water') {
    const dive =
      subject.name === 'whale' ? Math.sin(seconds * 0.8 + subject.phase * 6) * size * 0.1 + size * 0.1 : 0
    return { x, y: scene.waterY + subject.y * height + dive, size }
  }
  const rise =
    subject.name === 'rocket' ? -0.12 * progress : Math.sin(seconds * 0.9 + subject.phase * 6.28) * 0.012
  const lift = subject.name === 'rocket' ? size * 0.9 : 0
  return { x, y: (subject.y + rise) * height + lift, size }
}

function contactShadow(pen: Pen, place: { x: number; y: number; size: number }, shot: Shot): void {
  pen.fillStyle = fade(shot.palette.ink, 0.42)
  pen.beginPath()
  pen.ellipse(place.x, place.y + place.size * 0.012, place.size * 0.42, place.size * 0.045, 0, 0, Math.PI * 2)
  pen.fill()
}

function reflect(
  pen: Pen,
  subject: PlannedSubject,
  place: { x: number; y: number; size: number },
  shot: Shot,
  cycle: number,
  lightSide: number,
): void {
  pen.save()
  pen.translate(0, place.y * 2)
  pen.scale(1, -1)
  pen.translate(0, place.y * 0.55)
  pen.scale(1, 0.45)
  pen.globalAlpha = 0.22
  drawSubject(pen, subject, place, shot.palette, cycle, lightSide)
  pen.restore()
}

function paintVignette(width: number, height: number): Canvas {
  const { canvas, pen } = sheet(width, height)
  const gradient = pen.createRadialGradient(
    width / 2,
    height * 0.48,
    Math.min(width, height) * 0.42,
    width / 2,
    height / 2,
    Math.hypot(width, height) * 0.56,
  )
  gradient.addColorStop(0, 'rgba(0,0,0,0)')
  gradient.addColorStop(1, 'rgba(0,0,0,0.36)')
  pen.fillStyle = gradient
  pen.fillRect(0, 0, width, height)
  return canvas
}
