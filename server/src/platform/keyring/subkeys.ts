import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

/**
 * A key of 32 bytes for one purpose, made from another by HKDF-SHA-256. Keys of different purposes say nothing about
 * each other, so one secret serves wrapping, sealing, look-ups and signatures.
 */
export function deriveKey(secret: Uint8Array, purpose: string): KeyObject {
  const salt = Buffer.from('backlot/keyring/v1')
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, salt, purpose, 32)))
}
