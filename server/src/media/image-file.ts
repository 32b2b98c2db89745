// Runs in the media child: image decoders have a history.
import sharp from 'sharp'
import { MediaError } from './media-error.ts'
import type { MediaProbe, ProbeLimits, WrittenFile } from './media-job.ts'

sharp.cache(false)
sharp.concurrency(1)
// Loaders that we never need and that read more than pixels (scripts, other files, whole interpreters).
sharp.block({
  operation: [
    'VipsForeignLoadSvg',
    'VipsForeignLoadPdf',
    'VipsForeignLoadMagick',
    'VipsForeignLoadTiff',
    'VipsForeignLoadOpenslide',
    'VipsForeignLoadMat',
    'VipsForeignLoadFits',
    'VipsForeignLoadCsv',
    'VipsForeignLoadMatrix',
    'VipsForeignLoadAnalyze',
    'VipsForeignLoadVips',
  ],
})

function openImage(path: string, limits: ProbeLimits) {
  return sharp(path, { limitInputPixels: limits.imagePixelsMax, failOn: 'error' }).timeout({ seconds: 25 })
}

/** The facts of an image, with the limits applied. Reads the head, not the pixels. */
export async function probeImage(
  path: string,
  container: MediaProbe['container'],
  mimeType: string,
  bytes: number,
  limits: ProbeLimits,
): Promise<MediaProbe> {
  // The limit is ours to apply here: libvips would report a broken file instead.
  const metadata = await sharp(path, { limitInputPixels: false, failOn: 'error' })
    .metadata()
    .catch((error: unknown) => {
      throw new MediaError('media_broken', 'the image cannot be read', { cause: error })
    })
  const { width, height } = metadata.autoOrient
  if (!(width > 0 && height > 0)) throw new MediaError('media_broken', 'the image has no size')
  if (width * height > limits.imagePixelsMax)
    throw new MediaError('media_too_large', 'the image has too many pixels')
  return {
    kind: 'image',
    mimeType,
    container,
    bytes,
    width,
    height,
    durationMs: null,
    frameRate: null,
    videoCodec: null,
    audioCodec: null,
    bitrate: null,
    isFaststart: true,
    isWebSafe: container === 'png' || container === 'jpeg' || container === 'webp',
    rotation: 0,
  }
}

/**
 * Writes the image anew: upright, without metadata, at most `sidePixelsMax` on a side, as JPEG when it was one, as
 * WebP when it was one, else as PNG. Moving images give their first frame.
 */
export async function normaliseImage(
  path: string,
  output: string,
  container: MediaProbe['container'],
  limits: ProbeLimits,
): Promise<WrittenFile> {
  const upright = openImage(path, limits)
    .autoOrient()
    .resize(limits.sidePixelsMax, limits.sidePixelsMax, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
  const encoded =
    container === 'jpeg'
      ? upright.jpeg({ quality: 92 })
      : container === 'webp'
        ? upright.webp({ quality: 92 })
        : upright.png({ compressionLevel: 6 })
  const mimeType = container === 'jpeg' || container === 'webp' ? `image/${container}` : 'image/png'
  const info = await encoded.toFile(output).catch((error: unknown) => {
    throw new MediaError('media_broken', 'the image cannot be decoded', { cause: error })
  })
  return { mimeType, bytes: info.size, width: info.width, height: info.height }
}

/** Writes a poster from an image file or from raw RGB pixels. */
export async function writePoster(
  source: { path: string } | { pixels: Buffer; width: number; height: number },
  output: string,
  format: 'jpeg' | 'webp',
  widthMax: number,
  limits: ProbeLimits,
): Promise<WrittenFile> {
  const picture =
    'path' in source
      ? openImage(source.path, limits).autoOrient()
      : sharp(source.pixels, { raw: { width: source.width, height: source.height, channels: 3 } })
  const resized = picture
    .resize({ width: widthMax, withoutEnlargement: true })
    .flatten({ background: '#16181c' })
  const encoded = format === 'jpeg' ? resized.jpeg({ quality: 82 }) : resized.webp({ quality: 80 })
  const info = await encoded.toFile(output).catch((error: unknown) => {
    throw new MediaError('media_broken', 'the image cannot be decoded', { cause: error })
  })
  return { mimeType: `image/${format}`, bytes: info.size, width: info.width, height: info.height }
}
