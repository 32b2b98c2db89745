import type { SubjectName } from '../concept-words.ts'
import { fade, mix, type Palette } from '../palettes.ts'
import type { Pen } from './pen.ts'
import * as living from './subjects-living.ts'
import * as things from './subjects-things.ts'

/** The colours of one subject. */
export type Tone = {
  ink: string
  body: string
  rim: string
  accent: string
  glass: string
  lit: string
  sail: string
  leaf: string
  smoke: string
  spark: string
  flame: string
  flameEdge: string
}

export type DrawSubject = (pen: Pen, tone: Tone, cycle: number, action: string) => void

const drawings: Record<SubjectName, DrawSubject> = { ...living, ...things }

/** Cycles per second of each subject's own movement. */
const paces: Partial<Record<SubjectName, number>> = {
  bird: 1.9,
  butterfly: 3,
  dragon: 0.8,
  fish: 1.6,
  whale: 0.35,
  car: 1.4,
  train: 0.5,
  bicycle: 1,
  boat: 0.32,
  plane: 0.4,
  rocket: 0.6,
  balloon: 0.16,
  house: 0.25,
  lighthouse: 0.16,
  windmill: 0.35,
  tree: 0.3,
  flower: 0.35,
  campfire: 1.1,
  cup: 0.3,
  book: 0.3,
  lamp: 0.5,
  cat: 0.4,
  elephant: 0.5,
  astronaut: 0.4,
  ball: 0.9,
}

export function paceOf(name: SubjectName, action: string): number {
  return paces[name] ?? (action === 'run' ? 1.9 : action === 'dance' ? 1.1 : action === 'still' ? 0.4 : 1)
}

/** The tone of silhouettes in a palette. */
export function toneOf(palette: Palette): Tone {
  return {
    ink: palette.ink,
    body: mix(palette.ink, palette.near, 0.42),
    rim: palette.rim,
    accent: palette.accent,
    glass: mix(palette.sky[1], palette.light, 0.35),
    lit:
      palette.isDark || palette.name === 'sunset' || palette.name === 'interior'
        ? '#ffd88c'
        : mix(palette.sky[1], palette.light, 0.5),
    sail: mix(palette.rim, palette.sky[2], 0.25),
    leaf: mix(palette.ink, palette.near, 0.3),
    smoke: mix(palette.sky[2], '#ffffff', 0.3),
    spark: '#fff1c4',
    flame: fade(palette.accent, 0.55),
    flameEdge: fade(palette.accent, 0),
  }
}

/** All one colour: the edge of light that is drawn behind a silhouette. */
function flatTone(colour: string): Tone {
  const none = 'rgba(0,0,0,0)'
  return {
    ...{
      ink: colour,
      body: colour,
      rim: colour,
      accent: colour,
      glass: colour,
      lit: colour,
      sail: colour,
      leaf: colour,
    },
    ...{ smoke: none, spark: colour, flame: none, flameEdge: none },
  }
}

/** Draws a subject with the edge that faces the light lit up. `lightSide` is -1 when the light comes from the left. */
export function drawSubject(
  pen: Pen,
  subject: { name: SubjectName; facing: 1 | -1; action: string },
  place: { x: number; y: number; size: number },
  palette: Palette,
  cycle: number,
  lightSide: number,
): void {
  const draw = drawings[subject.name]
  const edge = Math.max(1.2, place.size * 0.011) / place.size
  const passes: [Tone, number, number][] = [
    [flatTone(palette.rim), lightSide * edge, -edge * 0.7],
    [toneOf(palette), 0, 0],
  ]
  for (const [tone, shiftX, shiftY] of passes) {
    pen.save()
    pen.translate(place.x, place.y)
    pen.scale(place.size, place.size)
    pen.translate(shiftX, shiftY)
    pen.scale(subject.facing, 1)
    draw(pen, tone, cycle, subject.action)
    pen.restore()
    pen.globalAlpha = 1
  }
}
