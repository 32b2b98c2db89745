/** What a media operation may take and use. Sizes in bytes, times in milliseconds. */
export type MediaLimits = {
  uploadBytesMax: number
  outputBytesMax: number
  imagePixelsMax: number
  framePixelsMax: number
  sidePixelsMax: number
  durationMsMax: number
  frameRateMax: number
  streamsMax: number
  /** Resident memory of a child (with what it started) above which it is killed. */
  memoryBytesMax: number
  probeMsMax: number
  imageMsMax: number
  posterMsMax: number
  previewMsMax: number
  signMsMax: number
  hashMsMax: number
  /** A transcode may take this much, plus ten times the duration of the clip. */
  transcodeBaseMsMax: number
  heavyJobsMax: number
  lightJobsMax: number
  encoderThreads: number
}

/** The measured defaults (media-pipeline, "Hostile input"); `cores` is what the machine has. */
export function defaultMediaLimits(cores: number): MediaLimits {
  return {
    uploadBytesMax: 2 * 1024 ** 3,
    outputBytesMax: 2 * 1024 ** 3,
    imagePixelsMax: 50_000_000,
    framePixelsMax: 36_000_000,
    sidePixelsMax: 8192,
    durationMsMax: 30 * 60_000,
    frameRateMax: 120,
    streamsMax: 8,
    memoryBytesMax: 1536 * 1024 ** 2,
    probeMsMax: 10_000,
    imageMsMax: 30_000,
    posterMsMax: 30_000,
    previewMsMax: 30_000,
    signMsMax: 60_000,
    hashMsMax: 60_000,
    transcodeBaseMsMax: 60_000,
    heavyJobsMax: Math.max(1, Math.floor(cores / 2)),
    lightJobsMax: 2,
    encoderThreads: 2,
  }
}
