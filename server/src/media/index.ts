// The door of the room. node-av, sharp and c2pa are imported in child processes only, never from here.
export { type RunningChild, startChild } from './child-runner.ts'
export { type GeneratedFileFacts, generatedFileManifest } from './credential-manifest.ts'
export {
  createMediaEngine,
  type MediaEngine,
  type MediaEngineOptions,
  type SignOrder,
} from './media-engine.ts'
export { isMediaErrorCode, MediaError, type MediaErrorCode } from './media-error.ts'
export type {
  CredentialIngredient,
  CredentialReading,
  CredentialSigner,
  CredentialSummary,
  MediaCapabilities,
  MediaProbe,
  WebMp4Outcome,
  WrittenFile,
} from './media-job.ts'
export { defaultMediaLimits, type MediaLimits } from './media-limits.ts'
export { createSlots, type Slots } from './slots.ts'
export { createWorkFolder, removeWorkFolder, sweepWorkFolders } from './work-folders.ts'
