// Filter graphs as text, from numbers and our own words only: no string of a user's ever gets into one. The node-av
// and the command line back end run the same text.

/** The shown size of a picture and how the coded one must be turned to get it. */
export type Picture = { width: number; height: number; rotation: 0 | 90 | 180 | 270 }

/** The largest even size inside a box that keeps the proportions; never larger than the picture. */
export function fitEven(picture: { width: number; height: number }, widthMax: number, heightMax: number) {
  const scale = Math.min(1, widthMax / picture.width, heightMax / picture.height)
  const even = (length: number) => Math.max(2, Math.round((length * scale) / 2) * 2)
  return { width: even(picture.width), height: even(picture.height) }
}

/** One picture as raw RGB. */
export function posterGraph(
  picture: Picture,
  widthMax: number,
): { graph: string; width: number; height: number } {
  const size = fitEven(picture, widthMax, 8192)
  return {
    graph: `${turn(picture)}scale=${size.width}:${size.height}:flags=bicubic,setsar=1,format=rgb24`,
    ...size,
  }
}

/** The small moving picture of a tile: 12 frames per second inside 320 by 320. */
export function previewGraph(picture: Picture): { graph: string; width: number; height: number } {
  const size = fitEven(picture, 320, 320)
  return {
    graph: `${turn(picture)}fps=12,scale=${size.width}:${size.height}:flags=area,setsar=1,format=yuv420p`,
    ...size,
  }
}

/**
 * The picture that every browser plays. The graph ends its timing in `fps`: without it x264 takes the time base for
 * the frame rate and writes an absurd level.
 */
export function webGraph(
  picture: Picture,
  frameRate: number,
): { graph: string; width: number; height: number } {
  const size = fitEven(picture, 3840, 3840)
  const rate = webFrameRate(frameRate)
  return {
    graph: `${turn(picture)}scale=${size.width}:${size.height}:flags=bicubic,setsar=1,fps=${rate},format=yuv420p`,
    ...size,
  }
}

/** Sound for the web: 48 kHz stereo in the frame size that the AAC encoder wants. */
export const webSoundGraph =
  'aresample=48000,aformat=sample_fmts=fltp:sample_rates=48000:channel_layouts=stereo,asetnsamples=n=1024:p=0'

/** The nearest usual rate as the fraction that FFmpeg understands, at most 60; 30 when there is no telling. */
export function webFrameRate(frameRate: number): string {
  const usual: [number, string][] = [
    [23.976, '24000/1001'],
    [24, '24'],
    [25, '25'],
    [29.97, '30000/1001'],
    [30, '30'],
    [48, '48'],
    [50, '50'],
    [59.94, '60000/1001'],
    [60, '60'],
  ]
  for (const [rate, name] of usual) if (Math.abs(rate - frameRate) < 0.02) return name
  // A damaged file may state anything; thirty is what most would have been.
  if (!Number.isFinite(frameRate)) return '30'
  return String(Math.min(60, Math.max(1, Math.round(frameRate))))
}

function turn(picture: Picture): string {
  if (picture.rotation === 90) return 'transpose=clock,'
  if (picture.rotation === 180) return 'hflip,vflip,'
  if (picture.rotation === 270) return 'transpose=cclock,'
  return ''
}
