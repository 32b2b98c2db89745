/** What a file turned out to be. Sizes are of the picture as shown (after rotation and pixel aspect). */
export type MediaProbe = {
  kind: 'video' | 'image'
  mimeType: string
  container: 'mp4' | 'mov' | 'webm' | 'matroska' | 'png' | 'jpeg' | 'webp' | 'gif' | 'avif'
  bytes: number
  width: number
  height: number
  durationMs: number | null
  frameRate: number | null
  videoCodec: string | null
  audioCodec: string | null
  /** Bits per second over the whole file. */
  bitrate: number | null
  /** The index comes before the media data, so playback starts before the download ends. True for images. */
  isFaststart: boolean
  /** Plays in every current browser as it is: H.264 8-bit 4:2:0 with AAC or no sound in MP4; PNG, JPEG, WebP. */
  isWebSafe: boolean
  /** Degrees clockwise that a player must turn the coded picture. */
  rotation: 0 | 90 | 180 | 270
}

/** The facts of a written file. */
export type WrittenFile = { mimeType: string; bytes: number; width: number; height: number }

/** What became of a request for a web MP4. `as-is` wrote nothing: the input already is one. */
export type WebMp4Outcome = 'as-is' | 'remuxed' | 'encoded'

/** A reference that went into the making of a file, named in its Content Credentials. */
export type CredentialIngredient = {
  path: string
  mimeType: string
  /** Keep it neutral: it is public. */
  title: string
  relationship: 'inputTo' | 'componentOf' | 'parentOf'
  instanceId: string
}

/** Who signs. Both are PEM text; the chain is leaf first. */
export type CredentialSigner = {
  certificateChainPem: string
  privateKeyPem: string
  algorithm: 'es256' | 'es384' | 'ed25519' | 'ps256'
}

/**
 * What the Content Credentials in a file say.
 *
 * - `trusted`: intact, and the signer leads to one of the given anchors
 * - `valid`: intact, signer unknown
 * - `invalid`: the file or the manifest was changed after signing
 * - `none`: no manifest, or a format that cannot carry one
 */
export type CredentialReading = {
  state: 'trusted' | 'valid' | 'invalid' | 'none'
  /** Validation codes that failed, e.g. `assertion.bmffHash.mismatch`. */
  failures: string[]
  manifest: CredentialSummary | null
}

export type CredentialSummary = {
  title: string | null
  claimGenerator: string | null
  claimGeneratorVersion: string | null
  issuer: string | null
  signedAt: string | null
  actions: {
    action: string
    when: string | null
    digitalSourceType: string | null
    softwareAgent: string | null
  }[]
  assertionLabels: string[]
  ingredientCount: number
}

/** What this machine can do. */
export type MediaCapabilities = {
  signing: { isAvailable: boolean; detail: string }
  video: { backEnd: 'node-av' | 'cli'; isAvailable: boolean; detail: string }
}

/** The part of the limits that a child needs. */
export type ProbeLimits = {
  uploadBytesMax: number
  imagePixelsMax: number
  framePixelsMax: number
  sidePixelsMax: number
  durationMsMax: number
  frameRateMax: number
  streamsMax: number
  encoderThreads: number
}

type Common = { limits: ProbeLimits; ffmpegPath: string | null }

/** One order to the media child. `output` is inside the child's folder; the engine moves it when the job succeeded. */
export type MediaJob = Common &
  (
    | { operation: 'probe'; input: string }
    | { operation: 'poster'; input: string; output: string; format: 'jpeg' | 'webp'; widthMax: number }
    | { operation: 'preview'; input: string; output: string }
    | { operation: 'webMp4'; input: string; output: string; how: 'remux' | 'encode' }
    | { operation: 'normaliseImage'; input: string; output: string }
    | { operation: 'streamHash'; input: string }
    | {
        operation: 'sign'
        input: string
        output: string
        mimeType: string
        manifest: Record<string, unknown>
        signer: CredentialSigner
        ingredients: CredentialIngredient[]
      }
    | { operation: 'readCredentials'; input: string; trustAnchorsPem: string | null }
    | { operation: 'capabilities' }
  )

export type MediaOperation = MediaJob['operation']

/** What each operation answers with. */
export type MediaResults = {
  probe: MediaProbe
  poster: WrittenFile
  preview: WrittenFile
  webMp4: WrittenFile
  normaliseImage: WrittenFile
  streamHash: string
  sign: { state: 'signed'; bytes: number } | { state: 'unavailable'; detail: string }
  readCredentials: CredentialReading | { state: 'unavailable'; detail: string }
  capabilities: MediaCapabilities
}
