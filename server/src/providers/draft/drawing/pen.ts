// Imported by the render child only: @napi-rs/canvas is native code.
import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas'

export type Pen = SKRSContext2D
export type Point = [number, number]

/** A canvas and its pen. */
export function sheet(width: number, height: number): { canvas: Canvas; pen: Pen } {
  const canvas = createCanvas(Math.max(1, Math.ceil(width)), Math.max(1, Math.ceil(height)))
  return { canvas, pen: canvas.getContext('2d') }
}

export function ellipse(pen: Pen, x: number, y: number, radiusX: number, radiusY: number, turn = 0): void {
  pen.beginPath()
  pen.ellipse(x, y, radiusX, radiusY, turn, 0, Math.PI * 2)
  pen.fill()
}

export function polygon(pen: Pen, points: Point[]): void {
  pen.beginPath()
  points.forEach(([x, y], index) => {
    if (index === 0) pen.moveTo(x, y)
    else pen.lineTo(x, y)
  })
  pen.closePath()
  pen.fill()
}

/** A closed shape that rounds through the middles of its edges. */
export function blob(pen: Pen, points: Point[]): void {
  const middle = (one: Point, two: Point): Point => [(one[0] + two[0]) / 2, (one[1] + two[1]) / 2]
  const first = points[0] ?? [0, 0]
  const last = points.at(-1) ?? first
  const start = middle(last, first)
  pen.beginPath()
  pen.moveTo(start[0], start[1])
  points.forEach((point, index) => {
    const next = points[(index + 1) % points.length] ?? first
    const end = middle(point, next)
    pen.quadraticCurveTo(point[0], point[1], end[0], end[1])
  })
  pen.closePath()
  pen.fill()
}

/** A thick line with round ends through some points. */
export function limb(pen: Pen, width: number, ...points: Point[]): void {
  pen.lineWidth = width
  pen.lineCap = 'round'
  pen.lineJoin = 'round'
  pen.strokeStyle = pen.fillStyle
  pen.beginPath()
  points.forEach(([x, y], index) => {
    if (index === 0) pen.moveTo(x, y)
    else pen.lineTo(x, y)
  })
  pen.stroke()
}

export function box(pen: Pen, x: number, y: number, width: number, height: number, radius = 0): void {
  pen.beginPath()
  pen.roundRect(x, y, width, height, radius)
  pen.fill()
}

/** A soft round light. */
export function glow(pen: Pen, x: number, y: number, radius: number, inner: string, outer: string): void {
  const gradient = pen.createRadialGradient(x, y, 0, x, y, radius)
  const alpha = Number(/,([\d.]+)\)$/.exec(inner)?.[1] ?? 1)
  const weaker = (share: number) => inner.replace(/,[\d.]+\)$/, `,${alpha * share})`)
  gradient.addColorStop(0, inner)
  // Falling in a curve: a straight fall shows its edge as a ring.
  gradient.addColorStop(0.3, weaker(0.56))
  gradient.addColorStop(0.6, weaker(0.18))
  gradient.addColorStop(0.85, weaker(0.03))
  gradient.addColorStop(1, outer)
  pen.fillStyle = gradient
  pen.beginPath()
  pen.arc(x, y, radius, 0, Math.PI * 2)
  pen.fill()
}
