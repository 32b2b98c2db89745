/** The colours of one shot, all `#rrggbb`. */
export type Palette = {
  name: PaletteName
  /** Top, middle and horizon of the sky (or water, or wall). */
  sky: [string, string, string]
  light: string
  /** Ridge lines fade from far to near. */
  far: string
  near: string
  ground: string
  /** Silhouettes. */
  ink: string
  /** The lit edge of silhouettes. */
  rim: string
  accent: string
  water: string
  /** 0 to 1. */
  stars: number
  isDark: boolean
}

export type PaletteName =
  | 'sunset'
  | 'dawn'
  | 'day'
  | 'night'
  | 'storm'
  | 'neon'
  | 'autumn'
  | 'noir'
  | 'winter'
  | 'dune'
  | 'grove'
  | 'cosmos'
  | 'deep'
  | 'interior'
  | 'stage'

type Row = Omit<Palette, 'name' | 'isDark'>

/** Where windows are lit and the light in the sky is a moon. */
const darkNames: readonly PaletteName[] = ['night', 'neon', 'cosmos']

const rows: Record<PaletteName, Row> = {
  sunset: row(
    ['#33284f', '#c65a4e', '#ffc07a'],
    '#ffe7b8',
    '#b0606a',
    '#3a2138',
    '#2a1729',
    '#190d1b',
    '#ffc98a',
    '#ffb454',
    '#a85a58',
    0.12,
  ),
  dawn: row(
    ['#5a7fa3', '#e3b7a6', '#ffe9cc'],
    '#fff4dc',
    '#a3b0c2',
    '#3c5468',
    '#2b4053',
    '#1a2836',
    '#ffe6c0',
    '#f2a65a',
    '#9db4c0',
    0,
  ),
  day: row(
    ['#4a97cf', '#a6d3ea', '#f5edd6'],
    '#fffbe6',
    '#92b9c4',
    '#3f7a5c',
    '#35684c',
    '#163329',
    '#fdf3cf',
    '#e4572e',
    '#4f93b0',
    0,
  ),
  night: row(
    ['#070c1f', '#14264a', '#3c5a74'],
    '#e8f0ff',
    '#24405e',
    '#0c1830',
    '#0a1426',
    '#050a14',
    '#9dc3e6',
    '#ffcf73',
    '#152c4a',
    1,
  ),
  storm: row(
    ['#1d252e', '#46535f', '#9aa5a8'],
    '#dfe8ea',
    '#5f6d76',
    '#232d35',
    '#1c242b',
    '#0e1418',
    '#c9d6da',
    '#e8b54a',
    '#37454f',
    0,
  ),
  neon: row(
    ['#0b0a1c', '#38154f', '#d0407a'],
    '#ffd0e6',
    '#5a2a72',
    '#150f2b',
    '#0f0b20',
    '#070612',
    '#4fe3d4',
    '#ff5fa2',
    '#2a1545',
    0.25,
  ),
  autumn: row(
    ['#6f8fa0', '#e3c08f', '#f9e8bd'],
    '#fff3cf',
    '#cc8850',
    '#6e3420',
    '#54281a',
    '#27130d',
    '#ffd9a0',
    '#d9541e',
    '#a58a6a',
    0,
  ),
  noir: row(
    ['#141414', '#4a4a4a', '#c9c9c6'],
    '#f4f4f0',
    '#7a7a78',
    '#262626',
    '#1c1c1c',
    '#0b0b0b',
    '#efefea',
    '#f2f2ee',
    '#4b4b4b',
    0.2,
  ),
  winter: row(
    ['#7d9bb8', '#c3d6e4', '#f6f4ee'],
    '#fffdf4',
    '#a9bfd2',
    '#58748f',
    '#e9f0f4',
    '#1c2b3b',
    '#ffffff',
    '#c8452f',
    '#8fb0c6',
    0,
  ),
  dune: row(
    ['#d8925a', '#f3c58a', '#fff0d2'],
    '#fffaea',
    '#e0a468',
    '#7d3d22',
    '#8f4a2a',
    '#341609',
    '#ffe3b0',
    '#2f8f9d',
    '#b98a5a',
    0,
  ),
  grove: row(
    ['#16332e', '#4f8270', '#dbe9bd'],
    '#f8ffe0',
    '#7fac92',
    '#153a30',
    '#102c25',
    '#081813',
    '#dff0b0',
    '#f0c14b',
    '#3f7568',
    0,
  ),
  cosmos: row(
    ['#03040b', '#0c1230', '#2a2148'],
    '#fff1d6',
    '#3b3560',
    '#141228',
    '#191630',
    '#05050e',
    '#ffd9a0',
    '#ff9d5c',
    '#20305a',
    1,
  ),
  deep: row(
    ['#8ee0d2', '#1d8a9e', '#062c3d'],
    '#e6fff6',
    '#1f7f8f',
    '#073543',
    '#06303c',
    '#031a22',
    '#b4fff0',
    '#ff9e6d',
    '#0b6474',
    0,
  ),
  interior: row(
    ['#3a2f2a', '#5c493d', '#7c6350'],
    '#ffe3b0',
    '#6d5646',
    '#3c2d24',
    '#33251d',
    '#1b120d',
    '#ffd49a',
    '#ffb454',
    '#4d7384',
    0,
  ),
  stage: row(
    ['#15171b', '#1f2228', '#2c2f36'],
    '#ffdfae',
    '#3a3d45',
    '#22252b',
    '#1a1c21',
    '#101216',
    '#f3c889',
    '#e9a94f',
    '#2f3138',
    0,
  ),
}

function row(
  sky: [string, string, string],
  light: string,
  far: string,
  near: string,
  ground: string,
  ink: string,
  rim: string,
  accent: string,
  water: string,
  stars: number,
): Row {
  return { sky, light, far, near, ground, ink, rim, accent, water, stars }
}

/** A palette by name, turned a little in hue so that two seeds differ. */
export function paletteOf(name: PaletteName, hueDegrees: number): Palette {
  const base = rows[name]
  const turned = (colour: string) => turnHue(colour, hueDegrees)
  return {
    ...base,
    name,
    isDark: darkNames.includes(name),
    sky: [turned(base.sky[0]), turned(base.sky[1]), turned(base.sky[2])],
    far: turned(base.far),
    near: turned(base.near),
    ground: turned(base.ground),
    water: turned(base.water),
  }
}

/** A colour between two, `amount` of the second. */
export function mix(first: string, second: string, amount: number): string {
  const [a, b] = [channels(first), channels(second)]
  return hex(a.map((value, index) => value + ((b[index] ?? 0) - value) * amount))
}

/** A colour as `rgba()`. */
export function fade(colour: string, alpha: number): string {
  const [red, green, blue] = channels(colour)
  return `rgba(${red},${green},${blue},${alpha})`
}

function channels(colour: string): [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}

function hex(values: number[]): string {
  return `#${values
    .map((value) =>
      Math.max(0, Math.min(255, Math.round(value)))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`
}

// A rotation around the grey axis: cheap, and good enough for a few degrees.
function turnHue(colour: string, degrees: number): string {
  const [red, green, blue] = channels(colour)
  const angle = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const keep = cos + (1 - cos) / 3
  const forth = (1 - cos) / 3 - (sin * Math.sqrt(3)) / 3
  const back = (1 - cos) / 3 + (sin * Math.sqrt(3)) / 3
  return hex([
    red * keep + green * forth + blue * back,
    red * back + green * keep + blue * forth,
    red * forth + green * back + blue * keep,
  ])
}
