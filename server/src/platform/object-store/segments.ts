import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { ObjectStoreError } from './object-store.ts'

// The sealed form of an object, after the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár (2015):
//
//   header    magic (4) ‖ version (1) ‖ log2 of the segment size (1) ‖ nonce prefix (7) ‖
//             key of this object, wrapped by the account's: nonce (12) ‖ ciphertext (32) ‖ tag (16)
//   segments  AES-256-GCM of 64 KiB of plaintext each, the last one shorter, tag (16) behind each;
//             nonce = prefix (7) ‖ number of the segment (4) ‖ 1 for the last one, else 0
//
// The number refuses reordering, the last byte truncation. The wrapping authenticates the whole header together with
// the account and the key of the object, so a file renamed to another object's place does not open there.
const magic = Buffer.from('BLKO')
const version = 1
const segmentBits = 16
const prefixBytes = 7
const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
const fixedBytes = magic.length + 2 + prefixBytes

export const segmentBytes = 1 << segmentBits
export const sealedSegmentBytes = segmentBytes + tagBytes
export const headerBytes = fixedBytes + nonceBytes + keyBytes + tagBytes

/** What seals and opens the segments of one object. */
export interface SegmentKey {
  readonly key: KeyObject
  readonly prefix: Buffer
}

/** A key and a header for a new object. `owner` is authenticated: account and key of the object. */
export function createHeader(
  accountKey: KeyObject,
  owner: string,
): { header: Buffer; segmentKey: SegmentKey } {
  const prefix = randomBytes(prefixBytes)
  const fixed = Buffer.concat([magic, Buffer.from([version, segmentBits]), prefix])
  const objectKey = randomBytes(keyBytes)
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', accountKey, nonce, { authTagLength: tagBytes })
  cipher.setAAD(Buffer.concat([fixed, Buffer.from(owner, 'utf8')]))
  const wrapped = Buffer.concat([cipher.update(objectKey), cipher.final()])
  const key = createSecretKey(objectKey)
  objectKey.fill(0)
  return {
    header: Buffer.concat([fixed, nonce, wrapped, cipher.getAuthTag()]),
    segmentKey: { key, prefix },
  }
}

/** @throws ObjectStoreError `damaged` when the header was changed or belongs to another object or account */
export function openHeader(accountKey: KeyObject, owner: string, header: Buffer): SegmentKey {
  const fixed = header.subarray(0, fixedBytes)
  if (
    header.length !== headerBytes ||
    !fixed.subarray(0, magic.length).equals(magic) ||
    fixed[magic.length] !== version ||
    fixed[magic.length + 1] !== segmentBits
  ) {
    throw new ObjectStoreError('damaged', 'this is not a sealed object of this version')
  }
  const nonce = header.subarray(fixedBytes, fixedBytes + nonceBytes)
  const decipher = createDecipheriv('aes-256-gcm', accountKey, nonce, { authTagLength: tagBytes })
  decipher.setAAD(Buffer.concat([fixed, Buffer.from(owner, 'utf8')]))
  decipher.setAuthTag(header.subarray(headerBytes - tagBytes))
  try {
    const wrapped = header.subarray(fixedBytes + nonceBytes, headerBytes - tagBytes)
    const objectKey = Buffer.concat([decipher.update(wrapped), decipher.final()])
    const key = createSecretKey(objectKey)
    objectKey.fill(0)
    return { key, prefix: Buffer.from(fixed.subarray(fixedBytes - prefixBytes)) }
  } catch (error) {
    throw new ObjectStoreError('damaged', 'the header was changed or is of another object', { cause: error })
  }
}

/** Ciphertext and tag of one segment, apart so that nothing is copied before it is written. */
export function sealSegment(
  segmentKey: SegmentKey,
  index: number,
  isLast: boolean,
  plain: Uint8Array,
): [Buffer, Buffer] {
  const nonce = nonceOf(segmentKey.prefix, index, isLast)
  const cipher = createCipheriv('aes-256-gcm', segmentKey.key, nonce, { authTagLength: tagBytes })
  const sealed = cipher.update(plain)
  cipher.final()
  return [sealed, cipher.getAuthTag()]
}

/** @throws ObjectStoreError `damaged` when it is not exactly what was sealed at this place */
export function openSegment(
  segmentKey: SegmentKey,
  index: number,
  isLast: boolean,
  sealed: Uint8Array,
): Buffer {
  if (sealed.length < tagBytes) throw new ObjectStoreError('damaged', 'the object was cut off')
  const nonce = nonceOf(segmentKey.prefix, index, isLast)
  const decipher = createDecipheriv('aes-256-gcm', segmentKey.key, nonce, { authTagLength: tagBytes })
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
  const plain = decipher.update(sealed.subarray(0, sealed.length - tagBytes))
  try {
    decipher.final()
  } catch (error) {
    throw new ObjectStoreError('damaged', `segment ${index} was changed, moved or cut off`, { cause: error })
  }
  return plain
}

/** Size of the plaintext and number of segments, from the size of the sealed file alone (not yet authenticated). */
export function measure(sealedBytes: number): { bytes: number; segments: number } {
  const body = sealedBytes - headerBytes
  if (body < tagBytes) throw new ObjectStoreError('damaged', 'the object was cut off')
  const segments = Math.ceil(body / sealedSegmentBytes)
  return { bytes: Math.max(0, body - segments * tagBytes), segments }
}

function nonceOf(prefix: Buffer, index: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(nonceBytes)
  prefix.copy(nonce)
  // Throws above 2^32 segments, which is 256 TiB.
  nonce.writeUInt32BE(index, prefixBytes)
  nonce.writeUInt8(isLast ? 1 : 0, nonceBytes - 1)
  return nonce
}
