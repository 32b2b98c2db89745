import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits for a link that is sent by mail; `hash` is what is stored. */
export function newLinkToken(): { token: string; hash: Buffer } {
  const token = randomBytes(32).toString('base64url')
  return { token, hash: linkTokenHash(token) }
}

export function linkTokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
