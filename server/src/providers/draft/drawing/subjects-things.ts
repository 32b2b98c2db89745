// Silhouettes of vehicles, buildings, plants and things; the same conventions as the living ones.
import { blob, box, ellipse, glow, limb, type Pen, type Point, polygon } from './pen.ts'
import type { DrawSubject } from './subjects.ts'

const wave = (cycle: number, shift = 0) => Math.sin((cycle + shift) * Math.PI * 2)

function wheel(pen: Pen, x: number, y: number, radius: number, hub: string, rim: string): void {
  ellipse(pen, x, y, radius, radius)
  const before = pen.fillStyle
  pen.fillStyle = rim
  ellipse(pen, x, y, radius * 0.5, radius * 0.5)
  pen.fillStyle = hub
  ellipse(pen, x, y, radius * 0.36, radius * 0.36)
  pen.fillStyle = before
}

export const car: DrawSubject = (pen, tone, cycle) => {
  const shake = wave(cycle * 3) * 0.006
  pen.save()
  pen.translate(0, shake)
  pen.fillStyle = tone.body
  blob(pen, [
    [-1.22, -0.52],
    [-0.9, -0.6],
    [-0.62, -0.62],
    [-0.34, -1.0],
    [0.3, -1.02],
    [0.62, -0.64],
    [1.12, -0.56],
    [1.26, -0.34],
    [1.16, -0.16],
    [-1.16, -0.16],
    [-1.3, -0.3],
  ])
  pen.fillStyle = tone.glass
  polygon(pen, [
    [-0.44, -0.62],
    [-0.24, -0.88],
    [-0.02, -0.89],
    [-0.02, -0.62],
  ])
  polygon(pen, [
    [0.06, -0.62],
    [0.06, -0.89],
    [0.25, -0.88],
    [0.46, -0.62],
  ])
  pen.fillStyle = tone.accent
  ellipse(pen, 1.16, -0.42, 0.06, 0.05)
  pen.fillStyle = tone.ink
  box(pen, -1.2, -0.26, 2.4, 0.08, 0.04)
  wheel(pen, -0.72, -0.2, 0.21, tone.ink, tone.rim)
  wheel(pen, 0.76, -0.2, 0.21, tone.ink, tone.rim)
  pen.restore()
}

export const train: DrawSubject = (pen, tone, cycle) => {
  pen.fillStyle = tone.ink
  box(pen, -3.6, -0.09, 5.2, 0.03)
  for (const [start, length] of [
    [-3.5, 1.3],
    [-2.1, 1.3],
  ] as const) {
    pen.fillStyle = tone.body
    box(pen, start, -0.86, length, 0.66, 0.08)
    pen.fillStyle = tone.lit
    for (let index = 0; index < 4; index += 1) box(pen, start + 0.12 + index * 0.29, -0.7, 0.19, 0.22, 0.03)
    pen.fillStyle = tone.ink
    for (const x of [0.22, 0.46, 0.84, 1.08]) ellipse(pen, start + x, -0.16, 0.1, 0.1)
  }
  pen.fillStyle = tone.body
  box(pen, -0.7, -1.0, 0.6, 0.8, 0.05)
  box(pen, -0.3, -0.78, 1.3, 0.5, 0.2)
  pen.fillStyle = tone.lit
  box(pen, -0.56, -0.86, 0.3, 0.26, 0.03)
  pen.fillStyle = tone.ink
  box(pen, 0.66, -1.08, 0.18, 0.34, 0.02)
  box(pen, 0.6, -1.12, 0.3, 0.07, 0.02)
  box(pen, 0.16, -0.92, 0.18, 0.16, 0.06)
  polygon(pen, [
    [0.9, -0.3],
    [1.3, -0.06],
    [0.9, -0.06],
  ])
  wheel(pen, -0.42, -0.2, 0.19, tone.ink, tone.rim)
  wheel(pen, 0.06, -0.2, 0.19, tone.ink, tone.rim)
  wheel(pen, 0.54, -0.16, 0.13, tone.ink, tone.rim)
  pen.fillStyle = tone.smoke
  for (let puff = 0; puff < 6; puff += 1) {
    const age = (cycle + puff / 6) % 1
    pen.globalAlpha = 0.5 * (1 - age)
    ellipse(pen, 0.74 - age * 2.2, -1.2 - age * 0.5, 0.1 + age * 0.28, 0.08 + age * 0.2)
  }
  pen.globalAlpha = 1
}

export const bicycle: DrawSubject = (pen, tone, cycle) => {
  pen.fillStyle = tone.ink
  const ring = (x: number) => {
    pen.lineWidth = 0.035
    pen.strokeStyle = tone.ink
    pen.beginPath()
    pen.arc(x, -0.24, 0.22, 0, Math.PI * 2)
    pen.stroke()
    for (let spoke = 0; spoke < 5; spoke += 1) {
      const angle = (cycle + spoke / 5) * Math.PI * 2
      limb(pen, 0.008, [x, -0.24], [x + Math.cos(angle) * 0.21, -0.24 + Math.sin(angle) * 0.21])
    }
  }
  ring(-0.36)
  ring(0.36)
  limb(pen, 0.035, [-0.36, -0.24], [-0.14, -0.52], [0.24, -0.52], [-0.02, -0.24], [-0.36, -0.24])
  limb(pen, 0.035, [-0.02, -0.24], [-0.17, -0.6])
  limb(pen, 0.035, [0.36, -0.24], [0.22, -0.64], [0.32, -0.66])
  const foot = (shift: number): Point => [
    -0.02 + 0.09 * Math.cos((cycle + shift) * 6.283),
    -0.24 + 0.09 * Math.sin((cycle + shift) * 6.283),
  ]
  for (const shift of [0.5, 0]) limb(pen, 0.06, [-0.15, -0.62], [0.06, -0.46], foot(shift))
  blob(pen, [
    [-0.24, -0.6],
    [-0.06, -0.92],
    [0.1, -0.88],
    [0.02, -0.62],
  ])
  limb(pen, 0.045, [0.03, -0.84], [0.16, -0.7], [0.29, -0.67])
  ellipse(pen, 0.1, -0.98, 0.07, 0.08)
}

export const boat: DrawSubject = (pen, tone, cycle) => {
  pen.save()
  pen.rotate(wave(cycle) * 0.035)
  pen.translate(0, wave(cycle, 0.2) * 0.012)
  pen.fillStyle = tone.sail
  blob(pen, [
    [0.02, -1.02],
    [0.1, -0.7],
    [0.44, -0.24],
    [0.03, -0.24],
    [0.03, -0.6],
  ])
  pen.globalAlpha *= 0.85
  blob(pen, [
    [-0.02, -0.96],
    [-0.05, -0.5],
    [-0.03, -0.24],
    [-0.36, -0.24],
    [-0.18, -0.5],
  ])
  pen.globalAlpha /= 0.85
  pen.fillStyle = tone.ink
  limb(pen, 0.022, [0, -0.15], [0, -1.05])
  pen.beginPath()
  pen.moveTo(-0.54, -0.19)
  pen.quadraticCurveTo(0, -0.13, 0.64, -0.25)
  pen.quadraticCurveTo(0.56, -0.02, 0.36, 0.04)
  pen.lineTo(-0.38, 0.04)
  pen.quadraticCurveTo(-0.5, 0.02, -0.54, -0.19)
  pen.fill()
  pen.fillStyle = tone.accent
  limb(pen, 0.018, [-0.5, -0.115], [0, -0.075], [0.56, -0.155])
  pen.fillStyle = tone.ink
  pen.fillStyle = tone.accent
  polygon(pen, [
    [0, -1.05],
    [0.14, -1.01 + wave(cycle * 2) * 0.015],
    [0, -0.97],
  ])
  pen.restore()
}

export const plane: DrawSubject = (pen, tone, cycle) => {
  pen.save()
  pen.rotate(-0.06 + wave(cycle) * 0.015)
  pen.fillStyle = tone.body
  blob(pen, [
    [-1.25, -0.08],
    [-0.6, -0.17],
    [0.9, -0.17],
    [1.3, 0],
    [0.9, 0.15],
    [-0.7, 0.13],
  ])
  polygon(pen, [
    [-1.2, -0.06],
    [-1.4, -0.56],
    [-1.14, -0.56],
    [-0.74, -0.1],
  ])
  pen.fillStyle = tone.ink
  polygon(pen, [
    [0.3, 0],
    [-0.5, 0.56],
    [-0.72, 0.56],
    [-0.28, 0.02],
  ])
  pen.globalAlpha *= 0.7
  polygon(pen, [
    [0.24, -0.12],
    [-0.2, -0.42],
    [-0.36, -0.42],
    [-0.12, -0.14],
  ])
  pen.globalAlpha /= 0.7
  pen.fillStyle = tone.glass
  for (let index = 0; index < 7; index += 1) ellipse(pen, -0.55 + index * 0.2, -0.05, 0.035, 0.04)
  polygon(pen, [
    [0.98, -0.12],
    [1.14, -0.04],
    [0.98, -0.03],
  ])
  pen.restore()
}

export const rocket: DrawSubject = (pen, tone, cycle) => {
  const flicker = 0.85 + 0.15 * wave(cycle * 5)
  pen.save()
  pen.translate(0, wave(cycle) * 0.015)
  glow(pen, 0, 0.1, 0.5 * flicker, tone.flame, tone.flameEdge)
  pen.fillStyle = tone.accent
  blob(pen, [
    [-0.1, -0.16],
    [0.1, -0.16],
    [0.07, 0.1],
    [0, 0.38 * flicker],
    [-0.07, 0.1],
  ])
  pen.fillStyle = tone.spark
  blob(pen, [
    [-0.05, -0.16],
    [0.05, -0.16],
    [0.03, 0.02],
    [0, 0.16 * flicker],
    [-0.03, 0.02],
  ])
  pen.fillStyle = tone.ink
  polygon(pen, [
    [-0.12, -0.42],
    [-0.28, -0.12],
    [-0.1, -0.2],
  ])
  polygon(pen, [
    [0.12, -0.42],
    [0.28, -0.12],
    [0.1, -0.2],
  ])
  pen.fillStyle = tone.body
  blob(pen, [
    [0, -1.12],
    [0.15, -0.8],
    [0.17, -0.5],
    [0.12, -0.16],
    [-0.12, -0.16],
    [-0.17, -0.5],
    [-0.15, -0.8],
  ])
  pen.fillStyle = tone.ink
  ellipse(pen, 0, -0.62, 0.085, 0.085)
  pen.fillStyle = tone.glass
  ellipse(pen, 0, -0.62, 0.06, 0.06)
  pen.restore()
}

export const balloon: DrawSubject = (pen, tone, cycle) => {
  pen.save()
  pen.translate(wave(cycle) * 0.02, wave(cycle, 0.25) * 0.02)
  const shape: Point[] = [
    [0, -0.78],
    [0.34, -0.7],
    [0.4, -0.36],
    [0.16, 0.02],
    [0.06, 0.14],
    [-0.06, 0.14],
    [-0.16, 0.02],
    [-0.4, -0.36],
    [-0.34, -0.7],
  ]
  pen.fillStyle = tone.accent
  blob(pen, shape)
  pen.fillStyle = tone.body
  for (const [left, right] of [
    [-0.19, -0.07],
    [0.07, 0.19],
  ] as const) {
    blob(pen, [
      [left * 0.6, -0.72],
      [right * 0.9, -0.73],
      [right * 1.35, -0.36],
      [right * 0.4, 0.12],
      [left * 0.4, 0.12],
      [left * 1.35, -0.36],
    ])
  }
  pen.fillStyle = tone.ink
  limb(pen, 0.01, [-0.07, 0.12], [-0.06, 0.26])
  limb(pen, 0.01, [0.07, 0.12], [0.06, 0.26])
  box(pen, -0.08, 0.25, 0.16, 0.12, 0.02)
  pen.restore()
}

export const house: DrawSubject = (pen, tone, cycle) => {
  pen.fillStyle = tone.body
  pen.fillRect(-0.5, -0.56, 1, 0.58)
  pen.fillStyle = tone.ink
  polygon(pen, [
    [-0.62, -0.52],
    [-0.06, -1.0],
    [0.12, -1.0],
    [0.62, -0.52],
  ])
  pen.fillRect(0.24, -1.02, 0.13, 0.3)
  pen.fillStyle = tone.lit
  box(pen, -0.36, -0.42, 0.22, 0.2, 0.01)
  box(pen, 0.16, -0.42, 0.22, 0.2, 0.01)
  pen.fillStyle = tone.ink
  box(pen, -0.07, -0.34, 0.16, 0.36, 0.02)
  limb(pen, 0.014, [-0.25, -0.42], [-0.25, -0.22])
  limb(pen, 0.014, [0.27, -0.42], [0.27, -0.22])
  pen.fillStyle = tone.smoke
  for (let puff = 0; puff < 4; puff += 1) {
    const age = (cycle + puff / 4) % 1
    pen.globalAlpha = 0.34 * (1 - age)
    ellipse(pen, 0.31 + age * 0.24, -1.06 - age * 0.42, 0.04 + age * 0.09, 0.035 + age * 0.08)
  }
  pen.globalAlpha = 1
}

export const castle: DrawSubject = (pen, tone) => {
  const tower = (x: number, width: number, height: number) => {
    pen.fillStyle = tone.body
    pen.fillRect(x - width / 2, -height, width, height + 0.02)
    pen.fillStyle = tone.ink
    polygon(pen, [
      [x - width * 0.68, -height],
      [x, -height - width * 1.35],
      [x + width * 0.68, -height],
    ])
    pen.fillStyle = tone.lit
    box(pen, x - width * 0.11, -height + 0.07, width * 0.22, 0.075, 0.02)
  }
  pen.fillStyle = tone.body
  pen.fillRect(-0.46, -0.36, 0.92, 0.38)
  for (let tooth = 0; tooth < 7; tooth += 1) pen.fillRect(-0.46 + tooth * 0.14, -0.42, 0.08, 0.08)
  tower(-0.46, 0.18, 0.58)
  tower(0.46, 0.18, 0.52)
  tower(-0.12, 0.2, 0.72)
  tower(0.2, 0.15, 0.6)
  pen.fillStyle = tone.ink
  pen.beginPath()
  pen.arc(0.02, -0.13, 0.08, Math.PI, 0)
  pen.rect(-0.06, -0.13, 0.16, 0.15)
  pen.fill()
}

export const lighthouse: DrawSubject = (pen, tone, cycle) => {
  const turn = Math.cos(cycle * Math.PI * 2)
  pen.save()
  pen.globalCompositeOperation = 'screen'
  for (const side of [-1, 1]) {
    const reach = side * turn * 1.9
    const beam = pen.createLinearGradient(0, -0.93, reach, -0.93)
    beam.addColorStop(0, tone.flame)
    beam.addColorStop(1, tone.flameEdge)
    pen.fillStyle = beam
    polygon(pen, [
      [0, -0.94],
      [reach, -1.12],
      [reach, -0.7],
    ])
  }
  pen.restore()
  pen.fillStyle = tone.ink
  blob(pen, [
    [-0.6, 0.03],
    [-0.36, -0.1],
    [0, -0.13],
    [0.42, -0.08],
    [0.66, 0.03],
  ])
  pen.fillStyle = tone.body
  polygon(pen, [
    [-0.13, -0.08],
    [-0.075, -0.86],
    [0.075, -0.86],
    [0.13, -0.08],
  ])
  pen.fillStyle = tone.accent
  for (const [low, high] of [
    [0.24, 0.36],
    [0.52, 0.64],
  ] as const) {
    const edge = (y: number) => 0.133 - y * 0.07
    polygon(pen, [
      [-edge(low), -low],
      [-edge(high), -high],
      [edge(high), -high],
      [edge(low), -low],
    ])
  }
  pen.fillStyle = tone.ink
  box(pen, -0.11, -0.89, 0.22, 0.04, 0.01)
  polygon(pen, [
    [-0.09, -0.98],
    [0, -1.08],
    [0.09, -0.98],
  ])
  pen.fillStyle = tone.spark
  box(pen, -0.055, -0.98, 0.11, 0.09, 0.01)
}

export const windmill: DrawSubject = (pen, tone, cycle) => {
  pen.fillStyle = tone.body
  polygon(pen, [
    [-0.19, 0.02],
    [-0.1, -0.62],
    [0.1, -0.62],
    [0.19, 0.02],
  ])
  pen.fillStyle = tone.ink
  polygon(pen, [
    [-0.13, -0.6],
    [0, -0.78],
    [0.13, -0.6],
  ])
  pen.fillStyle = tone.lit
  box(pen, -0.03, -0.42, 0.06, 0.09, 0.02)
  pen.save()
  pen.translate(0, -0.64)
  pen.rotate(cycle * Math.PI * 0.5)
  for (let sail = 0; sail < 4; sail += 1) {
    pen.rotate(Math.PI / 2)
    pen.fillStyle = tone.ink
    limb(pen, 0.02, [0, 0], [0, -0.44])
    pen.fillStyle = tone.sail
    pen.globalAlpha *= 0.85
    polygon(pen, [
      [0.012, -0.1],
      [0.11, -0.12],
      [0.1, -0.43],
      [0.012, -0.43],
    ])
    pen.globalAlpha /= 0.85
  }
  pen.restore()
}

export const tree: DrawSubject = (pen, tone, cycle) => {
  const sway = wave(cycle) * 0.012
  pen.fillStyle = tone.ink
  polygon(pen, [
    [-0.06, 0.01],
    [-0.03, -0.4],
    [0.03, -0.4],
    [0.07, 0.01],
  ])
  limb(pen, 0.03, [0, -0.36], [-0.16, -0.56])
  limb(pen, 0.03, [0, -0.32], [0.17, -0.52])
  pen.fillStyle = tone.leaf
  for (const [x, y, radius] of [
    [-0.22, -0.56, 0.19],
    [0.22, -0.54, 0.19],
    [0, -0.7, 0.25],
    [-0.13, -0.82, 0.16],
    [0.14, -0.8, 0.17],
    [0, -0.52, 0.2],
  ] as const) {
    ellipse(pen, x + sway * -y * 2, y, radius, radius * 0.9)
  }
}

export const flower: DrawSubject = (pen, tone, cycle) => {
  const sway = wave(cycle) * 0.035
  for (const [x, height, scale] of [
    [-0.26, 0.66, 0.8],
    [0.28, 0.58, 0.7],
    [0.02, 0.86, 1],
  ] as const) {
    pen.fillStyle = tone.ink
    const top: Point = [x + sway, -height]
    pen.lineWidth = 0.026
    pen.strokeStyle = tone.ink
    pen.beginPath()
    pen.moveTo(x * 0.4, 0.02)
    pen.quadraticCurveTo(x * 0.7, -height / 2, top[0], top[1])
    pen.stroke()
    blob(pen, [
      [x * 0.6, -height * 0.3],
      [x * 0.6 + 0.16, -height * 0.5],
      [x * 0.6 + 0.2, -height * 0.42],
      [x * 0.6 + 0.06, -height * 0.24],
    ])
    pen.fillStyle = tone.accent
    for (let petal = 0; petal < 9; petal += 1) {
      const angle = (petal / 9) * Math.PI * 2 + sway * 3
      ellipse(
        pen,
        top[0] + Math.cos(angle) * 0.105 * scale,
        top[1] + Math.sin(angle) * 0.105 * scale,
        0.085 * scale,
        0.042 * scale,
        angle,
      )
    }
    pen.fillStyle = tone.body
    ellipse(pen, top[0], top[1], 0.062 * scale, 0.062 * scale)
  }
}

export const campfire: DrawSubject = (pen, tone, cycle) => {
  glow(pen, 0, -0.3, 1.5 + 0.06 * wave(cycle * 3), tone.flame, tone.flameEdge)
  pen.fillStyle = tone.ink
  limb(pen, 0.1, [-0.36, -0.03], [0.26, -0.16])
  limb(pen, 0.1, [0.36, -0.03], [-0.26, -0.16])
  const flame = (width: number, height: number, shift: number, colour: string) => {
    pen.fillStyle = colour
    const lean = wave(cycle * 2, shift) * 0.06
    blob(pen, [
      [-width, -0.16],
      [-width * 0.8, -height * 0.5],
      [lean, -height],
      [width * 0.7, -height * 0.45],
      [width, -0.16],
      [0, -0.06],
    ])
  }
  flame(0.26, 1.05 + 0.06 * wave(cycle * 3), 0, tone.accent)
  flame(0.15, 0.7 + 0.05 * wave(cycle * 3, 0.4), 0.3, tone.spark)
}

export const cup: DrawSubject = (pen, tone, cycle) => {
  pen.fillStyle = tone.ink
  ellipse(pen, 0, -0.03, 0.56, 0.06)
  pen.strokeStyle = tone.sail
  pen.lineWidth = 0.075
  pen.beginPath()
  pen.arc(0.36, -0.34, 0.15, -1.4, 1.5)
  pen.stroke()
  pen.fillStyle = tone.sail
  blob(pen, [
    [-0.36, -0.62],
    [0.36, -0.62],
    [0.36, -0.24],
    [0.16, -0.02],
    [-0.16, -0.02],
    [-0.36, -0.24],
  ])
  pen.fillStyle = tone.ink
  ellipse(pen, 0, -0.565, 0.3, 0.045)
  pen.strokeStyle = tone.smoke
  pen.lineCap = 'round'
  for (const [x, shift] of [
    [-0.12, 0],
    [0.02, 0.35],
    [0.14, 0.7],
  ] as const) {
    pen.lineWidth = 0.035
    pen.globalAlpha = 0.3 + 0.15 * wave(cycle, shift)
    pen.beginPath()
    pen.moveTo(x, -0.66)
    pen.bezierCurveTo(
      x + 0.1 * wave(cycle, shift),
      -0.76,
      x - 0.1 * wave(cycle, shift),
      -0.86,
      x + 0.03,
      -0.98,
    )
    pen.stroke()
  }
  pen.globalAlpha = 1
}

export const book: DrawSubject = (pen, tone, cycle) => {
  pen.fillStyle = tone.accent
  polygon(pen, [
    [-0.78, -0.12],
    [0, -0.02],
    [0.78, -0.12],
    [0.78, -0.04],
    [0, 0.06],
    [-0.78, -0.04],
  ])
  pen.fillStyle = tone.sail
  for (const side of [-1, 1]) {
    blob(pen, [
      [0, -0.08],
      [side * 0.1, -0.52],
      [side * 0.74, -0.5],
      [side * 0.74, -0.12],
      [side * 0.2, -0.12],
    ])
  }
  const lift = 0.5 + 0.1 * wave(cycle)
  pen.globalAlpha *= 0.8
  blob(pen, [
    [0, -0.08],
    [0.02, -0.5],
    [0.3, -0.34 - lift],
    [0.36, -0.2 - lift * 0.6],
    [0.14, -0.14],
  ])
  pen.globalAlpha /= 0.8
}

export const lamp: DrawSubject = (pen, tone, cycle) => {
  glow(pen, 0, -0.62, 1.05 + 0.02 * wave(cycle * 2), tone.flame, tone.flameEdge)
  pen.fillStyle = tone.ink
  box(pen, -0.2, -0.06, 0.4, 0.07, 0.03)
  limb(pen, 0.04, [0, -0.04], [0, -0.52])
  pen.fillStyle = tone.spark
  polygon(pen, [
    [-0.17, -0.92],
    [0.17, -0.92],
    [0.31, -0.5],
    [-0.31, -0.5],
  ])
}

export const bottle: DrawSubject = (pen, tone) => {
  pen.fillStyle = tone.body
  blob(pen, [
    [-0.07, -0.98],
    [0.07, -0.98],
    [0.075, -0.7],
    [0.2, -0.58],
    [0.21, -0.3],
    [0.2, 0.02],
    [-0.2, 0.02],
    [-0.21, -0.3],
    [-0.2, -0.58],
    [-0.075, -0.7],
  ])
  pen.fillStyle = tone.accent
  box(pen, -0.06, -1.0, 0.12, 0.1, 0.02)
  pen.fillStyle = tone.sail
  box(pen, -0.165, -0.42, 0.33, 0.24, 0.02)
  pen.fillStyle = tone.rim
  pen.globalAlpha *= 0.6
  limb(pen, 0.02, [-0.13, -0.54], [-0.15, -0.1])
  pen.globalAlpha /= 0.6
}

export const ball: DrawSubject = (pen, tone, cycle) => {
  const bounce = Math.abs(wave(cycle / 2)) * 0.9
  pen.fillStyle = tone.ink
  pen.globalAlpha = 0.35
  ellipse(pen, 0, 0, 0.44 * (1 - bounce * 0.3), 0.06)
  pen.globalAlpha = 1
  pen.fillStyle = tone.accent
  ellipse(pen, 0, -0.45 - bounce, 0.45, 0.45)
  pen.fillStyle = tone.sail
  pen.save()
  pen.translate(0, -0.45 - bounce)
  pen.rotate(cycle * 6.283)
  ellipse(pen, 0, 0, 0.45, 0.1)
  pen.restore()
}
