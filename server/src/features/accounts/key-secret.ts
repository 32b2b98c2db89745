import { createHash, randomBytes } from 'node:crypto'

const secretPattern = /^bl_[A-Za-z0-9_-]{43}$/

/** 256 random bits, with a beginning by which scanners recognise a leaked key. */
export function newKeySecret(): string {
  return `bl_${randomBytes(32).toString('base64url')}`
}

export function isKeySecret(text: string): boolean {
  return secretPattern.test(text)
}

/** What is stored instead of the secret. It has full entropy, so a plain hash is enough. */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
