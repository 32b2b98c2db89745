import type { AnimaticPlan } from './animatic-plan.ts'
import { createRandom } from './random.ts'

export const soundRate = 48_000

/** A gentle bed of sound: three chords, the air of the place, a few plucked notes, soft edges. Stereo, -1 to 1. */
export function composeSound(plan: AnimaticPlan): { left: Float32Array; right: Float32Array } {
  const length = Math.round((plan.frames / plan.frameRate) * soundRate)
  const left = new Float32Array(length)
  const right = new Float32Array(length)
  addPad(plan, left, right)
  addNoise(plan, left, right)
  if (plan.sound.hasPlucks) addPlucks(plan, left, right)
  for (let at = 0; at < length; at += 1) {
    const fadeIn = Math.min(1, at / (0.4 * soundRate))
    const fadeOut = Math.min(1, (length - at) / (0.6 * soundRate))
    const gain = Math.min(fadeIn, fadeOut)
    left[at] = Math.tanh((left[at] ?? 0) * 1.1) * gain * 0.8
    right[at] = Math.tanh((right[at] ?? 0) * 1.1) * gain * 0.8
  }
  return { left, right }
}

const frequencyOf = (note: number) => 440 * 2 ** ((note - 69) / 12)

function chordsOf(plan: AnimaticPlan): number[][] {
  const { root, isMinor } = plan.sound
  return isMinor
    ? [
        [root, root + 7, root + 15],
        [root - 4, root + 8, root + 12],
        [root - 2, root + 10, root + 14],
      ]
    : [
        [root, root + 7, root + 16],
        [root - 3, root + 9, root + 12],
        [root - 7, root + 9, root + 17],
      ]
}

// One sine by rotation of a phasor: no call per sample.
function addTone(
  out: Float32Array,
  frequency: number,
  gain: number,
  phase: number,
  from: number,
  to: number,
  envelope: (share: number) => number,
): void {
  const step = (2 * Math.PI * frequency) / soundRate
  const [stepCos, stepSin] = [Math.cos(step), Math.sin(step)]
  let [x, y] = [Math.cos(phase), Math.sin(phase)]
  const end = Math.min(to, out.length)
  let level = 0
  for (let at = from; at < end; at += 1) {
    if ((at - from) % 64 === 0) level = gain * envelope((at - from) / (to - from))
    out[at] = (out[at] ?? 0) + y * level
    const next = x * stepCos - y * stepSin
    y = x * stepSin + y * stepCos
    x = next
  }
}

function addPad(plan: AnimaticPlan, left: Float32Array, right: Float32Array): void {
  const chords = chordsOf(plan)
  const each = Math.ceil(left.length / chords.length)
  const overlap = Math.round(soundRate * 0.5)
  const swell = (share: number) => Math.sin(Math.PI * Math.min(1, Math.max(0, share))) ** 0.6
  chords.forEach((chord, index) => {
    const from = Math.max(0, index * each - overlap)
    const to = (index + 1) * each + overlap
    chord.forEach((note, voice) => {
      const frequency = frequencyOf(note)
      addTone(left, frequency * 0.9985, 0.085, voice, from, to, swell)
      addTone(right, frequency * 1.0015, 0.085, voice + 1, from, to, swell)
      addTone(left, frequency * 2.001, 0.018, voice + 2, from, to, swell)
      addTone(right, frequency * 1.999, 0.018, voice + 3, from, to, swell)
    })
  })
}

function addNoise(plan: AnimaticPlan, left: Float32Array, right: Float32Array): void {
  const { noise } = plan.sound
  if (noise === 'none') return
  const shape = {
    wind: { low: 0.02, gain: 0.35, period: 3.4 },
    sea: { low: 0.045, gain: 0.3, period: 4.2 },
    rain: { low: 0.35, gain: 0.05, period: 7 },
    hum: { low: 0.008, gain: 0.5, period: 6 },
  }[noise]
  const random = createRandom(plan.seed ^ 0xa0d10)
  let [one, two] = [0, 0]
  for (let at = 0; at < left.length; at += 1) {
    one += shape.low * (random.next() * 2 - 1 - one)
    two += shape.low * (random.next() * 2 - 1 - two)
    const seconds = at / soundRate
    const swell = 0.55 + 0.45 * Math.sin((seconds / shape.period) * Math.PI * 2)
    left[at] = (left[at] ?? 0) + one * shape.gain * swell
    right[at] = (right[at] ?? 0) + two * shape.gain * swell
  }
}

function addPlucks(plan: AnimaticPlan, left: Float32Array, right: Float32Array): void {
  const random = createRandom(plan.seed ^ 0x91c4)
  const scale = plan.sound.isMinor ? ([0, 3, 7, 10, 12] as const) : ([0, 4, 7, 9, 12] as const)
  const fall = (share: number) => Math.exp(-share * 6)
  for (
    let seconds = random.between(0.5, 0.9);
    seconds < left.length / soundRate - 0.8;
    seconds += random.pick([0.5, 0.75, 1, 1.5])
  ) {
    const frequency = frequencyOf(plan.sound.root + 24 + random.pick(scale))
    const from = Math.round(seconds * soundRate)
    const to = from + Math.round(1.4 * soundRate)
    const side = random.next()
    addTone(left, frequency, 0.06 * (1 - side * 0.6), 0, from, to, fall)
    addTone(right, frequency, 0.06 * (0.4 + side * 0.6), 0, from, to, fall)
    addTone(left, frequency * 2, 0.012, 0, from, to, fall)
  }
}
