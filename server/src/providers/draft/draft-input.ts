import { randomInt } from 'node:crypto'
import type {
  Experimental_VideoModelV4CallOptions as CallOptions,
  Experimental_VideoModelV4File as ModelFile,
  SharedV4Warning,
} from '@ai-sdk/provider'

/** A parameter that `draft` cannot honour. `field` is its name in the call options. */
export class DraftInputError extends Error {
  readonly field: string

  constructor(field: string, detail: string) {
    super(`${field}: ${detail}`)
    this.name = 'DraftInputError'
    this.field = field
  }
}

export type DraftInput = {
  prompt: string
  seed: number
  width: number
  height: number
  durationMs: number
  frameRate: number
  hasSound: boolean
  /** The bytes of the picture to start from. */
  reference: Buffer | undefined
  warnings: SharedV4Warning[]
}

const frameRate = 24
const promptCharactersMax = 20_000
const referenceBytesMax = 32 * 1024 * 1024

/** Width by height for each shape and short side. */
const sizes: Record<string, Record<number, [number, number]>> = {
  '16:9': { 480: [854, 480], 720: [1280, 720], 1080: [1920, 1080] },
  '9:16': { 480: [480, 854], 720: [720, 1280], 1080: [1080, 1920] },
  '1:1': { 480: [480, 480], 720: [720, 720], 1080: [1080, 1080] },
}

/** Checks the call options. Throws `DraftInputError` naming the field that is wrong. */
export function readDraftInput(options: CallOptions): DraftInput {
  const warnings: SharedV4Warning[] = []
  if (options.n !== undefined && options.n !== 1) throw new DraftInputError('n', 'one video per call')
  const prompt = options.prompt ?? ''
  if (prompt.length > promptCharactersMax)
    throw new DraftInputError('prompt', `at most ${promptCharactersMax} characters`)
  if (options.fps !== undefined && options.fps !== frameRate)
    throw new DraftInputError('fps', `only ${frameRate}`)
  const duration = options.duration ?? 4
  if (!Number.isFinite(duration) || duration < 2 || duration > 12)
    throw new DraftInputError('duration', 'from 2 to 12 seconds')
  const seed = options.seed ?? randomInt(0, 2 ** 32)
  if (!Number.isSafeInteger(seed) || seed < 0) throw new DraftInputError('seed', 'a whole number from 0')
  const { width, height } = readSize(options, warnings)
  return {
    prompt,
    seed,
    width,
    height,
    durationMs: Math.round(duration * 1000),
    frameRate,
    hasSound: options.generateAudio !== false,
    reference: readReference(options, warnings),
    warnings,
  }
}

function readSize(options: CallOptions, warnings: SharedV4Warning[]): { width: number; height: number } {
  let shape: string | undefined = options.aspectRatio
  if (shape === 'adaptive') {
    warnings.push({ type: 'unsupported', feature: 'aspectRatio', details: 'adaptive is read as 16:9' })
    shape = undefined
  }
  if (shape !== undefined && !sizes[shape]) throw new DraftInputError('aspectRatio', 'one of 16:9, 9:16, 1:1')
  let short = 720
  if (options.resolution !== undefined) {
    const parts = /^(\d{2,5})x(\d{2,5})$/.exec(options.resolution)
    const [wide, high] = [Number(parts?.[1]), Number(parts?.[2])]
    if (!parts) throw new DraftInputError('resolution', 'must look like 1280x720')
    short = Math.min(wide, high)
    const ratio = wide / high
    const named = Object.keys(sizes).find((name) => {
      const [first, second] = name.split(':').map(Number)
      return Math.abs(ratio / ((first ?? 1) / (second ?? 1)) - 1) < 0.02
    })
    if (!named) throw new DraftInputError('resolution', 'the shape must be 16:9, 9:16 or 1:1')
    if (shape !== undefined && shape !== named)
      throw new DraftInputError('resolution', `does not have the shape ${shape}`)
    shape = named
  }
  const size = sizes[shape ?? '16:9']?.[short]
  if (!size) throw new DraftInputError('resolution', 'the short side must be 480, 720 or 1080')
  return { width: size[0], height: size[1] }
}

function readReference(options: CallOptions, warnings: SharedV4Warning[]): Buffer | undefined {
  const first = options.frameImages?.find((frame) => frame.frameType === 'first_frame')?.image
  const last = options.frameImages?.some((frame) => frame.frameType === 'last_frame')
  if (last)
    warnings.push({ type: 'unsupported', feature: 'frameImages', details: 'the last frame is not used' })
  const [field, file] = options.image
    ? (['image', options.image] as const)
    : first
      ? (['frameImages', first] as const)
      : (['inputReferences', options.inputReferences?.find(isPicture)] as const)
  const references = options.inputReferences?.length ?? 0
  if (references > (field === 'inputReferences' && file ? 1 : 0)) {
    warnings.push({ type: 'unsupported', feature: 'inputReferences', details: 'only one picture is used' })
  }
  if (!file) return undefined
  if (file.type === 'url') throw new DraftInputError(field, 'must be given as data, not as a URL')
  const bytes = typeof file.data === 'string' ? Buffer.from(file.data, 'base64') : Buffer.from(file.data)
  if (bytes.length > referenceBytesMax) throw new DraftInputError(field, 'the picture has too many bytes')
  // The picture library would also read SVG, which is a program more than a picture.
  if (!isPlainPicture(bytes)) throw new DraftInputError(field, 'must be a PNG, JPEG or WebP picture')
  return bytes
}

function isPicture(file: ModelFile): boolean {
  return (file.mediaType ?? '').startsWith('image/')
}

function isPlainPicture(bytes: Buffer): boolean {
  const head = bytes.toString('latin1', 0, 12)
  return (
    head.startsWith('\x89PNG\r\n\x1a\n') || head.startsWith('\xff\xd8\xff') || /^RIFF[\s\S]{4}WEBP/.test(head)
  )
}
