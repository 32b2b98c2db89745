import type { ActionName, CameraName, PlaceName, SubjectName, WeatherName } from './concept-words.ts'
import { type Palette, type PaletteName, paletteOf } from './palettes.ts'
import { type PromptReading, readPrompt } from './prompt-reading.ts'
import { createRandom, hashText, type Random } from './random.ts'

export type AnimaticRequest = {
  prompt: string
  seed: number
  width: number
  height: number
  durationMs: number
  frameRate: number
  hasReference: boolean
}

/** Where a subject lives: it decides where in the picture it is put. */
export type Layer = 'ground' | 'air' | 'water'

export type PlannedSubject = {
  name: SubjectName
  layer: Layer
  /** Share of the picture's width, and of its height for the foot (ground, water) or middle (air). */
  x: number
  y: number
  /** Share of the picture's height. */
  size: number
  facing: 1 | -1
  /** Start of its motion cycle, 0 to 1. */
  phase: number
  action: ActionName | 'still'
}

export type Shot = {
  startFrame: number
  frames: number
  framing: 'wide' | 'medium' | 'close'
  place: PlaceName
  palette: Palette
  weather: WeatherName | 'clear'
  camera: CameraName
  /** Where the sun or moon stands, in shares of the picture. */
  lightX: number
  lightY: number
  subjects: PlannedSubject[]
  /** Nothing in the prompt was understood: abstract set pieces stand in. */
  hasSetPieces: boolean
  seed: number
  /** The same in every shot: what must not change between cuts. */
  sceneSeed: number
}

/** Everything that the renderer needs, as plain JSON. The caption is the prompt itself: keep the plan out of files and logs. */
export type AnimaticPlan = {
  version: 1
  seed: number
  width: number
  height: number
  frameRate: number
  frames: number
  caption: string
  shots: Shot[]
  hasReference: boolean
  sound: {
    root: number
    isMinor: boolean
    noise: 'wind' | 'sea' | 'rain' | 'hum' | 'none'
    hasPlucks: boolean
  }
}

/** The storyboard of a prompt. Pure: the same request gives the same plan, to the last number. */
export function planAnimatic(request: AnimaticRequest): AnimaticPlan {
  const reading = withoutDoubles(readPrompt(request.prompt))
  const seed = (hashText(request.prompt) ^ Math.imul(request.seed >>> 0, 0x9e3779b1)) >>> 0
  const random = createRandom(seed)
  const frames = Math.max(1, Math.round((request.durationMs / 1000) * request.frameRate))
  const place = choosePlace(reading, random)
  const palette = paletteOf(choosePalette(reading, place, random), random.between(-7, 7))
  const weather = chooseWeather(reading, place, palette)
  // One scene seen three times: the light and the direction of travel stay.
  const lightX = random.between(0.26, 0.74)
  const lightY = palette.isDark ? random.between(0.16, 0.28) : random.between(0.34, 0.5)
  const facing = random.isTrue(0.6) ? 1 : -1
  const shots: Shot[] = []
  const lengths = shotLengths(frames, request)
  let startFrame = 0
  lengths.forEach((length, index) => {
    const framing = lengths.length === 1 ? 'medium' : index === 0 ? 'wide' : index === 1 ? 'medium' : 'close'
    shots.push({
      startFrame,
      frames: length,
      framing,
      place,
      palette,
      weather,
      camera: chooseCamera(reading, index, random),
      lightX: lightX + random.between(-0.07, 0.07),
      lightY: lightY + random.between(-0.02, 0.02),
      subjects: placeSubjects(reading, place, framing, request, facing, random),
      hasSetPieces: reading.subjects.length === 0 && place === 'stage' && !reading.isEmpty,
      seed: random.integer(0, 0xffffffff),
      sceneSeed: seed,
    })
    startFrame += length
  })
  return {
    version: 1,
    seed,
    width: request.width,
    height: request.height,
    frameRate: request.frameRate,
    frames,
    caption: captionOf(request.prompt),
    shots,
    hasReference: request.hasReference,
    sound: chooseSound(place, palette.name, weather, random),
  }
}

/** Blossom that falls is weather, not a bunch of flowers beside the dancer. */
function withoutDoubles(reading: PromptReading): PromptReading {
  if (!reading.weathers.includes('petals') || reading.subjects.length < 2) return reading
  return { ...reading, subjects: reading.subjects.filter((subject) => subject.name !== 'flower') }
}

/** The prompt as one line of at most 160 characters. */
function captionOf(prompt: string): string {
  const line = [...prompt.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim()]
  return line.length > 160 ? `${line.slice(0, 159).join('').trimEnd()}…` : line.join('')
}

function shotLengths(frames: number, request: AnimaticRequest): number[] {
  const seconds = request.durationMs / 1000
  // A reference is one picture: cutting away from it would show what nobody asked for.
  const count = request.hasReference || seconds < 3.5 ? 1 : seconds < 7.5 ? 2 : 3
  const shares = count === 1 ? [1] : count === 2 ? [0.54, 0.46] : [0.4, 0.32, 0.28]
  const lengths = shares.map((share) => Math.round(frames * share))
  lengths[lengths.length - 1] = frames - lengths.slice(0, -1).reduce((sum, length) => sum + length, 0)
  return lengths
}

const homes: Partial<Record<SubjectName, readonly [PlaceName, ...PlaceName[]]>> = {
  astronaut: ['space'],
  rocket: ['space'],
  robot: ['city', 'hills'],
  dog: ['hills', 'beach'],
  cat: ['room', 'hills'],
  horse: ['hills'],
  elephant: ['hills', 'desert'],
  bear: ['forest', 'snow'],
  rabbit: ['hills'],
  bird: ['sky', 'hills'],
  butterfly: ['hills'],
  dragon: ['mountains', 'sky'],
  fish: ['underwater'],
  whale: ['sea'],
  car: ['hills', 'city'],
  train: ['hills', 'mountains'],
  bicycle: ['city', 'hills'],
  boat: ['sea'],
  plane: ['sky'],
  balloon: ['sky', 'hills'],
  house: ['hills'],
  castle: ['mountains', 'hills'],
  lighthouse: ['sea'],
  windmill: ['hills'],
  tree: ['hills'],
  flower: ['hills'],
  campfire: ['forest', 'mountains'],
  cup: ['room'],
  book: ['room'],
  lamp: ['room'],
  bottle: ['room'],
  ball: ['hills'],
}

function choosePlace(reading: PromptReading, random: Random): PlaceName {
  const has = (name: PlaceName) => reading.places.includes(name)
  // A few pairs mean one place.
  if (has('beach')) return 'beach'
  if (has('underwater')) return 'underwater'
  if (has('space')) return 'space'
  if (has('mountains') && (has('sea') || has('snow'))) return 'mountains'
  const named = reading.places.find((place) => place !== 'sky') ?? reading.places[0]
  if (named) return named
  const first = reading.subjects.find((subject) => homes[subject.name])
  const home = first && homes[first.name]
  if (home) return random.pick(home)
  if (reading.weathers.includes('rain') || reading.moods.includes('neon')) return 'city'
  if (reading.weathers.includes('snowfall')) return 'snow'
  if (reading.weathers.includes('petals') || reading.moods.includes('autumn')) return 'forest'
  if (reading.subjects.length > 0 || reading.moods.length > 0) return 'hills'
  return 'stage'
}

function choosePalette(reading: PromptReading, place: PlaceName, random: Random): PaletteName {
  if (place === 'space') return 'cosmos'
  if (place === 'underwater') return 'deep'
  if (place === 'stage') return 'stage'
  const mood = reading.moods[0]
  if (place === 'room') return mood === 'night' || mood === 'neon' || mood === 'noir' ? mood : 'interior'
  if (mood === 'day' && place === 'desert') return 'dune'
  if (mood) return mood
  if (reading.weathers.includes('rain')) return place === 'city' ? 'neon' : 'storm'
  if (reading.weathers.includes('fireflies')) return 'night'
  if (reading.weathers.includes('petals')) return 'dawn'
  const usual: Record<PlaceName, readonly [PaletteName, ...PaletteName[]]> = {
    sea: ['sunset', 'dawn', 'day'],
    beach: ['day', 'sunset'],
    mountains: ['dawn', 'sunset', 'day'],
    forest: ['grove'],
    desert: ['dune'],
    city: ['sunset', 'night', 'dawn'],
    space: ['cosmos'],
    hills: ['day', 'dawn', 'sunset'],
    snow: ['winter'],
    underwater: ['deep'],
    room: ['interior'],
    sky: ['day', 'sunset', 'dawn'],
    stage: ['stage'],
  }
  return random.pick(usual[place])
}

function chooseWeather(reading: PromptReading, place: PlaceName, palette: Palette): Shot['weather'] {
  if (place === 'space' || place === 'underwater' || place === 'room') return 'clear'
  const named = reading.weathers[0]
  if (named) return named
  if (place === 'stage') return 'dust'
  if (palette.name === 'storm') return 'rain'
  if (palette.name === 'autumn') return 'petals'
  if (place === 'snow') return 'snowfall'
  if (place === 'desert') return 'dust'
  if (place === 'forest') return palette.isDark ? 'fireflies' : 'dust'
  return 'clear'
}

function chooseCamera(reading: PromptReading, index: number, random: Random): CameraName {
  const named = reading.cameras[index % Math.max(1, reading.cameras.length)]
  if (named && index === 0) return named
  if (index === 0) return random.pick(['in', 'right', 'left', 'up'])
  if (index === 1) return random.pick(['left', 'right', 'in'])
  return random.pick(['out', 'in'])
}

const airborne: readonly SubjectName[] = ['bird', 'butterfly', 'dragon', 'plane', 'rocket', 'balloon']
const afloat: readonly SubjectName[] = ['boat', 'whale']

/** How tall each subject is in a wide shot, as a share of the picture. Sizes are for the eye, not for scale. */
const sizes: Record<SubjectName, number> = {
  person: 0.3,
  astronaut: 0.34,
  robot: 0.36,
  dog: 0.2,
  cat: 0.2,
  horse: 0.34,
  elephant: 0.36,
  bear: 0.27,
  rabbit: 0.17,
  bird: 0.13,
  butterfly: 0.12,
  dragon: 0.34,
  fish: 0.14,
  whale: 0.26,
  car: 0.17,
  train: 0.2,
  bicycle: 0.24,
  boat: 0.34,
  plane: 0.17,
  rocket: 0.4,
  balloon: 0.4,
  house: 0.3,
  castle: 0.46,
  lighthouse: 0.5,
  windmill: 0.46,
  tree: 0.46,
  flower: 0.26,
  campfire: 0.18,
  cup: 0.24,
  book: 0.17,
  lamp: 0.36,
  bottle: 0.34,
  ball: 0.12,
}

/** The middle of something that flies. A tall balloon keeps its crown inside the picture. */
function airHeight(name: SubjectName, size: number, random: Random): number {
  const height = random.between(0.3, 0.42)
  return name === 'balloon' ? Math.max(height, size * 0.8 + 0.05) : height
}

/** Width of a subject in heights of itself, where it is far from slim. */
const proportions: Partial<Record<SubjectName, number>> = {
  dog: 1.5,
  horse: 1.3,
  elephant: 1.4,
  bear: 1.5,
  bird: 1.5,
  dragon: 1.9,
  fish: 1.6,
  whale: 2.5,
  car: 2.6,
  train: 5,
  bicycle: 1.1,
  boat: 1.2,
  plane: 2.7,
  house: 1.3,
  castle: 1.3,
  book: 1.6,
}

function layerOf(name: SubjectName, place: PlaceName, action: ActionName | undefined): Layer {
  if (place === 'underwater')
    return name === 'fish' || name === 'whale' || name === 'person' ? 'air' : 'ground'
  if (name === 'fish' && place !== 'room') return 'air'
  if (place === 'space') return name === 'rocket' || name === 'plane' || name === 'whale' ? 'air' : 'ground'
  if (airborne.includes(name)) return 'air'
  if (afloat.includes(name) || name === 'fish')
    return place === 'sea' || place === 'beach' ? 'water' : 'ground'
  if (place === 'sky') return action === 'fly' || name === 'person' ? 'ground' : 'ground'
  return 'ground'
}

function placeSubjects(
  reading: PromptReading,
  place: PlaceName,
  framing: Shot['framing'],
  request: AnimaticRequest,
  facing: 1 | -1,
  random: Random,
): PlannedSubject[] {
  const portrait = request.height > request.width
  const zoom = (framing === 'wide' ? 1 : framing === 'medium' ? 1.34 : 1.75) * (portrait ? 0.72 : 1)
  const chosen = reading.subjects.slice(0, framing === 'close' ? 1 : 3)
  const placed: PlannedSubject[] = []
  chosen.forEach((subject, order) => {
    const action = reading.actions[0]
    const layer = layerOf(subject.name, place, action)
    const count = framing === 'close' ? 1 : subject.count
    const lead = order === 0
    // The first is set on a third, the others answer it from the opposite side.
    const anchor = lead ? (chosen.length === 1 && framing !== 'wide' ? 0.5 : 0.36) : order === 1 ? 0.7 : 0.16
    const mirrored = facing === 1 ? anchor : 1 - anchor
    for (let copy = 0; copy < count; copy += 1) {
      const size = Math.min(0.72, sizes[subject.name] * zoom * (copy === 0 ? 1 : 0.82) * (lead ? 1 : 0.9))
      const wide = size * (proportions[subject.name] ?? 0.62) * (request.height / request.width)
      const spread = (copy - (count - 1) / 2) * Math.min(0.3, wide * 1.04)
      placed.push({
        name: subject.name,
        layer,
        x: mirrored + spread + random.between(-0.02, 0.02),
        y:
          layer === 'air'
            ? airHeight(subject.name, size, random) + copy * 0.06
            : random.between(0, 0.03) + copy * 0.012,
        size,
        facing,
        phase: random.next(),
        action: action ?? (['car', 'train', 'bicycle'].includes(subject.name) ? 'run' : 'still'),
      })
    }
  })
  return placed
}

function chooseSound(
  place: PlaceName,
  palette: PaletteName,
  weather: Shot['weather'],
  random: Random,
): AnimaticPlan['sound'] {
  const isMinor = ['night', 'storm', 'neon', 'cosmos', 'noir', 'deep'].includes(palette)
  const noise =
    weather === 'rain'
      ? 'rain'
      : place === 'sea' || place === 'beach'
        ? 'sea'
        : place === 'space' || place === 'underwater' || place === 'city'
          ? 'hum'
          : place === 'room' || place === 'stage'
            ? 'none'
            : 'wind'
  return { root: random.pick([48, 50, 52, 53, 55]), isMinor, noise, hasPlucks: random.isTrue(0.7) }
}
