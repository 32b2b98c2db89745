import type { AnimaticPlan } from '../animatic-plan.ts'
import { breakLines, captionFont, monoFamily, withoutPictographs } from './captions.ts'
import type { Pen } from './pen.ts'

/** Where the picture lies on the storyboard page, in pixels of the drawn frame. */
export type Panel = { x: number; y: number; width: number; height: number; radius: number }

const paper = '#101216'
const hairline = '#3a3f48'
const words = '#c9ccd2'
const quiet = '#868c96'
const tungsten = '#e9b35e'

/** The picture keeps nearly the whole page; the slate and the caption have a strip of their own below it. */
export function panelOf(width: number, height: number): Panel {
  const unit = Math.min(width, height)
  const margin = Math.round(unit * 0.022)
  const strip = Math.round(height > width * 1.2 ? unit * 0.19 : height >= width ? unit * 0.13 : unit * 0.098)
  return {
    x: margin,
    y: margin,
    width: width - 2 * margin,
    height: height - margin - strip,
    radius: Math.round(unit * 0.014),
  }
}

export type Furniture = {
  /** Paper, guides, caption: once per shot, outside the picture. */
  drawPage(pen: Pen, shot: number): void
  /** The corners over the picture and the running time code: every frame. */
  drawFrame(pen: Pen, frame: number, secondsIntoShot: number): void
}

/** The storyboard page around the picture. Nothing of it lies on the picture. */
export function createFurniture(plan: AnimaticPlan, width: number, height: number): Furniture {
  const panel = panelOf(width, height)
  const unit = Math.min(width, height)
  const isTall = height > width * 1.2
  const mono = monoFamily()
  const text = withoutPictographs(plan.caption)
  const font = captionFont(text)
  const small = unit * 0.0235
  const stripTop = panel.y + panel.height
  const stripHeight = height - stripTop
  const slateY = isTall ? stripTop + stripHeight * 0.26 : stripTop + stripHeight / 2
  let caption: { lines: string[]; size: number } | undefined
  const tagWidth = small * 4.1

  const slate = (pen: Pen, size: number, weight: number) => {
    pen.font = `${size}px ${mono}`
    pen.fontVariationSettings = `"wght" ${weight}`
    pen.textBaseline = 'middle'
    pen.direction = 'ltr'
  }
  const timeCode = (frame: number) => {
    const seconds = Math.floor(frame / plan.frameRate)
    const two = (value: number) => String(value).padStart(2, '0')
    return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}:${two(frame % plan.frameRate)}`
  }

  return {
    drawPage(pen, shot) {
      pen.fillStyle = paper
      pen.fillRect(0, 0, width, height)
      drawGuides(pen, panel, unit)
      const centre = slateY
      // The tag that makes every still recognisable as a draft.
      pen.fillStyle = tungsten
      pen.beginPath()
      pen.roundRect(panel.x, centre - small * 0.86, tagWidth, small * 1.72, small * 0.28)
      pen.fill()
      slate(pen, small, 700)
      pen.textAlign = 'center'
      pen.fillStyle = paper
      pen.fillText('DRAFT', panel.x + tagWidth / 2, centre + small * 0.06)
      slate(pen, small, 500)
      pen.textAlign = 'left'
      pen.fillStyle = quiet
      pen.fillText(
        `SHOT ${shot + 1}/${plan.shots.length}`,
        panel.x + tagWidth + small * 0.9,
        centre + small * 0.06,
      )
      drawCaption(pen)
    },
    drawFrame(pen, frame) {
      drawCorners(pen, panel)
      slate(pen, small, 500)
      const right = panel.x + panel.width
      const codeWidth = pen.measureText('00:00:00').width
      pen.fillStyle = paper
      pen.fillRect(right - codeWidth - 2, slateY - small, codeWidth + 4, small * 2)
      pen.textAlign = 'right'
      pen.fillStyle = words
      pen.fillText(timeCode(frame), right, slateY + small * 0.06)
    },
  }

  function drawCaption(pen: Pen): void {
    if (!font) return
    slate(pen, small, 500)
    const codeWidth = pen.measureText('00:00:00').width
    const slateWidth = tagWidth + small * 0.9 + pen.measureText('SHOT 3/3').width
    const left = isTall ? panel.x : panel.x + slateWidth + unit * 0.04
    const right = isTall ? panel.x + panel.width : panel.x + panel.width - codeWidth - unit * 0.04
    const linesMax = 2
    pen.fontVariationSettings = '"wght" 450'
    if (!caption) {
      // One comfortable line where it fits, two smaller ones where it does not.
      for (const size of [unit * 0.031, unit * 0.0265]) {
        pen.font = `${size}px ${font.families}`
        const lines = breakLines(pen, text, right - left, linesMax)
        caption = { lines, size }
        if (lines.length === 1) break
      }
    }
    if (!caption) return
    pen.font = `${caption.size}px ${font.families}`
    pen.fillStyle = words
    pen.textBaseline = 'middle'
    pen.direction = font.isRightToLeft ? 'rtl' : 'ltr'
    pen.textAlign = isTall ? (font.isRightToLeft ? 'right' : 'left') : 'center'
    const x = isTall ? (font.isRightToLeft ? right : left) : (left + right) / 2
    const gap = caption.size * 1.28
    const middle = isTall ? stripTop + stripHeight * 0.66 : stripTop + stripHeight / 2
    caption.lines.forEach((line, index) => {
      pen.fillText(line, x, middle + (index - ((caption?.lines.length ?? 1) - 1) / 2) * gap)
    })
    pen.direction = 'ltr'
  }
}

/** Hairlines on the paper: corner brackets and the middle of each side. */
function drawGuides(pen: Pen, panel: Panel, unit: number): void {
  pen.strokeStyle = hairline
  pen.lineWidth = 1
  const gap = panel.x * 0.42
  const tick = unit * 0.02
  const [left, top] = [panel.x - gap, panel.y - gap]
  const [right, bottom] = [panel.x + panel.width + gap, panel.y + panel.height + gap]
  pen.beginPath()
  for (const [x, y, outX, outY] of [
    [left, top, 1, 1],
    [right, top, -1, 1],
    [left, bottom, 1, -1],
    [right, bottom, -1, -1],
  ] as const) {
    pen.moveTo(Math.round(x + outX * tick) + 0.5, Math.round(y) + 0.5)
    pen.lineTo(Math.round(x) + 0.5, Math.round(y) + 0.5)
    pen.lineTo(Math.round(x) + 0.5, Math.round(y + outY * tick) + 0.5)
  }
  const [middleX, middleY] = [Math.round((left + right) / 2) + 0.5, Math.round((top + bottom) / 2) + 0.5]
  pen.moveTo(middleX, top)
  pen.lineTo(middleX, panel.y - 1)
  pen.moveTo(left, middleY)
  pen.lineTo(panel.x - 1, middleY)
  pen.moveTo(right, middleY)
  pen.lineTo(panel.x + panel.width + 1, middleY)
  pen.stroke()
}

/** Rounds the picture's corners by laying paper over them. */
function drawCorners(pen: Pen, panel: Panel): void {
  const { radius } = panel
  pen.fillStyle = paper
  for (const [x, y, turn] of [
    [panel.x, panel.y, 0],
    [panel.x + panel.width, panel.y, 1],
    [panel.x + panel.width, panel.y + panel.height, 2],
    [panel.x, panel.y + panel.height, 3],
  ] as const) {
    pen.save()
    pen.translate(x, y)
    pen.rotate((turn * Math.PI) / 2)
    pen.beginPath()
    pen.moveTo(-1, -1)
    pen.lineTo(radius, -1)
    pen.lineTo(radius, 0)
    pen.quadraticCurveTo(0, 0, 0, radius)
    pen.lineTo(-1, radius)
    pen.closePath()
    pen.fill()
    pen.restore()
  }
}
