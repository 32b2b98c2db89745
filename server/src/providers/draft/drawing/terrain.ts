import { mix, type Palette } from '../palettes.ts'
import type { Random } from '../random.ts'
import { ellipse, limb, type Pen, polygon } from './pen.ts'

/** A smooth line of hills: the height at a share of the width, about -1 to 1. */
export function smoothLine(random: Random): (x: number) => number {
  const waves = [1, 2.3, 4.1, 7.7].map((frequency) => ({
    frequency: frequency * random.between(0.8, 1.25),
    phase: random.between(0, Math.PI * 2),
    strength: 1 / frequency ** 0.9,
  }))
  const total = waves.reduce((sum, wave) => sum + wave.strength, 0)
  return (x) =>
    waves.reduce((sum, wave) => sum + wave.strength * Math.sin(x * wave.frequency * 4 + wave.phase), 0) /
    total
}

/** A jagged line of peaks by midpoint displacement: 257 heights, about -1 to 1. */
export function jaggedLine(random: Random): (x: number) => number {
  const size = 256
  const heights = new Float64Array(size + 1)
  heights[0] = random.between(-0.5, 0.3)
  heights[size] = random.between(-0.5, 0.3)
  let reach = 0.9
  for (let step = size; step > 1; step /= 2) {
    for (let at = step / 2; at < size; at += step) {
      const middle = ((heights[at - step / 2] ?? 0) + (heights[at + step / 2] ?? 0)) / 2
      heights[at] = middle + random.between(-reach, reach)
    }
    reach *= 0.5
  }
  return (x) => {
    const place = Math.max(0, Math.min(size - 0.001, (x * 0.72 + 0.14) * size))
    const low = Math.floor(place)
    const share = place - low
    return (heights[low] ?? 0) * (1 - share) + (heights[low + 1] ?? 0) * share
  }
}

export type Bounds = { left: number; right: number; top: number; bottom: number }

/** Fills from a line down to the bottom, fading into haze towards its foot. */
export function ridge(
  pen: Pen,
  bounds: Bounds,
  width: number,
  line: (share: number) => number,
  shape: { base: number; reach: number; colour: string; foot: string; footY: number },
): void {
  const gradient = pen.createLinearGradient(0, shape.base - shape.reach, 0, shape.footY)
  gradient.addColorStop(0, shape.colour)
  gradient.addColorStop(1, shape.foot)
  pen.fillStyle = gradient
  pen.beginPath()
  pen.moveTo(bounds.left, bounds.bottom)
  for (let x = bounds.left; x <= bounds.right + 4; x += 4)
    pen.lineTo(x, shape.base - shape.reach * line(x / width))
  pen.lineTo(bounds.right + 4, bounds.bottom)
  pen.closePath()
  pen.fill()
}

/** A pine with its foot at a point. */
export function pine(pen: Pen, x: number, y: number, height: number): void {
  pen.fillRect(x - height * 0.025, y - height * 0.15, height * 0.05, height * 0.16)
  for (let tier = 0; tier < 4; tier += 1) {
    const foot = y - height * (0.1 + tier * 0.2)
    const half = height * (0.21 - tier * 0.042)
    polygon(pen, [
      [x - half, foot],
      [x, foot - height * 0.36],
      [x + half, foot],
    ])
  }
}

/** A round tree with its foot at a point. */
export function roundTree(pen: Pen, x: number, y: number, height: number): void {
  pen.fillRect(x - height * 0.03, y - height * 0.4, height * 0.06, height * 0.42)
  ellipse(pen, x, y - height * 0.66, height * 0.25, height * 0.3)
  ellipse(pen, x - height * 0.16, y - height * 0.52, height * 0.17, height * 0.17)
  ellipse(pen, x + height * 0.17, y - height * 0.5, height * 0.16, height * 0.16)
}

/** A palm with its foot at a point. */
export function palm(pen: Pen, x: number, y: number, height: number, lean: number): void {
  const top: [number, number] = [x + lean * height, y - height]
  pen.strokeStyle = pen.fillStyle
  pen.lineWidth = height * 0.035
  pen.lineCap = 'round'
  pen.beginPath()
  pen.moveTo(x, y)
  pen.quadraticCurveTo(x + lean * height * 0.2, y - height * 0.6, top[0], top[1])
  pen.stroke()
  for (let frond = 0; frond < 8; frond += 1) {
    const angle = -Math.PI * (0.02 + frond * 0.137)
    const reach = height * 0.34
    pen.beginPath()
    pen.moveTo(top[0], top[1])
    pen.quadraticCurveTo(
      top[0] + Math.cos(angle) * reach * 0.7,
      top[1] + Math.sin(angle) * reach * 0.7 - height * 0.06,
      top[0] + Math.cos(angle) * reach,
      top[1] + Math.sin(angle) * reach * 0.5 + height * 0.13,
    )
    pen.quadraticCurveTo(
      top[0] + Math.cos(angle) * reach * 0.6,
      top[1] + Math.sin(angle) * reach * 0.5 + height * 0.02,
      top[0],
      top[1],
    )
    pen.fill()
  }
}

/** Blades along a line. */
export function grass(
  pen: Pen,
  bounds: Bounds,
  foot: (x: number) => number,
  random: Random,
  height: number,
  gap: number,
): void {
  for (let x = bounds.left; x < bounds.right; x += gap * random.between(0.4, 1.6)) {
    const tall = height * random.between(0.4, 1)
    limb(
      pen,
      Math.max(1, height * 0.05),
      [x, foot(x) + 2],
      [x + random.between(-0.25, 0.25) * tall, foot(x) - tall],
    )
  }
}

/** A row of buildings with windows. */
export function skyline(
  pen: Pen,
  bounds: Bounds,
  random: Random,
  shape: {
    foot: number
    low: number
    high: number
    width: number
    colour: string
    lit: string
    litShare: number
  },
): void {
  for (let x = bounds.left; x < bounds.right; ) {
    const width = shape.width * random.between(0.6, 1.5)
    const height = random.between(shape.low, shape.high) * (random.isTrue(0.14) ? 1.35 : 1)
    const top = shape.foot - height
    pen.fillStyle = shape.colour
    pen.fillRect(x, top, width + 1, bounds.bottom - top)
    const hat = random.next()
    if (hat < 0.22) pen.fillRect(x + width * 0.2, top - width * 0.16, width * 0.6, width * 0.18)
    else if (hat < 0.34) {
      polygon(pen, [
        [x, top],
        [x + width / 2, top - width * 0.4],
        [x + width, top],
      ])
    } else if (hat < 0.46)
      pen.fillRect(x + width * 0.47, top - width * 0.6, Math.max(1.5, width * 0.05), width * 0.62)
    pen.fillStyle = shape.lit
    const cell = Math.max(5, shape.width * 0.15)
    for (let row = top + cell; row < shape.foot - cell; row += cell * 1.5) {
      for (let column = x + cell * 0.7; column < x + width - cell; column += cell * 1.25) {
        if (!random.isTrue(shape.litShare)) continue
        pen.globalAlpha = random.between(0.35, 1)
        pen.fillRect(column, row, cell * 0.55, cell * 0.8)
      }
    }
    pen.globalAlpha = 1
    x += width + (random.isTrue(0.2) ? shape.width * 0.25 : 0)
  }
}

/** The colour of a ridge at a distance: 0 is the horizon, 1 the foreground. */
export function ridgeColour(palette: Palette, nearness: number): string {
  return mix(palette.far, palette.near, nearness)
}

export type PeakTones = { lit: string; shade: string; snow: string; haze: string; lightSide: 1 | -1 }

/** One mountain: a lit and a shaded face with a crooked edge between them, snow on top, haze at the foot. */
export function peak(
  pen: Pen,
  random: Random,
  shape: { x: number; foot: number; high: number; half: number },
  tones: PeakTones,
): void {
  const { x, foot, high, half } = shape
  const top = foot - high
  const slope = (side: number): [number, number][] =>
    [0.12, 0.3, 0.5, 0.72, 1].map((share) => [
      x + side * half * share * random.between(0.94, 1.06),
      top + high * (share ** 0.86 + random.between(-0.025, 0.025) * (share < 1 ? 1 : 0)),
    ])
  const [left, right] = [slope(-1), slope(1)]
  const face = (colour: string) => {
    const gradient = pen.createLinearGradient(0, top, 0, foot)
    gradient.addColorStop(0, colour)
    gradient.addColorStop(1, tones.haze)
    return gradient
  }
  pen.fillStyle = face(tones.lit)
  polygon(pen, [[x, top], ...right, ...left.toReversed()])
  const dark = tones.lightSide === -1 ? right : left
  const side = -tones.lightSide
  const edge: [number, number][] = [0.85, 0.6, 0.4, 0.2].map((share) => [
    x + side * half * (0.16 * share + (share > 0.5 ? 0.08 : -0.05)) * 0.9,
    top + high * share,
  ])
  pen.fillStyle = face(tones.shade)
  polygon(pen, [[x, top], ...dark, [x + side * half * 0.24, foot], ...edge])
  pen.save()
  pen.beginPath()
  ;[[x, top - 2] as [number, number], ...right, ...left.toReversed()].forEach(([px, py], index) => {
    if (index === 0) pen.moveTo(px, py)
    else pen.lineTo(px, py)
  })
  pen.clip()
  const line = top + high * random.between(0.2, 0.3)
  pen.fillStyle = tones.snow
  pen.globalAlpha = 0.86
  const teeth: [number, number][] = []
  for (let tooth = 0; tooth <= 8; tooth += 1) {
    teeth.push([
      x + half * (0.6 - tooth * 0.15),
      line + high * (tooth % 2 === 0 ? -0.05 : random.between(0.03, 0.1)),
    ])
  }
  polygon(pen, [[x, top - 4], [x + half * 0.6, line], ...teeth, [x - half * 0.6, line]])
  pen.globalAlpha = 0.3
  pen.fillStyle = tones.shade
  polygon(pen, [
    [x, top - 2],
    [x + side * half * 0.6, line + high * 0.1],
    [x + side * half * 0.03, line + high * 0.1],
    [x - side * half * 0.02, line - high * 0.06],
  ])
  pen.restore()
}
