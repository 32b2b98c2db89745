import type { PlaceName } from '../concept-words.ts'
import { fade, mix } from '../palettes.ts'
import { box, ellipse, glow, limb, polygon } from './pen.ts'
import { paintRoom, paintSpace, paintStage, paintUnderwater } from './places-within.ts'
import type { Plane, Scene, Stagehand } from './scene.ts'
import { paintClouds, paintSky } from './sky.ts'
import { grass, palm, peak, pine, ridge, ridgeColour, roundTree, skyline, smoothLine } from './terrain.ts'

type PaintPlace = (hand: Stagehand) => Plane[]

const painters: Record<PlaceName, PaintPlace> = {
  hills: paintHills,
  mountains: paintMountains,
  forest: paintForest,
  desert: paintDesert,
  city: paintCity,
  sea: paintSea,
  beach: paintBeach,
  snow: paintSnow,
  sky: paintOpenSky,
  space: paintSpace,
  underwater: paintUnderwater,
  room: paintRoom,
  stage: paintStage,
}

/** The planes of a shot's place, from back to front. */
export function buildScene(hand: Stagehand): Scene {
  return {
    planes: painters[hand.shot.place](hand),
    groundY: hand.groundY,
    waterY: hand.horizon + (hand.height - hand.horizon) * 0.46,
  }
}

function backdrop(hand: Stagehand, clouds: number, lowest = 0.44): Plane[] {
  const { shot, width, height, random, horizon } = hand
  const planes = [hand.still(0, (pen, bounds) => paintSky(pen, bounds, width, height, shot, random, horizon))]
  if (clouds > 0)
    planes.push(
      hand.still(
        0.08,
        (pen, bounds) => paintClouds(pen, bounds, height, shot, random, clouds, lowest),
        width * 0.006,
      ),
    )
  return planes
}

/** Rolling ridge lines, hazier with distance. */
function rolling(
  hand: Stagehand,
  count: number,
  reach: number,
  decorate?: (nearness: number, line: (x: number) => number) => (pen: Parameters<Plane['draw']>[0]) => void,
): Plane[] {
  const { shot, width, height, random, horizon, groundY } = hand
  const planes: Plane[] = []
  for (let index = 0; index < count; index += 1) {
    const nearness = (index + 0.4) / count
    const line = smoothLine(random)
    const base = horizon + (groundY - horizon) * nearness * 0.72
    const high = height * reach * (1 - nearness * 0.45)
    const y = (x: number) => base - high * line(x / width)
    const trees = decorate?.(nearness, y)
    planes.push(
      hand.still(0.12 + nearness * 0.5, (pen, bounds) => {
        const colour = ridgeColour(shot.palette, nearness)
        pen.fillStyle = colour
        trees?.(pen)
        const foot = mix(colour, shot.palette.sky[2], 0.42 * (1 - nearness * 0.6))
        ridge(pen, bounds, width, line, { base, reach: high, colour, foot, footY: base + height * 0.24 })
      }),
    )
  }
  return planes
}

/** The ground that subjects stand on. */
function foreground(hand: Stagehand, colour = hand.shot.palette.ground, blades = true): Plane {
  const { height, random, width, shot } = hand
  const line = smoothLine(random)
  const y = (x: number) => hand.groundY - height * 0.012 * line(x / width) - height * 0.006
  return hand.still(0.72, (pen, bounds) => {
    const gradient = pen.createLinearGradient(0, hand.groundY - height * 0.02, 0, height)
    gradient.addColorStop(0, mix(colour, shot.palette.rim, 0.1))
    gradient.addColorStop(0.3, colour)
    gradient.addColorStop(1, mix(colour, shot.palette.ink, 0.75))
    pen.fillStyle = gradient
    pen.beginPath()
    pen.moveTo(bounds.left, bounds.bottom)
    for (let x = bounds.left; x <= bounds.right + 6; x += 6) pen.lineTo(x, y(x))
    pen.lineTo(bounds.right + 6, bounds.bottom)
    pen.fill()
    if (!blades) return
    pen.fillStyle = mix(colour, shot.palette.rim, 0.12)
    grass(pen, bounds, y, random, height * 0.028, 9)
  })
}

function paintHills(hand: Stagehand): Plane[] {
  const { random, width, height } = hand
  const hills = rolling(hand, 3, 0.12, (nearness, y) => (pen) => {
    const count = Math.round(10 - nearness * 5)
    for (let tree = 0; tree < count; tree += 1) {
      const x = width * random.between(-0.2, 1.2)
      roundTree(pen, x, y(x) + 4, height * (0.03 + 0.07 * nearness) * random.between(0.7, 1.2))
    }
  })
  return [...backdrop(hand, 5), ...hills, foreground(hand)]
}

function paintMountains(hand: Stagehand): Plane[] {
  const { shot, random, width, height, horizon } = hand
  const { palette } = shot
  const ranges = [0.1, 0.42].map((nearness) => {
    const foot = horizon + height * (0.02 + nearness * 0.08)
    return hand.still(0.08 + nearness * 0.35, (pen, bounds) => {
      const colour = ridgeColour(palette, nearness)
      const count = nearness < 0.3 ? 6 : 5
      const peaks = Array.from({ length: count }, (_, index) => ({
        x: bounds.left + ((index + random.between(0.2, 0.8)) / count) * (bounds.right - bounds.left),
        high: height * (nearness < 0.3 ? random.between(0.22, 0.44) : random.between(0.12, 0.26)),
      }))
      // The highest stand behind the others.
      for (const { x, high } of peaks.sort((one, two) => two.high - one.high)) {
        peak(
          pen,
          random,
          { x, foot, high, half: high * random.between(1.1, 1.5) },
          {
            lit: mix(colour, palette.light, 0.16),
            shade: mix(colour, palette.near, 0.3),
            snow: mix(palette.light, palette.sky[2], 0.2),
            haze: mix(colour, palette.sky[2], 0.62),
            lightSide: shot.lightX * width < x ? -1 : 1,
          },
        )
      }
      pen.fillStyle = mix(colour, palette.sky[2], 0.6)
      pen.fillRect(bounds.left, foot - 1, bounds.right - bounds.left, bounds.bottom - foot)
    })
  })
  const woods = rolling(hand, 2, 0.07, (nearness, y) => (pen) => {
    for (let x = -0.22 * width; x < width * 1.22; x += height * (0.018 + 0.03 * nearness)) {
      if (random.isTrue(0.72))
        pine(pen, x, y(x) + 6, height * (0.06 + 0.12 * nearness) * random.between(0.55, 1.15))
    }
  })
  return [...backdrop(hand, 4, 0.3), ...ranges, ...woods, foreground(hand)]
}

function paintForest(hand: Stagehand): Plane[] {
  const { shot, random, height, groundY } = hand
  const planes = backdrop(hand, 0)
  const { palette } = shot
  for (const nearness of [0.15, 0.42, 0.7]) {
    planes.push(
      hand.still(0.14 + nearness * 0.5, (pen, bounds) => {
        const colour = ridgeColour(palette, nearness)
        pen.fillStyle = colour
        const foot = groundY - height * 0.1 * (1 - nearness)
        for (
          let x = bounds.left;
          x < bounds.right;
          x += height * (0.06 + 0.13 * nearness) * random.between(0.6, 1.5)
        ) {
          const thick = height * (0.012 + 0.03 * nearness) * random.between(0.7, 1.3)
          polygon(pen, [
            [x - thick, foot + 20],
            [x - thick * 0.5, bounds.top],
            [x + thick * 0.5, bounds.top],
            [x + thick * 1.2, foot + 20],
          ])
          limb(
            pen,
            thick * 0.4,
            [x, height * random.between(0.1, 0.4)],
            [x + height * random.between(-0.12, 0.12), height * random.between(-0.02, 0.15)],
          )
        }
        pen.fillRect(bounds.left, foot, bounds.right - bounds.left, bounds.bottom - foot)
        // Mist lies between the rows.
        const mist = pen.createLinearGradient(0, foot - height * 0.26, 0, foot + height * 0.04)
        mist.addColorStop(0, fade(palette.sky[2], 0))
        mist.addColorStop(1, fade(palette.sky[2], 0.4 * (1 - nearness)))
        pen.fillStyle = mist
        pen.fillRect(bounds.left, foot - height * 0.26, bounds.right - bounds.left, height * 0.3)
      }),
    )
  }
  planes.push(lightShafts(hand, 0.3))
  planes.push(foreground(hand))
  return planes
}

function lightShafts(hand: Stagehand, strength: number): Plane {
  const { shot, random, width, height } = hand
  return hand.still(0.3, (pen, bounds) => {
    pen.globalCompositeOperation = 'screen'
    const sourceX = shot.lightX * width
    for (let shaft = 0; shaft < 6; shaft += 1) {
      const x = random.between(-0.1, 1.1) * width
      const spread = random.between(0.02, 0.06) * width
      const gradient = pen.createLinearGradient(0, bounds.top, 0, height * 0.95)
      gradient.addColorStop(0, fade(shot.palette.light, strength * random.between(0.5, 1)))
      gradient.addColorStop(1, fade(shot.palette.light, 0))
      pen.fillStyle = gradient
      const from = sourceX + (x - sourceX) * 0.5
      polygon(pen, [
        [from - spread * 0.5, bounds.top],
        [from + spread * 0.5, bounds.top],
        [x + spread * 1.8, height],
        [x - spread * 1.8, height],
      ])
    }
  })
}

function paintDesert(hand: Stagehand): Plane[] {
  const { shot, random, width, height, horizon, groundY } = hand
  const { palette } = shot
  const planes = backdrop(hand, 2, 0.24)
  ;[0.1, 0.4, 0.72].forEach((nearness) => {
    const crest = smoothLine(random)
    const base = horizon + (groundY - horizon) * nearness * 0.8
    const reach = height * 0.085 * (1 - nearness * 0.3)
    planes.push(
      hand.still(0.12 + nearness * 0.5, (pen, bounds) => {
        const lit = mix(ridgeColour(palette, nearness * 0.75), palette.light, 0.12)
        ridge(pen, bounds, width, crest, {
          base,
          reach,
          colour: lit,
          foot: mix(lit, palette.near, 0.5),
          footY: base + height * 0.3,
        })
        // The lee side of each dune, from the crest down, is a soft dark wing.
        pen.fillStyle = fade(palette.near, 0.42)
        for (let x = bounds.left; x < bounds.right; x += width * 0.02) {
          const share = x / width
          const isCrest = crest(share) > crest(share - 0.02) && crest(share) > crest(share + 0.02)
          if (!isCrest) continue
          const top = base - reach * crest(share)
          pen.beginPath()
          pen.moveTo(x, top)
          pen.quadraticCurveTo(x + width * 0.06, top + height * 0.06, x + width * 0.24, top + height * 0.12)
          pen.quadraticCurveTo(x + width * 0.05, top + height * 0.13, x - width * 0.03, top + height * 0.2)
          pen.quadraticCurveTo(x + width * 0.02, top + height * 0.08, x, top)
          pen.fill()
        }
      }),
    )
  })
  planes.push(foreground(hand, mix(palette.ground, palette.far, 0.25), false))
  return planes
}

function paintCity(hand: Stagehand): Plane[] {
  const { shot, random, width, height, groundY } = hand
  const { palette } = shot
  const planes = backdrop(hand, palette.isDark ? 2 : 3, 0.3)
  const lit = palette.name === 'neon' ? mix(palette.accent, '#ffe9b0', 0.45) : '#ffdc96'
  ;[0.08, 0.42, 0.78].forEach((nearness, index) => {
    planes.push(
      hand.still(0.1 + nearness * 0.5, (pen, bounds) => {
        const share = palette.isDark || palette.name === 'sunset' ? 0.16 + nearness * 0.3 : 0.05
        skyline(pen, bounds, random, {
          foot: groundY,
          low: height * (0.3 - index * 0.03),
          high: height * (0.56 - index * 0.06),
          width: height * (0.085 + nearness * 0.09),
          colour: mix(ridgeColour(palette, nearness), palette.sky[2], 0.3 * (1 - nearness)),
          lit,
          litShare: share,
        })
        const haze = pen.createLinearGradient(0, groundY - height * 0.32, 0, groundY)
        haze.addColorStop(0, fade(palette.sky[2], 0))
        haze.addColorStop(1, fade(palette.sky[2], 0.34 * (1 - nearness)))
        pen.fillStyle = haze
        pen.fillRect(bounds.left, groundY - height * 0.32, bounds.right - bounds.left, height * 0.4)
        if (index === 2 && palette.name === 'neon') neonSigns(hand, pen)
      }),
    )
  })
  planes.push(street(hand, lit, width))
  return planes
}

function neonSigns(hand: Stagehand, pen: Parameters<Plane['draw']>[0]): void {
  const { random, width, height, groundY, shot } = hand
  for (let sign = 0; sign < 9; sign += 1) {
    const x = random.between(-0.1, 1.1) * width
    const y = groundY - height * random.between(0.12, 0.34)
    const colour = random.isTrue(0.5) ? shot.palette.accent : shot.palette.rim
    const tall = random.isTrue(0.6)
    const size = height * random.between(0.05, 0.1)
    glow(pen, x, y, size * 1.5, fade(colour, 0.4), fade(colour, 0))
    pen.fillStyle = colour
    box(pen, x - size * 0.13, y - size * 0.5, tall ? size * 0.26 : size * 0.9, tall ? size : size * 0.24, 3)
    pen.fillStyle = fade('#ffffff', 0.75)
    for (let mark = 0; mark < 4; mark += 1) {
      if (tall) pen.fillRect(x - size * 0.06, y - size * 0.4 + mark * size * 0.22, size * 0.12, size * 0.1)
    }
  }
}

function street(hand: Stagehand, lit: string, width: number): Plane {
  const { shot, height, groundY } = hand
  const { palette } = shot
  return hand.still(0.72, (pen, bounds) => {
    const gradient = pen.createLinearGradient(0, groundY - height * 0.03, 0, height)
    gradient.addColorStop(0, mix(palette.ground, palette.sky[2], 0.22))
    gradient.addColorStop(0.4, palette.ground)
    gradient.addColorStop(1, palette.ink)
    pen.fillStyle = gradient
    pen.fillRect(bounds.left, groundY - height * 0.018, bounds.right - bounds.left, height)
    pen.fillStyle = palette.ink
    for (let x = bounds.left + width * 0.05; x < bounds.right; x += width * 0.36) {
      const top = groundY - height * 0.34
      limb(
        pen,
        Math.max(2, height * 0.007),
        [x, groundY],
        [x, top],
        [x + height * 0.05, top - height * 0.014],
      )
      pen.save()
      pen.globalCompositeOperation = 'screen'
      glow(pen, x + height * 0.055, top, height * 0.13, fade(lit, palette.isDark ? 0.6 : 0.16), fade(lit, 0))
      // Wet asphalt keeps a pool of every light.
      pen.save()
      pen.translate(x + height * 0.055, groundY + height * 0.03)
      pen.scale(1, 0.22)
      glow(pen, 0, 0, height * 0.16, fade(lit, palette.isDark ? 0.42 : 0.1), fade(lit, 0))
      pen.restore()
      pen.restore()
      pen.fillStyle = palette.ink
    }
  })
}

/** Water from the horizon down, with a moving path of light under the sun. */
function water(hand: Stagehand): Plane[] {
  const { shot, random, width, height, horizon } = hand
  const { palette } = shot
  const still = hand.still(0.1, (pen, bounds) => {
    const gradient = pen.createLinearGradient(0, horizon, 0, height)
    gradient.addColorStop(0, mix(palette.water, palette.sky[2], 0.55))
    gradient.addColorStop(0.3, palette.water)
    gradient.addColorStop(1, mix(palette.water, palette.ink, 0.68))
    pen.fillStyle = gradient
    pen.fillRect(bounds.left, horizon, bounds.right - bounds.left, bounds.bottom - horizon)
    pen.fillStyle = fade(palette.light, 0.35)
    pen.fillRect(bounds.left, horizon - 0.5, bounds.right - bounds.left, 1.4)
  })
  const depth = height * 1.05 - horizon
  const strips = Array.from({ length: 190 }, () => {
    const near = random.next() ** 1.4
    const inPath = random.isTrue(0.7)
    const spread = inPath ? (0.025 + near * 0.15) * width : width * 0.75
    return {
      x: (inPath ? shot.lightX : 0.5) * width + (random.next() + random.next() - 1) * spread,
      y: horizon + 2 + near * depth,
      length: (0.012 + near * 0.07) * width * random.between(0.5, 1.2),
      thick: 0.8 + near * height * 0.008,
      phase: random.between(0, Math.PI * 2),
      speed: random.between(0.8, 2.2),
      strength: inPath ? 0.75 : 0.24,
    }
  })
  const lines: Plane = {
    depth: 0.16,
    draw(pen, seconds) {
      for (const strip of strips) {
        const pulse = Math.sin(seconds * strip.speed + strip.phase)
        if (pulse < -0.55) continue
        pen.fillStyle = fade(
          strip.strength > 0.5 ? palette.light : palette.sky[2],
          Math.round(strip.strength * (0.35 + 0.5 * pulse) * 50) / 50,
        )
        const length = strip.length * (0.6 + 0.4 * pulse)
        pen.fillRect(
          strip.x - length / 2 + Math.sin(seconds * 0.6 + strip.phase) * 4,
          strip.y,
          length,
          strip.thick,
        )
      }
    },
  }
  return [still, lines]
}

function paintSea(hand: Stagehand): Plane[] {
  const { shot, random, width, height, horizon } = hand
  const { palette } = shot
  const line = smoothLine(random)
  const coast = hand.still(0.12, (pen, bounds) => {
    const colour = mix(palette.far, palette.sky[2], 0.35)
    const away = shot.lightX < 0.5 ? 1 : -1
    const shape = (x: number) => line(x) * 0.7 + away * (x - 0.5) * 1.6 - 0.35
    pen.save()
    pen.beginPath()
    pen.rect(bounds.left, bounds.top, bounds.right - bounds.left, horizon - bounds.top)
    pen.clip()
    ridge(pen, bounds, width, shape, {
      base: horizon,
      reach: height * 0.1,
      colour,
      foot: mix(colour, palette.sky[2], 0.4),
      footY: horizon,
    })
    pen.restore()
  })
  const hasGround = shot.subjects.some((subject) => subject.layer === 'ground')
  const planes = [...backdrop(hand, 5, 0.5), coast, ...water(hand)]
  if (hasGround) planes.push(foreground(hand))
  return planes
}

function paintBeach(hand: Stagehand): Plane[] {
  const { shot, random, width, height, groundY } = hand
  const { palette } = shot
  const sand = mix(palette.isDark ? palette.ground : '#e2c391', palette.sky[2], palette.isDark ? 0.12 : 0.28)
  const shore = hand.still(0.6, (pen, bounds) => {
    const y = (x: number) => groundY - height * 0.045 + Math.sin((x / width) * 3 + 1) * height * 0.014
    pen.fillStyle = fade('#ffffff', 0.5)
    pen.beginPath()
    pen.moveTo(bounds.left, bounds.bottom)
    for (let x = bounds.left; x <= bounds.right + 6; x += 6)
      pen.lineTo(x, y(x) - height * 0.009 - Math.sin(x / 23) * 2)
    pen.lineTo(bounds.right + 6, bounds.bottom)
    pen.fill()
    const gradient = pen.createLinearGradient(0, groundY - height * 0.05, 0, height)
    gradient.addColorStop(0, mix(sand, palette.water, 0.3))
    gradient.addColorStop(0.25, sand)
    gradient.addColorStop(1, mix(sand, palette.ink, 0.5))
    pen.fillStyle = gradient
    pen.beginPath()
    pen.moveTo(bounds.left, bounds.bottom)
    for (let x = bounds.left; x <= bounds.right + 6; x += 6) pen.lineTo(x, y(x))
    pen.lineTo(bounds.right + 6, bounds.bottom)
    pen.fill()
  })
  const side = shot.lightX < 0.5 ? 1 : -1
  const palms = hand.still(0.85, (pen) => {
    pen.fillStyle = palette.ink
    const x = side > 0 ? width * 0.94 : width * 0.06
    palm(pen, x, height * 1.02, height * random.between(0.72, 0.8), -side * 0.16)
    palm(pen, x - side * width * 0.07, height * 1.02, height * random.between(0.5, 0.58), -side * 0.1)
  })
  return [...backdrop(hand, 5), ...water(hand), shore, palms]
}

function paintSnow(hand: Stagehand): Plane[] {
  const { shot, random, width, height } = hand
  const { palette } = shot
  const woods = rolling(hand, 3, 0.09, (nearness, y) => (pen) => {
    pen.fillStyle = mix(ridgeColour(palette, 0.4 + nearness * 0.6), palette.sky[2], 0.2 * (1 - nearness))
    for (let x = -0.22 * width; x < width * 1.22; x += height * (0.03 + 0.05 * nearness)) {
      if (random.isTrue(0.55))
        pine(pen, x, y(x) + 6, height * (0.07 + 0.15 * nearness) * random.between(0.6, 1.15))
    }
    pen.fillStyle = palette.ground
  })
  return [
    ...backdrop(hand, 3),
    ...woods,
    foreground(hand, palette.isDark ? mix(palette.ground, '#dfeaf5', 0.35) : palette.ground, false),
  ]
}

function paintOpenSky(hand: Stagehand): Plane[] {
  const { shot, random, width, height } = hand
  const low = hand.still(
    0.5,
    (pen, bounds) => {
      const shade = { ...shot, palette: { ...shot.palette } }
      pen.save()
      pen.translate(0, height * 0.52)
      paintClouds(pen, bounds, height, shade, random, 7, 0.5)
      pen.restore()
    },
    width * -0.02,
  )
  const floor = hand.still(0.3, (pen, bounds) => {
    const gradient = pen.createLinearGradient(0, height * 0.6, 0, height)
    gradient.addColorStop(0, fade(shot.palette.sky[2], 0))
    gradient.addColorStop(1, mix(shot.palette.sky[2], '#ffffff', 0.3))
    pen.fillStyle = gradient
    pen.fillRect(bounds.left, height * 0.6, bounds.right - bounds.left, bounds.bottom)
    pen.fillStyle = fade(mix(shot.palette.sky[2], '#ffffff', 0.4), 0.6)
    for (let puff = 0; puff < 26; puff += 1) {
      ellipse(
        pen,
        random.between(-0.2, 1.2) * width,
        height * random.between(0.86, 1.06),
        height * random.between(0.1, 0.24),
        height * random.between(0.04, 0.09),
      )
    }
  })
  const planes = [...backdrop(hand, 6, 0.5), floor, low]
  if (shot.subjects.some((subject) => subject.layer === 'ground')) planes.push(foreground(hand))
  return planes
}
