import type { Canvas } from '@napi-rs/canvas'
import type { Shot } from '../animatic-plan.ts'
import { createRandom, type Random } from '../random.ts'
import { type Pen, sheet } from './pen.ts'
import type { Bounds } from './terrain.ts'

/** One plane of a picture. `depth` 0 stays with the horizon, 1 passes by the lens. */
export type Plane = {
  depth: number
  /** Drawn in panel coordinates, after the camera has been applied. */
  draw(pen: Pen, seconds: number): void
}

export type Scene = {
  planes: Plane[]
  /** Where feet stand, in pixels from the top. */
  groundY: number
  /** Where hulls float. */
  waterY: number
}

/** What the painters of a place are given. */
export type Stagehand = {
  shot: Shot
  width: number
  height: number
  random: Random
  bounds: Bounds
  horizon: number
  groundY: number
  /** A plane that is painted once, larger than the picture so that the camera can move. */
  still(depth: number, paint: (pen: Pen, bounds: Bounds) => void, drift?: number): Plane
}

export function createStagehand(shot: Shot, width: number, height: number): Stagehand {
  const bounds: Bounds = {
    left: -0.22 * width,
    right: 1.22 * width,
    top: -0.14 * height,
    bottom: 1.14 * height,
  }
  const closeness = shot.framing === 'wide' ? 0 : shot.framing === 'medium' ? 1 : 2
  return {
    shot,
    width,
    height,
    random: createRandom(shot.seed),
    bounds,
    horizon: height * (0.62 + closeness * 0.015),
    groundY: height * (0.86 + closeness * 0.035),
    still(depth, paint, drift = 0) {
      const { canvas, pen } = sheet(bounds.right - bounds.left, bounds.bottom - bounds.top)
      pen.translate(-bounds.left, -bounds.top)
      paint(pen, bounds)
      return { depth, draw: stamp(canvas, bounds, drift) }
    },
  }
}

function stamp(canvas: Canvas, bounds: Bounds, drift: number): Plane['draw'] {
  return (pen, seconds) => pen.drawImage(canvas, bounds.left + drift * seconds, bounds.top)
}

/** Moves a plane as the camera moves. `progress` runs from 0 to 1 over the shot. */
export function applyCamera(
  pen: Pen,
  camera: Shot['camera'],
  depth: number,
  progress: number,
  width: number,
  height: number,
): void {
  // Mostly even with soft ends: a camera on rails, not a pendulum.
  const eased = progress * 0.72 + (0.5 - 0.5 * Math.cos(Math.PI * progress)) * 0.28
  const reach = 0.015 + 0.13 * depth
  let scale = 1 + reach * 0.28
  let x = 0
  let y = 0
  if (camera === 'in') scale = 1.006 + reach * 1.15 * eased
  if (camera === 'out') scale = 1.006 + reach * 1.15 * (1 - eased)
  if (camera === 'left') x = (eased - 0.5) * width * reach * 1.5
  if (camera === 'right') x = (0.5 - eased) * width * reach * 1.5
  if (camera === 'up') y = (0.5 - eased) * -height * reach
  if (camera === 'down') y = (0.5 - eased) * height * reach
  // The far point of the move lies a little above the middle, where the horizon is.
  pen.translate(width / 2 + x, height * 0.56 + y)
  pen.scale(scale, scale)
  pen.translate(-width / 2, -height * 0.56)
}
