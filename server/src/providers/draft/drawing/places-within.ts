import { fade, mix } from '../palettes.ts'
import { createRandom } from '../random.ts'
import { blob, box, ellipse, glow, limb, polygon } from './pen.ts'
import type { Plane, Stagehand } from './scene.ts'
import { paintSky } from './sky.ts'
import { jaggedLine, ridge, smoothLine } from './terrain.ts'

/** Stars, a soft cloud of dust, a planet with a ring, and moon ground when somebody stands there. */
export function paintSpace(hand: Stagehand): Plane[] {
  const { shot, random, width, height } = hand
  const { palette } = shot
  const back = hand.still(0, (pen, bounds) => {
    paintSky(pen, bounds, width, height, shot, random, height * 1.3)
    pen.globalCompositeOperation = 'screen'
    const tilt = random.between(-0.5, 0.5)
    for (let cloud = 0; cloud < 16; cloud += 1) {
      const along = random.between(-0.1, 1.1)
      const x = along * width
      const y = height * (0.42 + tilt * (along - 0.5) + random.between(-0.14, 0.14))
      const colour = random.isTrue(0.5) ? palette.sky[2] : random.isTrue(0.5) ? '#6a3a5c' : '#274a6e'
      glow(pen, x, y, height * random.between(0.14, 0.36), fade(colour, 0.34), fade(colour, 0))
    }
    pen.globalCompositeOperation = 'source-over'
  })
  const planet = hand.still(0.14, (pen) => {
    const radius = height * random.between(0.17, 0.24)
    const x = shot.lightX < 0.5 ? width * 0.76 : width * 0.24
    const y = height * random.between(0.26, 0.34)
    const side = shot.lightX < 0.5 ? -1 : 1
    glow(pen, x, y, radius * 1.7, fade(palette.accent, 0.16), fade(palette.accent, 0))
    const body = pen.createRadialGradient(
      x + side * radius * 0.5,
      y - radius * 0.4,
      radius * 0.1,
      x,
      y,
      radius * 1.15,
    )
    body.addColorStop(0, mix(palette.accent, '#fff0d0', 0.55))
    body.addColorStop(0.5, palette.accent)
    body.addColorStop(1, mix(palette.accent, palette.ink, 0.86))
    pen.fillStyle = body
    ellipse(pen, x, y, radius, radius)
    pen.save()
    pen.beginPath()
    pen.arc(x, y, radius, 0, Math.PI * 2)
    pen.clip()
    for (let band = 0; band < 6; band += 1) {
      pen.fillStyle = fade(palette.ink, 0.08 + 0.05 * (band % 2))
      ellipse(
        pen,
        x,
        y - radius + (band + 0.5) * radius * 0.36,
        radius * 1.2,
        radius * random.between(0.05, 0.12),
        -0.2,
      )
    }
    pen.restore()
    pen.strokeStyle = fade(palette.rim, 0.55)
    for (const [ring, thick] of [
      [1.55, 0.05],
      [1.75, 0.025],
    ] as const) {
      pen.lineWidth = radius * thick
      pen.beginPath()
      // The far half is hidden by the planet.
      pen.ellipse(x, y, radius * ring, radius * ring * 0.26, -0.24, -0.1, Math.PI + 0.1)
      pen.stroke()
    }
  })
  const planes: Plane[] = [back, planet]
  if (shot.subjects.some((subject) => subject.layer === 'ground')) {
    const line = jaggedLine(random)
    planes.push(
      hand.still(0.34, (pen, bounds) => {
        const colour = mix(palette.near, palette.far, 0.55)
        ridge(pen, bounds, width, line, {
          base: height * 0.74,
          reach: height * 0.08,
          colour,
          foot: palette.near,
          footY: height * 0.9,
        })
      }),
      hand.still(0.72, (pen, bounds) => {
        const gradient = pen.createLinearGradient(0, hand.groundY - height * 0.04, 0, height)
        gradient.addColorStop(0, mix(palette.far, palette.rim, 0.28))
        gradient.addColorStop(0.4, palette.near)
        gradient.addColorStop(1, palette.ink)
        pen.fillStyle = gradient
        pen.fillRect(bounds.left, hand.groundY - height * 0.016, bounds.right - bounds.left, height)
        for (let crater = 0; crater < 14; crater += 1) {
          const x = random.between(bounds.left, bounds.right)
          const near = random.next()
          const y = hand.groundY + height * (0.01 + near * 0.1)
          const radius = height * (0.015 + near * 0.05)
          pen.fillStyle = fade(palette.ink, 0.45)
          ellipse(pen, x, y, radius, radius * 0.22)
          pen.fillStyle = fade(palette.rim, 0.16)
          ellipse(pen, x, y + radius * 0.14, radius, radius * 0.16)
        }
      }),
    )
  }
  return planes
}

/** Light from above, rays, weed and a seabed. */
export function paintUnderwater(hand: Stagehand): Plane[] {
  const { shot, random, width, height } = hand
  const { palette } = shot
  const back = hand.still(0, (pen, bounds) => {
    const gradient = pen.createLinearGradient(0, bounds.top, 0, bounds.bottom)
    gradient.addColorStop(0, palette.sky[0])
    gradient.addColorStop(0.34, palette.sky[1])
    gradient.addColorStop(1, palette.sky[2])
    pen.fillStyle = gradient
    pen.fillRect(bounds.left, bounds.top, bounds.right - bounds.left, bounds.bottom - bounds.top)
    pen.globalCompositeOperation = 'screen'
    glow(pen, shot.lightX * width, bounds.top, width * 0.5, fade(palette.light, 0.6), fade(palette.light, 0))
  })
  const rays: Plane = {
    depth: 0.1,
    draw(pen, seconds) {
      pen.globalCompositeOperation = 'screen'
      for (let ray = 0; ray < 6; ray += 1) {
        const sway = Math.sin(seconds * 0.5 + ray * 1.7)
        const x = width * (shot.lightX + (ray - 2.5) * 0.12) + sway * width * 0.02
        const gradient = pen.createLinearGradient(0, -height * 0.1, 0, height * 0.9)
        gradient.addColorStop(0, fade(palette.light, 0.2 + 0.06 * sway))
        gradient.addColorStop(1, fade(palette.light, 0))
        pen.fillStyle = gradient
        const drift = (ray - 2.5) * width * 0.1
        polygon(pen, [
          [x - width * 0.012, -height * 0.12],
          [x + width * 0.024, -height * 0.12],
          [x + drift + width * 0.09, height],
          [x + drift - width * 0.05, height],
        ])
      }
      pen.globalCompositeOperation = 'source-over'
    },
  }
  const beds = [0.3, 0.68].map((nearness) => {
    const line = smoothLine(random)
    return hand.still(0.2 + nearness * 0.6, (pen, bounds) => {
      const colour = mix(palette.far, palette.near, nearness)
      const base = height * (0.8 + nearness * 0.12)
      ridge(pen, bounds, width, line, {
        base,
        reach: height * 0.06,
        colour,
        foot: mix(colour, palette.ink, 0.5),
        footY: height * 1.05,
      })
      for (let coral = 0; coral < 9; coral += 1) {
        const x = random.between(bounds.left, bounds.right)
        const y = base - height * 0.05 * line(x / width) + 5
        const size = height * (0.04 + 0.1 * nearness) * random.between(0.6, 1.2)
        pen.fillStyle =
          nearness > 0.5 && random.isTrue(0.5) ? mix(palette.accent, palette.near, 0.45) : colour
        for (let branch = 0; branch < 5; branch += 1) {
          const angle = -Math.PI / 2 + (branch - 2) * 0.34
          limb(
            pen,
            size * 0.12,
            [x, y],
            [x + Math.cos(angle) * size * 0.6, y + Math.sin(angle) * size * 0.6],
            [x + Math.cos(angle * 1.02) * size, y + Math.sin(angle) * size],
          )
        }
      }
    })
  })
  const weeds: Plane = { depth: 0.84, draw: drawWeeds(hand) }
  const bubbles = Array.from({ length: 34 }, () => ({
    x: random.next() * width,
    y: random.next(),
    radius: random.between(1.2, 5),
    speed: random.between(0.05, 0.14),
    phase: random.between(0, 6.28),
  }))
  const rising: Plane = {
    depth: 0.6,
    draw(pen, seconds) {
      pen.strokeStyle = fade(palette.light, 0.5)
      pen.lineWidth = 1.2
      for (const bubble of bubbles) {
        const y = (1 - ((bubble.y + seconds * bubble.speed) % 1)) * height * 1.1 - height * 0.05
        pen.beginPath()
        pen.arc(bubble.x + Math.sin(seconds * 2 + bubble.phase) * 5, y, bubble.radius, 0, Math.PI * 2)
        pen.stroke()
      }
    },
  }
  return [back, rays, ...beds, rising, weeds]
}

function drawWeeds(hand: Stagehand): Plane['draw'] {
  const { shot, random, width, height } = hand
  const stems = Array.from({ length: 16 }, (_, index) => ({
    x: (index < 8 ? random.between(-0.06, 0.2) : random.between(0.8, 1.06)) * width,
    tall: height * random.between(0.16, 0.42),
    phase: random.between(0, 6.28),
  }))
  return (pen, seconds) => {
    pen.strokeStyle = mix(shot.palette.ink, shot.palette.near, 0.35)
    pen.lineCap = 'round'
    for (const stem of stems) {
      const sway = Math.sin(seconds * 0.9 + stem.phase) * height * 0.04
      pen.lineWidth = height * 0.012
      pen.beginPath()
      pen.moveTo(stem.x, height * 1.04)
      pen.bezierCurveTo(
        stem.x + sway * 0.4,
        height - stem.tall * 0.4,
        stem.x - sway * 0.7,
        height - stem.tall * 0.7,
        stem.x + sway,
        height - stem.tall,
      )
      pen.stroke()
    }
  }
}

/** A table by a window, with the light of the hour on it. */
export function paintRoom(hand: Stagehand): Plane[] {
  const { shot, random, width, height, groundY } = hand
  const { palette } = shot
  const isNight = palette.isDark || palette.name === 'noir'
  const wall = hand.still(0.06, (pen, bounds) => {
    const gradient = pen.createLinearGradient(bounds.left, bounds.top, bounds.right, bounds.bottom)
    gradient.addColorStop(0, mix(palette.sky[0], palette.sky[1], 0.4))
    gradient.addColorStop(0.5, palette.sky[1])
    gradient.addColorStop(1, palette.sky[0])
    pen.fillStyle = gradient
    pen.fillRect(bounds.left, bounds.top, bounds.right - bounds.left, bounds.bottom - bounds.top)
  })
  const left = width * (shot.lightX < 0.5 ? 0.12 : 0.54)
  const paneWidth = Math.min(width * 0.34, height * 0.62)
  const pane = { x: left, y: height * 0.1, width: paneWidth, height: height * 0.56 }
  const window: Plane = hand.still(0.12, (pen) => {
    const side = shot.lightX < 0.5 ? 1 : -1
    pen.globalCompositeOperation = 'screen'
    const beam = pen.createLinearGradient(pane.x, pane.y, pane.x + side * width * 0.5, height)
    beam.addColorStop(0, fade(palette.light, isNight ? 0.1 : 0.34))
    beam.addColorStop(1, fade(palette.light, 0))
    pen.fillStyle = beam
    polygon(pen, [
      [pane.x, pane.y],
      [pane.x + pane.width, pane.y],
      [pane.x + pane.width + side * width * 0.34, height],
      [pane.x + side * width * 0.34, height],
    ])
    pen.globalCompositeOperation = 'source-over'
    const outside = pen.createLinearGradient(0, pane.y, 0, pane.y + pane.height)
    const [top, low] = isNight ? ['#0e1a33', '#35506b'] : ['#f6cf93', '#fff1d3']
    outside.addColorStop(0, top)
    outside.addColorStop(1, low)
    pen.fillStyle = outside
    pen.fillRect(pane.x, pane.y, pane.width, pane.height)
    pen.save()
    pen.beginPath()
    pen.rect(pane.x, pane.y, pane.width, pane.height)
    pen.clip()
    pen.fillStyle = isNight ? '#16263f' : '#d9a56b'
    for (let hill = 0; hill < 3; hill += 1)
      ellipse(
        pen,
        pane.x + pane.width * random.next(),
        pane.y + pane.height * 1.02,
        pane.width * 0.5,
        pane.height * random.between(0.14, 0.3),
      )
    pen.restore()
    pen.strokeStyle = mix(palette.ink, palette.near, 0.5)
    pen.lineWidth = height * 0.018
    pen.strokeRect(pane.x, pane.y, pane.width, pane.height)
    pen.lineWidth = height * 0.008
    pen.strokeRect(pane.x + pane.width / 2, pane.y, 0.01, pane.height)
    pen.strokeRect(pane.x, pane.y + pane.height * 0.42, pane.width, 0.01)
    pen.fillStyle = mix(palette.ink, palette.near, 0.35)
    pen.fillRect(pane.x - height * 0.03, pane.y + pane.height, pane.width + height * 0.06, height * 0.022)
  })
  const shelf = hand.still(0.2, (pen) => {
    const x = shot.lightX < 0.5 ? width * 0.66 : width * 0.1
    const y = height * 0.34
    pen.fillStyle = mix(palette.ink, palette.near, 0.55)
    pen.fillRect(x, y, width * 0.22, height * 0.016)
    for (let book = 0; book < 9; book += 1) {
      const tall = height * random.between(0.08, 0.13)
      pen.fillStyle = mix(
        random.pick([palette.accent, palette.water, palette.near, palette.far]),
        palette.ink,
        0.35,
      )
      pen.fillRect(x + width * (0.012 + book * 0.019), y - tall, width * 0.015, tall)
    }
  })
  const table = hand.still(0.72, (pen, bounds) => {
    const gradient = pen.createLinearGradient(0, groundY - height * 0.1, 0, height)
    gradient.addColorStop(0, mix(palette.near, palette.rim, 0.34))
    gradient.addColorStop(0.45, palette.near)
    gradient.addColorStop(1, palette.ink)
    pen.fillStyle = gradient
    pen.fillRect(bounds.left, groundY - height * 0.09, bounds.right - bounds.left, bounds.bottom)
    pen.fillStyle = fade(palette.ink, 0.16)
    for (let grain = 0; grain < 22; grain += 1) {
      pen.fillRect(
        random.between(bounds.left, bounds.right),
        groundY - height * 0.08 + random.next() * height * 0.24,
        width * random.between(0.1, 0.4),
        1.4,
      )
    }
  })
  return [wall, window, shelf, table]
}

/** A dark studio with one warm lamp; with set pieces when the prompt named nothing that we can draw. */
export function paintStage(hand: Stagehand): Plane[] {
  const { shot, width, height } = hand
  const { palette } = shot
  const floorY = height * 0.7
  const room = hand.still(0.06, (pen, bounds) => {
    const wall = pen.createLinearGradient(0, bounds.top, 0, floorY)
    wall.addColorStop(0, palette.sky[0])
    wall.addColorStop(1, palette.sky[2])
    pen.fillStyle = wall
    pen.fillRect(bounds.left, bounds.top, bounds.right - bounds.left, floorY - bounds.top)
    const floor = pen.createLinearGradient(0, floorY, 0, height)
    floor.addColorStop(0, mix(palette.ground, palette.sky[2], 0.5))
    floor.addColorStop(1, palette.ink)
    pen.fillStyle = floor
    pen.fillRect(bounds.left, floorY, bounds.right - bounds.left, bounds.bottom - floorY)
    pen.globalCompositeOperation = 'screen'
    glow(pen, width * 0.5, height * 0.45, height * 0.85, fade(palette.accent, 0.3), fade(palette.accent, 0))
    pen.save()
    pen.translate(width * 0.5, height * 0.86)
    pen.scale(1, 0.2)
    glow(pen, 0, 0, Math.min(width * 0.4, height * 0.7), fade(palette.light, 0.5), fade(palette.light, 0))
    pen.restore()
  })
  const beam = hand.still(0.2, (pen, bounds) => {
    pen.globalCompositeOperation = 'screen'
    const reach = Math.min(width * 0.34, height * 0.6)
    const gradient = pen.createLinearGradient(0, bounds.top, 0, height * 0.9)
    gradient.addColorStop(0, fade(palette.light, 0.3))
    gradient.addColorStop(1, fade(palette.light, 0.02))
    pen.fillStyle = gradient
    const from = width * (shot.lightX < 0.5 ? 0.36 : 0.64)
    polygon(pen, [
      [from - width * 0.015, bounds.top],
      [from + width * 0.015, bounds.top],
      [width * 0.5 + reach, height * 0.88],
      [width * 0.5 - reach, height * 0.88],
    ])
  })
  const planes: Plane[] = [room, beam]
  if (shot.hasSetPieces) planes.push(setPieces(hand))
  else if (shot.subjects.length === 0) planes.push(tapeMark(hand))
  return planes
}

/** Where an actor would stand. */
function tapeMark(hand: Stagehand): Plane {
  const { shot, width, height } = hand
  return hand.still(0.6, (pen) => {
    pen.save()
    pen.translate(width * 0.5, height * 0.86)
    pen.scale(1, 0.32)
    pen.fillStyle = fade(shot.palette.light, 0.85)
    for (const turn of [0.7, -0.7]) {
      pen.save()
      pen.rotate(turn)
      box(pen, -height * 0.075, -height * 0.011, height * 0.15, height * 0.022, 2)
      pen.restore()
    }
    pen.restore()
  })
}

function setPieces(hand: Stagehand): Plane {
  const { shot, width, height } = hand
  const random = createRandom(shot.sceneSeed)
  const { palette } = shot
  const unit =
    Math.min(height * 0.5, width * 0.36) *
    (shot.framing === 'wide' ? 0.82 : shot.framing === 'medium' ? 1 : 1.2)
  const floor = height * 0.88
  const side = shot.lightX < 0.5 ? -1 : 1
  const tones = [palette.accent, '#c8664a', '#d8d2c4', '#6f8a86', '#8a6f5a'] as const
  return hand.still(0.6, (pen) => {
    const shade = (x: number, wide: number, colour: string) => {
      const gradient = pen.createLinearGradient(x + (side * wide) / 2, 0, x - (side * wide) / 2, 0)
      gradient.addColorStop(0, mix(colour, palette.light, 0.3))
      gradient.addColorStop(0.45, colour)
      gradient.addColorStop(1, mix(colour, palette.ink, 0.7))
      return gradient
    }
    const shadow = (x: number, wide: number) => {
      pen.fillStyle = fade(palette.ink, 0.5)
      ellipse(pen, x - side * wide * 0.24, floor + 2, wide * 0.74, wide * 0.1)
    }
    const start = random.integer(0, 4)
    const colour = (index: number) => tones[(start + index) % tones.length] ?? palette.accent
    const middle = width * 0.5
    // An arch behind, a plinth with a sphere, a cone and a stair: a stage set waiting for its play.
    const arch = middle + side * unit * 0.24
    shadow(arch, unit * 0.8)
    pen.fillStyle = shade(arch, unit * 0.9, colour(0))
    pen.beginPath()
    pen.moveTo(arch - unit * 0.4, floor)
    pen.lineTo(arch - unit * 0.4, floor - unit * 0.78)
    pen.arc(arch, floor - unit * 0.78, unit * 0.4, Math.PI, 0)
    pen.lineTo(arch + unit * 0.4, floor)
    pen.lineTo(arch + unit * 0.22, floor)
    pen.lineTo(arch + unit * 0.22, floor - unit * 0.78)
    pen.arc(arch, floor - unit * 0.78, unit * 0.22, 0, Math.PI, true)
    pen.lineTo(arch - unit * 0.22, floor)
    pen.closePath()
    pen.fill()
    const plinth = middle - side * unit * 0.42
    shadow(plinth, unit * 0.42)
    pen.fillStyle = shade(plinth, unit * 0.42, colour(1))
    pen.fillRect(plinth - unit * 0.2, floor - unit * 0.5, unit * 0.4, unit * 0.5)
    pen.fillStyle = mix(colour(1), palette.light, 0.5)
    pen.fillRect(plinth - unit * 0.2, floor - unit * 0.5, unit * 0.4, unit * 0.02)
    const sphere = pen.createRadialGradient(
      plinth + side * unit * 0.07,
      floor - unit * 0.74,
      unit * 0.02,
      plinth,
      floor - unit * 0.67,
      unit * 0.2,
    )
    sphere.addColorStop(0, mix(colour(2), '#ffffff', 0.5))
    sphere.addColorStop(0.5, colour(2))
    sphere.addColorStop(1, mix(colour(2), palette.ink, 0.75))
    pen.fillStyle = sphere
    ellipse(pen, plinth, floor - unit * 0.67, unit * 0.17, unit * 0.17)
    const stair = middle + side * unit * 0.82
    shadow(stair, unit * 0.44)
    pen.fillStyle = shade(stair, unit * 0.6, colour(3))
    for (let step = 0; step < 4; step += 1) {
      const wide = unit * (0.56 - step * 0.14)
      const x = side > 0 ? stair + unit * 0.28 - wide : stair - unit * 0.28
      pen.fillRect(x, floor - unit * 0.12 * (step + 1), wide, unit * 0.121)
    }
    const cone = middle - side * unit * 0.9
    shadow(cone, unit * 0.3)
    pen.fillStyle = shade(cone, unit * 0.34, colour(4))
    blob(pen, [
      [cone - unit * 0.02, floor - unit * 0.62],
      [cone + unit * 0.02, floor - unit * 0.62],
      [cone + unit * 0.16, floor - unit * 0.02],
      [cone + unit * 0.15, floor + unit * 0.02],
      [cone - unit * 0.15, floor + unit * 0.02],
      [cone - unit * 0.16, floor - unit * 0.02],
    ])
  })
}
