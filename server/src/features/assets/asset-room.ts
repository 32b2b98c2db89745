import { createWorkFolder, type MediaEngine, removeWorkFolder } from '../../media/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/index.ts'
import type { Events } from '../../platform/events/index.ts'
import type { Keyring } from '../../platform/keyring/index.ts'
import type { Logger } from '../../platform/log.ts'
import type { ObjectStore } from '../../platform/object-store/index.ts'

export interface AssetOptions {
  readonly db: Database
  readonly objects: ObjectStore
  readonly keyring: Keyring
  readonly events: Events
  readonly clock: Clock
  readonly log: Logger
  readonly media: MediaEngine
  /** Days; null keeps until the owner deletes. */
  readonly retention: { readonly outputsDays: number | null; readonly uploadsDays: number | null }
  readonly uploadBytesMax: number
  /** Absolute path; plaintext rests here while it is worked on, and nowhere else. */
  readonly workDirectory: string
  /** How long the addresses of content are good at least. */
  readonly urlTtlSeconds: number
  /** Certificates that make Content Credentials `trusted`: the deployment's own. */
  readonly trustAnchorsPem?: (() => Promise<string | undefined>) | undefined
}

/** What the names of our work folders begin with. */
export const assetFolderPrefix = 'assets'

/** Runs `work` in a folder of its own that is gone afterwards, whatever happened. */
export async function inWorkFolder<Result>(
  workDirectory: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await createWorkFolder(workDirectory, assetFolderPrefix)
  try {
    return await work(folder)
  } finally {
    await removeWorkFolder(folder)
  }
}
