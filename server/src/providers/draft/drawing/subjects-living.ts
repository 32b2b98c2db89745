// Silhouettes of people and animals. Every drawing stands on (0, 0), is about one unit tall (up is negative) and looks
// to the right. `cycle` runs from 0 to 1 and closes.
import { blob, ellipse, limb, type Pen, type Point, polygon } from './pen.ts'
import type { DrawSubject } from './subjects.ts'

const wave = (cycle: number, shift = 0) => Math.sin((cycle + shift) * Math.PI * 2)

export const person: DrawSubject = (pen, tone, cycle, action) => {
  pen.fillStyle = tone.ink
  const stride = action === 'run' ? 0.2 : action === 'walk' ? 0.13 : action === 'dance' ? 0.16 : 0.045
  const swing = action === 'still' ? 0 : wave(cycle)
  const bounce = action === 'still' ? 0 : Math.abs(wave(cycle)) * 0.02
  pen.save()
  pen.translate(0, -bounce)
  const lean = action === 'run' ? 0.06 : 0.015
  const hip: Point = [0, -0.47]
  const neck: Point = [lean, -0.82]
  const footA: Point = [stride * swing + (action === 'still' ? 0.055 : 0), -0.01]
  const footB: Point = [-stride * swing - (action === 'still' ? 0.055 : 0), -0.01]
  const knee = (foot: Point): Point => [(hip[0] + foot[0]) / 2 + 0.03, -0.25]
  limb(pen, 0.075, [-0.03, hip[1]], knee(footB), footB)
  limb(pen, 0.075, [0.03, hip[1]], knee(footA), footA)
  limb(pen, 0.045, footA, [footA[0] + 0.055, footA[1]])
  limb(pen, 0.045, footB, [footB[0] + 0.055, footB[1]])
  // A coat: wide at the hem, narrow at the shoulders.
  blob(pen, [
    [-0.1 + lean, -0.84],
    [0.1 + lean, -0.84],
    [0.115, -0.6],
    [0.14, -0.36],
    [0, -0.34],
    [-0.16, -0.36],
    [-0.12, -0.6],
  ])
  const lift = action === 'dance'
  const handA: Point = lift ? [0.24, -0.98 + 0.06 * wave(cycle)] : [0.1 - stride * swing * 1.1, -0.47]
  const handB: Point = lift ? [-0.24, -0.9 - 0.06 * wave(cycle)] : [-0.1 + stride * swing * 1.1, -0.47]
  limb(
    pen,
    0.058,
    [lean - 0.08, -0.78],
    [(lean - 0.08 + handB[0]) / 2 - 0.04, (handB[1] - 0.78) / 2 + 0.02],
    handB,
  )
  limb(
    pen,
    0.058,
    [lean + 0.08, -0.78],
    [(lean + 0.08 + handA[0]) / 2 + 0.03, (handA[1] - 0.78) / 2 + 0.02],
    handA,
  )
  limb(pen, 0.06, neck, [lean + 0.01, -0.87])
  ellipse(pen, lean + 0.012, -0.93, 0.066, 0.078)
  pen.restore()
}

export const astronaut: DrawSubject = (pen, tone, cycle) => {
  const float = wave(cycle) * 0.012
  pen.save()
  pen.translate(0, float)
  pen.fillStyle = tone.body
  blob(pen, [
    [-0.26, -0.74],
    [-0.12, -0.76],
    [-0.12, -0.36],
    [-0.26, -0.38],
  ])
  limb(pen, 0.13, [-0.07, -0.34], [-0.085, -0.18], [-0.08, -0.06])
  limb(pen, 0.13, [0.08, -0.34], [0.11, -0.19], [0.1, -0.06])
  limb(pen, 0.08, [-0.08, -0.04], [-0.02, -0.04])
  limb(pen, 0.08, [0.1, -0.04], [0.17, -0.04])
  blob(pen, [
    [-0.17, -0.76],
    [0.17, -0.76],
    [0.19, -0.5],
    [0.16, -0.28],
    [-0.16, -0.28],
    [-0.19, -0.5],
  ])
  limb(pen, 0.105, [-0.14, -0.66], [-0.25, -0.5], [-0.2, -0.36])
  limb(pen, 0.105, [0.14, -0.66], [0.27, -0.58], [0.33, -0.72 + float * 2])
  ellipse(pen, 0, -0.86, 0.165, 0.16)
  pen.fillStyle = tone.accent
  ellipse(pen, 0.04, -0.86, 0.112, 0.1)
  pen.fillStyle = tone.spark
  ellipse(pen, 0.075, -0.895, 0.03, 0.018, -0.5)
  pen.fillStyle = tone.ink
  pen.fillRect(-0.08, -0.55, 0.16, 0.09)
  pen.restore()
}

export const robot: DrawSubject = (pen, tone, cycle, action) => {
  pen.fillStyle = tone.ink
  const swing = action === 'still' ? 0 : wave(cycle) * 0.07
  limb(pen, 0.085, [-0.09, -0.36], [-0.09 + swing, -0.05])
  limb(pen, 0.085, [0.09, -0.36], [0.09 - swing, -0.05])
  polygon(pen, [
    [-0.17 + swing, 0],
    [-0.02 + swing, 0],
    [-0.04 + swing, -0.06],
    [-0.14 + swing, -0.06],
  ])
  polygon(pen, [
    [0.03 - swing, 0],
    [0.19 - swing, 0],
    [0.16 - swing, -0.06],
    [0.05 - swing, -0.06],
  ])
  pen.beginPath()
  pen.roundRect(-0.19, -0.68, 0.38, 0.36, 0.06)
  pen.roundRect(-0.15, -0.95, 0.32, 0.22, 0.06)
  pen.fill()
  limb(pen, 0.05, [0, -0.7], [0, -0.74])
  limb(pen, 0.065, [-0.2, -0.62], [-0.28, -0.48], [-0.25 + swing, -0.33])
  const raise = wave(cycle) * 0.04
  limb(pen, 0.065, [0.2, -0.62], [0.31, -0.55], [0.35, -0.74 + raise])
  limb(pen, 0.018, [0.02, -0.95], [0.02, -1.02])
  pen.fillStyle = tone.accent
  ellipse(pen, 0.02, -1.03, 0.025, 0.025)
  ellipse(pen, -0.045, -0.84, 0.038, 0.038)
  ellipse(pen, 0.085, -0.84, 0.038, 0.038)
  pen.fillRect(-0.09, -0.56, 0.18, 0.025)
  pen.fillRect(-0.09, -0.5, 0.1, 0.025)
}

/** Four legs that swing in pairs. */
function legs(
  pen: Pen,
  width: number,
  top: number,
  xs: [number, number, number, number],
  reach: number,
  cycle: number,
  action: string,
) {
  const moving = action === 'still' ? 0 : reach
  xs.forEach((x, index) => {
    const swing = moving * wave(cycle, index % 2 === 0 ? 0 : 0.5)
    const bend = moving * 0.3 * (index < 2 ? -1 : 1)
    limb(pen, width, [x, top], [x + swing * 0.4 + bend, top / 2], [x + swing, -width / 2])
  })
}

export const dog: DrawSubject = (pen, tone, cycle, action) => {
  pen.fillStyle = tone.ink
  const hop = action === 'run' ? Math.abs(wave(cycle)) * 0.06 : 0
  pen.save()
  pen.translate(0, -hop)
  legs(pen, 0.12, -0.36, [-0.46, -0.33, 0.24, 0.37], action === 'run' ? 0.2 : 0.1, cycle, action)
  blob(pen, [
    [-0.62, -0.68],
    [-0.2, -0.68],
    [0.34, -0.76],
    [0.56, -0.62],
    [0.5, -0.34],
    [0.24, -0.22],
    [-0.12, -0.28],
    [-0.5, -0.22],
    [-0.66, -0.46],
  ])
  blob(pen, [
    [0.16, -0.72],
    [0.34, -0.96],
    [0.56, -0.9],
    [0.6, -0.6],
    [0.36, -0.42],
  ])
  ellipse(pen, 0.5, -0.92, 0.185, 0.16)
  blob(pen, [
    [0.52, -0.99],
    [0.7, -0.95],
    [0.86, -0.87],
    [0.85, -0.79],
    [0.68, -0.77],
    [0.5, -0.8],
  ])
  ellipse(pen, 0.84, -0.87, 0.045, 0.04)
  const flop = action === 'run' ? wave(cycle, 0.2) * 0.06 : 0
  blob(pen, [
    [0.34, -1.02],
    [0.34, -1.2 + flop],
    [0.4, -1.24 + flop],
    [0.54, -1.02],
  ])
  const wag = wave(cycle, 0.1) * 0.08
  limb(pen, 0.095, [-0.56, -0.58], [-0.7, -0.72])
  limb(pen, 0.07, [-0.7, -0.72], [-0.76 + wag * 0.6, -0.84], [-0.74 + wag, -0.96])
  pen.restore()
}

export const cat: DrawSubject = (pen, tone, cycle) => {
  pen.fillStyle = tone.ink
  // Sitting: a pear of a body, a curled tail that twitches.
  const twitch = wave(cycle) * 0.05
  blob(pen, [
    [-0.06, -0.66],
    [0.16, -0.64],
    [0.22, -0.3],
    [0.24, 0.02],
    [-0.3, 0.02],
    [-0.36, -0.22],
    [-0.22, -0.5],
  ])
  limb(pen, 0.09, [0.12, -0.3], [0.15, -0.04], [0.2, -0.035])
  ellipse(pen, 0.1, -0.76, 0.175, 0.15)
  polygon(pen, [
    [-0.05, -0.8],
    [-0.04, -1.0],
    [0.09, -0.89],
  ])
  polygon(pen, [
    [0.11, -0.89],
    [0.23, -1.0],
    [0.26, -0.8],
  ])
  limb(pen, 0.07, [-0.28, -0.05], [-0.46, -0.06], [-0.54, -0.2], [-0.5 + twitch, -0.36])
  pen.fillStyle = tone.accent
  ellipse(pen, 0.06, -0.77, 0.02, 0.03)
  ellipse(pen, 0.17, -0.77, 0.02, 0.03)
}

export const horse: DrawSubject = (pen, tone, cycle, action) => {
  pen.fillStyle = tone.ink
  const hop = action === 'run' ? Math.abs(wave(cycle)) * 0.05 : 0
  pen.save()
  pen.translate(0, -hop)
  legs(pen, 0.065, -0.45, [-0.33, -0.25, 0.2, 0.29], action === 'run' ? 0.2 : 0.09, cycle, action)
  blob(pen, [
    [-0.42, -0.62],
    [-0.1, -0.6],
    [0.26, -0.68],
    [0.36, -0.5],
    [0.22, -0.36],
    [-0.1, -0.38],
    [-0.36, -0.36],
    [-0.46, -0.5],
  ])
  blob(pen, [
    [0.18, -0.62],
    [0.34, -0.94],
    [0.5, -0.96],
    [0.46, -0.8],
    [0.36, -0.5],
  ])
  blob(pen, [
    [0.38, -1.0],
    [0.54, -0.98],
    [0.68, -0.8],
    [0.64, -0.74],
    [0.44, -0.82],
  ])
  polygon(pen, [
    [0.4, -0.94],
    [0.42, -1.06],
    [0.5, -0.96],
  ])
  const flow = wave(cycle, 0.2) * 0.03
  limb(pen, 0.05, [0.38, -0.94], [0.26, -0.82 + flow], [0.18, -0.66])
  limb(pen, 0.065, [-0.42, -0.57], [-0.54, -0.5 + flow], [-0.56 + flow, -0.28])
  pen.restore()
}

export const elephant: DrawSubject = (pen, tone, cycle, action) => {
  pen.fillStyle = tone.ink
  legs(pen, 0.17, -0.36, [-0.38, -0.2, 0.14, 0.3], 0.07, cycle, action)
  blob(pen, [
    [-0.56, -0.78],
    [-0.1, -0.94],
    [0.36, -0.9],
    [0.46, -0.5],
    [0.3, -0.26],
    [-0.3, -0.26],
    [-0.58, -0.4],
  ])
  ellipse(pen, 0.46, -0.78, 0.2, 0.21)
  const sway = wave(cycle) * 0.04
  limb(pen, 0.12, [0.6, -0.72], [0.7, -0.5], [0.68 + sway, -0.28])
  limb(pen, 0.075, [0.68 + sway, -0.28], [0.74 + sway * 1.5, -0.12])
  limb(pen, 0.03, [-0.53, -0.62], [-0.62, -0.4 + sway])
  pen.fillStyle = tone.rim
  limb(pen, 0.035, [0.56, -0.6], [0.68, -0.54], [0.78, -0.6])
  pen.fillStyle = tone.body
  blob(pen, [
    [0.22, -0.96],
    [0.4, -0.9],
    [0.42, -0.62],
    [0.26, -0.54],
    [0.14, -0.72],
  ])
}

export const bear: DrawSubject = (pen, tone, cycle, action) => {
  pen.fillStyle = tone.ink
  legs(pen, 0.19, -0.34, [-0.44, -0.26, 0.2, 0.38], 0.08, cycle, action)
  blob(pen, [
    [-0.66, -0.66],
    [-0.2, -0.86],
    [0.3, -0.92],
    [0.54, -0.6],
    [0.4, -0.26],
    [-0.3, -0.24],
    [-0.66, -0.32],
  ])
  ellipse(pen, 0.58, -0.72, 0.2, 0.18)
  ellipse(pen, 0.48, -0.9, 0.07, 0.07)
  ellipse(pen, 0.64, -0.9, 0.065, 0.065)
  ellipse(pen, 0.76, -0.66, 0.1, 0.08)
}

export const rabbit: DrawSubject = (pen, tone, cycle, action) => {
  pen.fillStyle = tone.ink
  const hop = action === 'still' ? 0 : Math.max(0, wave(cycle)) * 0.2
  pen.save()
  pen.translate(0, -hop)
  ellipse(pen, -0.1, -0.27, 0.32, 0.26)
  ellipse(pen, -0.2, -0.12, 0.2, 0.12)
  limb(pen, 0.09, [0.14, -0.2], [0.18, -0.04])
  limb(pen, 0.08, [-0.2, -0.04], [0.02, -0.04])
  ellipse(pen, 0.22, -0.52, 0.165, 0.145)
  const ear = wave(cycle, 0.3) * 0.02
  ellipse(pen, 0.12 + ear, -0.82, 0.052, 0.2, -0.16)
  ellipse(pen, 0.24 + ear, -0.83, 0.05, 0.19, 0.1)
  pen.fillStyle = tone.body
  ellipse(pen, -0.42, -0.28, 0.08, 0.08)
  pen.restore()
}

export const bird: DrawSubject = (pen, tone, cycle) => {
  pen.fillStyle = tone.ink
  // In the air: (0, 0) is the middle of the body.
  const flap = wave(cycle)
  blob(pen, [
    [-0.5, 0.02],
    [-0.2, -0.1],
    [0.3, -0.13],
    [0.5, -0.02],
    [0.24, 0.12],
    [-0.16, 0.12],
  ])
  ellipse(pen, 0.42, -0.06, 0.13, 0.11)
  polygon(pen, [
    [0.5, -0.1],
    [0.7, -0.03],
    [0.5, 0.01],
  ])
  polygon(pen, [
    [-0.36, 0],
    [-0.82, -0.1],
    [-0.74, 0.12],
  ])
  const tip = -0.78 * flap - 0.12
  blob(pen, [
    [0.24, -0.06],
    [0.08, tip * 0.6 - 0.1],
    [-0.34, tip - 0.05],
    [-0.52, tip + 0.02],
    [-0.28, tip * 0.45],
    [-0.2, 0.02],
  ])
  pen.globalAlpha *= 0.85
  blob(pen, [
    [0.28, -0.06],
    [0.34, tip * 0.6 - 0.06],
    [0.16, tip * 0.9],
    [0.02, tip * 0.86 + 0.05],
    [0, -0.02],
  ])
  pen.globalAlpha /= 0.85
}

export const butterfly: DrawSubject = (pen, tone, cycle) => {
  const open = 0.35 + 0.65 * Math.abs(wave(cycle / 2))
  for (const side of [-1, 1]) {
    pen.save()
    pen.scale(side * open, 1)
    pen.fillStyle = tone.accent
    blob(pen, [
      [0.02, -0.05],
      [0.2, -0.5],
      [0.62, -0.56],
      [0.6, -0.14],
      [0.2, 0.04],
    ])
    pen.fillStyle = tone.body
    blob(pen, [
      [0.02, 0],
      [0.4, -0.02],
      [0.5, 0.3],
      [0.22, 0.44],
      [0.04, 0.16],
    ])
    pen.restore()
  }
  pen.fillStyle = tone.ink
  ellipse(pen, 0, 0, 0.045, 0.26)
  limb(pen, 0.02, [0, -0.22], [0.09, -0.42])
  limb(pen, 0.02, [0, -0.22], [-0.09, -0.42])
}

/** A leathery wing from a shoulder: two long fingers with scallops between them. */
function dragonWing(pen: Pen, x: number, tip: number, reach: number): void {
  pen.beginPath()
  pen.moveTo(x + 0.14, -0.02)
  pen.quadraticCurveTo(x + 0.2, tip * 0.6 - 0.1, x, tip * 0.9 - 0.12)
  pen.quadraticCurveTo(x - reach * 0.5, tip - 0.16, x - reach, tip + 0.02)
  pen.quadraticCurveTo(x - reach * 0.62, tip * 0.75 + 0.02, x - reach * 0.66, tip * 0.4 + 0.1)
  pen.quadraticCurveTo(x - reach * 0.4, tip * 0.5 + 0.04, x - reach * 0.38, tip * 0.12 + 0.12)
  pen.quadraticCurveTo(x - 0.16, tip * 0.25 + 0.02, x - 0.12, 0.06)
  pen.closePath()
  pen.fill()
}

export const dragon: DrawSubject = (pen, tone, cycle) => {
  pen.fillStyle = tone.ink
  const flap = wave(cycle)
  const tip = -0.42 * flap - 0.3
  dragonWing(pen, 0.02, tip, 0.78)
  limb(pen, 0.2, [-0.16, 0.05], [0.12, 0.01])
  limb(pen, 0.14, [0.12, 0], [0.3, -0.07], [0.4, -0.2])
  limb(pen, 0.1, [0.4, -0.2], [0.5, -0.27])
  limb(pen, 0.13, [-0.2, 0.06], [-0.46, 0.12])
  limb(pen, 0.085, [-0.44, 0.12], [-0.66, 0.1], [-0.8, 0.02])
  limb(pen, 0.045, [-0.8, 0.02], [-0.94, -0.1 + flap * 0.04])
  polygon(pen, [
    [-0.88, -0.04],
    [-1.1, -0.2 + flap * 0.05],
    [-1.0, 0.02 + flap * 0.03],
  ])
  blob(pen, [
    [0.4, -0.36],
    [0.58, -0.36],
    [0.84, -0.24],
    [0.82, -0.17],
    [0.56, -0.15],
    [0.42, -0.22],
  ])
  for (const [x, y] of [
    [0.5, -0.33],
    [0.42, -0.28],
    [0.3, -0.16],
    [0.16, -0.08],
  ] as const) {
    polygon(pen, [
      [x - 0.05, y + 0.03],
      [x - 0.13, y - 0.11],
      [x + 0.05, y],
    ])
  }
  limb(pen, 0.06, [0.06, 0.08], [0.1, 0.2], [0.18, 0.2])
  limb(pen, 0.07, [-0.22, 0.1], [-0.26, 0.24], [-0.16, 0.26])
  pen.fillStyle = tone.body
  dragonWing(pen, 0.16, tip * 1.06 - 0.03, 0.6)
  pen.fillStyle = tone.accent
  ellipse(pen, 0.6, -0.285, 0.022, 0.018)
}

export const fish: DrawSubject = (pen, tone, cycle) => {
  const wag = wave(cycle)
  pen.fillStyle = tone.body
  polygon(pen, [
    [-0.42, 0],
    [-0.86, -0.32 + wag * 0.08],
    [-0.74, wag * 0.12],
    [-0.86, 0.32 + wag * 0.08],
  ])
  polygon(pen, [
    [0.14, -0.26],
    [-0.2, -0.48],
    [-0.26, -0.2],
  ])
  pen.fillStyle = tone.ink
  blob(pen, [
    [0.66, -0.06],
    [0.3, -0.36],
    [-0.2, -0.32],
    [-0.56, -0.02],
    [-0.2, 0.3],
    [0.3, 0.32],
  ])
  pen.fillStyle = tone.accent
  ellipse(pen, 0.38, -0.08, 0.05, 0.05)
  pen.fillStyle = tone.rim
  pen.globalAlpha *= 0.35
  limb(pen, 0.035, [0.16, -0.2], [0.1, 0], [0.16, 0.18])
  pen.globalAlpha /= 0.35
}

export const whale: DrawSubject = (pen, tone, cycle) => {
  const beat = wave(cycle) * 0.05
  pen.fillStyle = tone.ink
  blob(pen, [
    [0.98, -0.22],
    [0.66, -0.5],
    [0, -0.48],
    [-0.6, -0.24],
    [-0.98, -0.24 + beat],
    [-0.98, -0.14 + beat],
    [-0.5, 0.02],
    [0.1, 0.12],
    [0.7, 0.12],
    [1.0, -0.04],
  ])
  limb(pen, 0.1, [-0.84, -0.19 + beat * 0.8], [-1.06, -0.26 + beat * 1.6])
  // Two flukes from one root.
  blob(pen, [
    [-0.98, -0.2 + beat * 1.6],
    [-1.14, -0.5 + beat * 2],
    [-1.36, -0.6 + beat * 2.2],
    [-1.2, -0.3 + beat * 2],
  ])
  blob(pen, [
    [-0.98, -0.26 + beat * 1.6],
    [-1.2, -0.26 + beat * 2],
    [-1.44, -0.1 + beat * 2.2],
    [-1.14, -0.14 + beat * 2],
  ])
  blob(pen, [
    [0.34, 0.04],
    [0.12, 0.36 - beat],
    [-0.06, 0.36 - beat],
    [0.1, 0.04],
  ])
  pen.fillStyle = tone.rim
  ellipse(pen, 0.68, -0.14, 0.02, 0.02)
  pen.globalAlpha *= 0.3
  for (const y of [-0.01, 0.035, 0.08]) limb(pen, 0.014, [0.88 - y, y - 0.02], [0.4, y + 0.01])
  pen.globalAlpha /= 0.3
}
