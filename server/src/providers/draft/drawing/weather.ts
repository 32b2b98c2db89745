import type { Shot } from '../animatic-plan.ts'
import { fade, mix } from '../palettes.ts'
import { createRandom } from '../random.ts'
import { ellipse, limb, type Pen } from './pen.ts'

type DrawWeather = (pen: Pen, seconds: number) => void

/** What falls, drifts or glows in front of a shot. */
export function createWeather(shot: Shot, width: number, height: number): DrawWeather {
  const random = createRandom(shot.seed ^ 0x5eed)
  const particles = (count: number) =>
    Array.from({ length: count }, () => ({
      x: random.next(),
      y: random.next(),
      near: random.next(),
      phase: random.between(0, Math.PI * 2),
    }))
  const { palette } = shot
  switch (shot.weather) {
    case 'rain': {
      const drops = particles(150)
      return (pen, seconds) => {
        // One path per distance: a stroke per drop would cost more than the whole picture.
        for (const near of [0, 1]) {
          pen.strokeStyle = fade(mix(palette.sky[2], '#ffffff', 0.5), near === 1 ? 0.42 : 0.24)
          pen.lineWidth = near === 1 ? 1.6 : 1
          pen.beginPath()
          for (const drop of drops) {
            if (drop.near > 0.5 !== (near === 1)) continue
            const length = height * (0.03 + drop.near * 0.05)
            const y = ((drop.y + seconds * (1.3 + drop.near)) % 1) * (height + length) - length
            const x = ((drop.x + 1 - ((seconds * 0.12) % 1)) % 1) * width * 1.1
            pen.moveTo(x, y)
            pen.lineTo(x - length * 0.16, y + length)
          }
          pen.stroke()
        }
      }
    }
    case 'snowfall': {
      const flakes = particles(130)
      return (pen, seconds) => {
        for (const flake of flakes) {
          const y = ((flake.y + seconds * (0.05 + flake.near * 0.09)) % 1) * height * 1.04 - height * 0.02
          const x = flake.x * width + Math.sin(seconds * 0.9 + flake.phase) * width * 0.02
          pen.fillStyle = flake.near > 0.5 ? 'rgba(255,255,255,0.9)' : 'rgba(255,255,255,0.55)'
          const radius = height * (0.0018 + flake.near * 0.0042)
          ellipse(pen, x, y, radius, radius)
        }
      }
    }
    case 'petals': {
      const petals = particles(46)
      const colour = palette.name === 'autumn' ? palette.accent : '#f6b8c4'
      return (pen, seconds) => {
        for (const petal of petals) {
          const y = ((petal.y + seconds * (0.05 + petal.near * 0.06)) % 1) * height * 1.06 - height * 0.03
          const x = (((petal.x - seconds * 0.04 + Math.sin(seconds + petal.phase) * 0.02) % 1) + 1) % 1
          pen.fillStyle = fade(colour, 0.55 + petal.near * 0.4)
          const size = height * (0.006 + petal.near * 0.009)
          ellipse(
            pen,
            x * width,
            y,
            size,
            size * (0.25 + 0.5 * Math.abs(Math.sin(seconds * 2 + petal.phase))),
            petal.phase + seconds,
          )
        }
      }
    }
    case 'fireflies': {
      const flies = particles(34)
      return (pen, seconds) => {
        for (const fly of flies) {
          const pulse = Math.max(0, Math.sin(seconds * (1 + fly.near) + fly.phase))
          const x = fly.x * width + Math.sin(seconds * 0.5 + fly.phase) * width * 0.03
          const y = height * (0.4 + fly.y * 0.55) + Math.cos(seconds * 0.7 + fly.phase) * height * 0.03
          const radius = height * (0.003 + fly.near * 0.003)
          pen.fillStyle = fade('#ffe98a', Math.round(pulse * 10) / 50)
          ellipse(pen, x, y, radius * 4, radius * 4)
          pen.fillStyle = fade('#fff6c9', Math.round(pulse * 20) / 20)
          ellipse(pen, x, y, radius, radius)
        }
      }
    }
    case 'dust': {
      const motes = particles(46)
      return (pen, seconds) => {
        for (const mote of motes) {
          const x = (((mote.x + seconds * (0.008 + mote.near * 0.02)) % 1) + 1) % 1
          const y = height * mote.y + Math.sin(seconds * 0.6 + mote.phase) * height * 0.02
          pen.fillStyle = fade(palette.light, 0.12 + 0.3 * mote.near)
          const radius = height * (0.0012 + mote.near * 0.003)
          ellipse(pen, x * width, y, radius, radius)
        }
      }
    }
    case 'fog': {
      return (pen, seconds) => {
        const gradient = pen.createLinearGradient(0, height * 0.35, 0, height)
        gradient.addColorStop(0, fade(palette.sky[2], 0))
        gradient.addColorStop(0.6, fade(palette.sky[2], 0.42 + 0.05 * Math.sin(seconds)))
        gradient.addColorStop(1, fade(palette.sky[2], 0.2))
        pen.fillStyle = gradient
        pen.fillRect(0, height * 0.35, width, height * 0.65)
      }
    }
    case 'clear':
      if (palette.name !== 'sunset' && palette.name !== 'dawn' && palette.name !== 'day')
        return () => undefined
      if (shot.subjects.some((subject) => subject.layer === 'air') || shot.place === 'city')
        return () => undefined
      return distantBirds(shot, width, height)
  }
}

/** A handful of strokes far away that make a sky feel large. */
function distantBirds(shot: Shot, width: number, height: number): DrawWeather {
  const random = createRandom(shot.seed ^ 0xb12d)
  const flock = Array.from({ length: random.integer(4, 7) }, (_, index) => ({
    x: index * 0.028 + random.between(-0.008, 0.008),
    y: Math.abs(index - 2.4) * 0.014 + random.between(-0.006, 0.006),
    phase: random.between(0, 6.28),
  }))
  const start = random.between(0.12, 0.5)
  const level = random.between(0.14, 0.26)
  return (pen, seconds) => {
    pen.fillStyle = fade(shot.palette.near, 0.7)
    for (const bird of flock) {
      const x = (start + bird.x + seconds * 0.014) * width
      const y = (level + bird.y - seconds * 0.002) * height
      const span = height * 0.012
      const lift = Math.sin(seconds * 6 + bird.phase) * span * 0.5
      limb(pen, 1.5, [x - span, y - lift], [x, y], [x + span, y - lift])
    }
  }
}
