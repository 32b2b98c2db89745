import type { Shot } from '../animatic-plan.ts'
import { fade, mix } from '../palettes.ts'
import type { Random } from '../random.ts'
import { ellipse, glow, type Pen } from './pen.ts'
import type { Bounds } from './terrain.ts'

/** The whole back of a picture: gradient, stars, sun or moon. Opaque. */
export function paintSky(
  pen: Pen,
  bounds: Bounds,
  width: number,
  height: number,
  shot: Shot,
  random: Random,
  horizon: number,
): void {
  const { palette } = shot
  const gradient = pen.createLinearGradient(0, bounds.top, 0, horizon)
  gradient.addColorStop(0, palette.sky[0])
  gradient.addColorStop(0.56, palette.sky[1])
  gradient.addColorStop(1, palette.sky[2])
  pen.fillStyle = gradient
  pen.fillRect(bounds.left, bounds.top, bounds.right - bounds.left, bounds.bottom - bounds.top)
  const stars = Math.round(palette.stars * 260)
  for (let star = 0; star < stars; star += 1) {
    const y = bounds.top + (horizon - bounds.top) * random.next() ** 1.3 * 0.9
    pen.fillStyle = fade(
      palette.light,
      random.between(0.15, 0.9) * (1 - (y - bounds.top) / (horizon - bounds.top)),
    )
    const radius = random.isTrue(0.06) ? random.between(1.3, 2.1) : random.between(0.4, 1.1)
    ellipse(pen, random.between(bounds.left, bounds.right), y, radius, radius)
  }
  paintLight(pen, width, height, shot)
}

function paintLight(pen: Pen, width: number, height: number, shot: Shot): void {
  const { palette } = shot
  if (palette.name === 'storm' || palette.name === 'cosmos') return
  const x = shot.lightX * width
  const y = shot.lightY * height
  const unit = Math.min(width, height * 1.4)
  const shine = palette.name === 'neon' ? palette.accent : palette.light
  pen.save()
  pen.globalCompositeOperation = 'screen'
  glow(pen, x, y, unit * 0.74, fade(shine, palette.isDark ? 0.34 : 0.62), fade(shine, 0))
  glow(pen, x, y, unit * 0.22, fade(shine, 0.6), fade(shine, 0))
  pen.restore()
  const radius =
    unit * (palette.isDark ? 0.042 : palette.name === 'sunset' || palette.name === 'neon' ? 0.078 : 0.052)
  pen.fillStyle = palette.name === 'neon' ? palette.accent : palette.light
  ellipse(pen, x, y, radius, radius)
  if (palette.isDark && palette.name !== 'neon') {
    pen.fillStyle = fade(mix(palette.light, palette.sky[1], 0.5), 0.4)
    ellipse(pen, x - radius * 0.3, y - radius * 0.2, radius * 0.2, radius * 0.17)
    ellipse(pen, x + radius * 0.24, y + radius * 0.3, radius * 0.26, radius * 0.2)
    ellipse(pen, x + radius * 0.3, y - radius * 0.36, radius * 0.12, radius * 0.1)
  }
}

/** Long flat-bottomed clouds. */
export function paintClouds(
  pen: Pen,
  bounds: Bounds,
  height: number,
  shot: Shot,
  random: Random,
  count: number,
  lowest: number,
): void {
  const { palette } = shot
  const lit =
    palette.name === 'storm'
      ? mix(palette.sky[1], palette.sky[2], 0.3)
      : mix(palette.sky[2], palette.light, 0.4)
  const shade = mix(palette.sky[1], palette.sky[2], 0.35)
  for (let cloud = 0; cloud < count; cloud += 1) {
    const x = bounds.left + ((cloud + random.between(0.1, 0.9)) / count) * (bounds.right - bounds.left)
    const y = height * random.between(0.08, lowest)
    const size = height * random.between(0.05, 0.12) * (0.6 + y / height)
    const lobes = random.integer(4, 7)
    pen.globalAlpha = palette.isDark ? 0.2 : random.between(0.5, 0.8)
    const gradient = pen.createLinearGradient(0, y - size, 0, y + size * 0.24)
    gradient.addColorStop(0, lit)
    gradient.addColorStop(1, shade)
    pen.fillStyle = gradient
    pen.beginPath()
    for (let lobe = 0; lobe < lobes; lobe += 1) {
      const share = lobe / (lobes - 1) - 0.5
      const radius = size * (0.36 + 0.5 * (1 - Math.abs(share) * 1.7) * random.between(0.7, 1.1))
      const lobeX = x + share * size * 4.2
      pen.moveTo(lobeX + radius, y)
      pen.arc(lobeX, y, Math.max(2, radius), Math.PI, 0)
    }
    pen.roundRect(x - size * 2.5, y - size * 0.12, size * 5, size * 0.24, size * 0.12)
    pen.fill()
  }
  pen.globalAlpha = 1
}
