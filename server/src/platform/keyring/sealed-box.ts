import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'

/** Something sealed did not open: changed, cut off, of another owner or context, or of a key that is not ours. */
export class SealError extends Error {
  override readonly name = 'SealError'
}

// Layout: version (1) ‖ length of the key's id (1) ‖ key's id ‖ nonce (12) ‖ ciphertext ‖ tag (16).
// The id is empty where the key is an account's own; it names the deployment's key elsewhere, so that a rotation
// knows what it has to wrap anew. Random nonces are safe for some 2^32 boxes a key, far above what one account makes.
const version = 1
const nonceBytes = 12
const tagBytes = 16

/**
 * Seals `plain` with AES-256-GCM under a 32-byte key. What `context` says (owner, purpose, id) is authenticated but
 * not stored: the box opens only where the same context is named.
 */
export function sealBox(key: KeyObject, keyId: string, context: string, plain: Uint8Array): Buffer {
  const header = headerOf(keyId)
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  cipher.setAAD(additionalData(header, context))
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([header, nonce, sealed, cipher.getAuthTag()])
}

/** @throws SealError when the box is not exactly what was sealed, under another key or for another context */
export function openBox(key: KeyObject, keyId: string, context: string, box: Uint8Array): Buffer {
  const header = headerOf(keyId)
  const bytes = Buffer.from(box.buffer, box.byteOffset, box.byteLength)
  if (
    bytes.length < header.length + nonceBytes + tagBytes ||
    !bytes.subarray(0, header.length).equals(header)
  ) {
    throw new SealError('not a sealed value of this version and key')
  }
  const nonceEnd = header.length + nonceBytes
  const tagStart = bytes.length - tagBytes
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(header.length, nonceEnd), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(additionalData(header, context))
  decipher.setAuthTag(bytes.subarray(tagStart))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(nonceEnd, tagStart)), decipher.final()])
  } catch (error) {
    throw new SealError('the sealed value was changed, or belongs to another owner or context', {
      cause: error,
    })
  }
}

function headerOf(keyId: string): Buffer {
  const id = Buffer.from(keyId, 'utf8')
  if (id.length > 255) throw new RangeError('a key id has at most 255 bytes')
  return Buffer.concat([Buffer.from([version, id.length]), id])
}

function additionalData(header: Buffer, context: string): Buffer {
  return Buffer.concat([header, Buffer.from(context, 'utf8')])
}
