import type { Rendition } from '@backlot/contract'
import type { Keyring } from '../../platform/keyring/index.ts'

export interface ContentClaim {
  readonly accountId: string
  readonly assetId: string
  readonly rendition: Rendition
  /** Seconds since 1970. */
  readonly expires: number
}

const context = 'asset.content'

/**
 * A relative address that lets whoever has it fetch one rendition until it expires. It says whose the asset is, so
 * that the look-up finds the row by its whole key.
 */
export function contentUrl(keyring: Pick<Keyring, 'sign'>, claim: ContentClaim): string {
  const query = new URLSearchParams({
    account: claim.accountId,
    rendition: claim.rendition,
    expires: String(claim.expires),
    signature: keyring.sign(context, claimText(claim)),
  })
  return `/v1/assets/${claim.assetId}/content?${query}`
}

export function isSignedClaim(
  keyring: Pick<Keyring, 'verify'>,
  claim: ContentClaim,
  signature: string,
): boolean {
  return keyring.verify(context, claimText(claim), signature)
}

/**
 * When addresses made at `now` expire: after `ttlSeconds` to one and a half times that. The end is rounded up, so that
 * the same asset has the same address for a while; a player whose source changed with every refresh would start anew.
 */
export function contentExpiry(now: Date, ttlSeconds: number): number {
  const step = Math.max(1, Math.floor(ttlSeconds / 2))
  return Math.ceil((now.getTime() / 1000 + ttlSeconds) / step) * step
}

function claimText(claim: ContentClaim): string {
  return [claim.accountId, claim.assetId, claim.rendition, claim.expires].join('\n')
}
