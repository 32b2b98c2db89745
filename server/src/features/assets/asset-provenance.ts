import path from 'node:path'
import type { Provenance } from '@backlot/contract'
import { type CredentialReading, createSlots } from '../../media/index.ts'
import type { AssetRow } from './asset.ts'
import { objectKey } from './asset.ts'
import { type AssetOptions, inWorkFolder } from './asset-room.ts'

const rememberedMax = 500
// Each rests in the work directory as a whole copy in the clear while it is read.
const readingsMax = 2

/**
 * Reads what the Content Credentials of an asset's own bytes say. The same bytes always say the same, so answers are
 * remembered by their hash; simultaneous questions share one reading.
 */
export function createProvenanceReader(options: AssetOptions): (asset: AssetRow) => Promise<Provenance> {
  const readings = new Map<string, Promise<Provenance>>()
  const slots = createSlots(readingsMax)

  async function read(asset: AssetRow): Promise<Provenance> {
    const trustAnchorsPem = await options.trustAnchorsPem?.()
    return inWorkFolder(options.workDirectory, async (folder) => {
      const copy = path.join(folder, 'copy')
      await options.objects.copyToFile(asset.accountId, objectKey(asset.id, 'original'), copy)
      const reading = await options.media.readCredentials(copy, { trustAnchorsPem })
      return toProvenance(reading, asset.sha256)
    })
  }

  return (asset) => {
    const known = readings.get(asset.sha256)
    if (known) return known
    const reading = slots.run(() => read(asset))
    readings.set(asset.sha256, reading)
    reading.then(
      // What could not be read today may be readable after an update.
      (answer) => answer.state === 'unavailable' && readings.delete(asset.sha256),
      () => readings.delete(asset.sha256),
    )
    if (readings.size > rememberedMax) {
      const oldest = readings.keys().next()
      if (!oldest.done) readings.delete(oldest.value)
    }
    return reading
  }
}

export function toProvenance(
  reading: CredentialReading | { state: 'unavailable' },
  sha256: string,
): Provenance {
  const manifest = reading.state === 'unavailable' ? null : reading.manifest
  const made = manifest?.actions.find((action) => action.action === 'c2pa.created')
  return {
    state: reading.state,
    issuer: manifest?.issuer ?? null,
    // Without a timestamp authority the signature has no time of its own; the action that made the file says when.
    signed_at: manifest?.signedAt ?? made?.when ?? null,
    model: made?.softwareAgent ?? null,
    digital_source_type: made?.digitalSourceType ?? null,
    sha256,
  }
}
