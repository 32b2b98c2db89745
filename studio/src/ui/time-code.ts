/** Frames are counted with this rate when a file does not tell its own. */
export const frameRateDefault = 24

/** Index of the frame shown at `seconds`. The small step outweighs what floating point loses at frame borders. */
export function frameAt(seconds: number, frameRate: number): number {
  return Math.max(0, Math.floor(seconds * frameRate + 1e-3))
}

/** The middle of a frame: seeking there shows this frame in every browser, whichever way it rounds. */
export function middleOfFrame(frame: number, frameRate: number): number {
  return (frame + 0.5) / frameRate
}

/** Number of the last frame of a medium of `durationSeconds`. */
export function lastFrame(durationSeconds: number, frameRate: number): number {
  return Math.max(0, Math.round(durationSeconds * frameRate) - 1)
}

/** Minutes, seconds and frames, non-drop: `00:03:12` is frame 12 of the fourth second. Hours only when needed. */
export function timeCode(seconds: number, frameRate: number): string {
  const perSecond = Math.max(1, Math.round(frameRate))
  const frame = frameAt(seconds, frameRate)
  // Counted from frames, not from time: at 23.976 per second a code must not skip or repeat a number.
  const total = Math.floor(frame / perSecond)
  const parts = [Math.floor(total / 60) % 60, total % 60, frame % perSecond]
  const hours = Math.floor(total / 3600)
  return (hours > 0 ? [hours, ...parts] : parts).map((part) => String(part).padStart(2, '0')).join(':')
}
