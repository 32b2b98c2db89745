import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { z } from 'zod'
import type { ChainHead } from './record.ts'

/** A signed head: from here on nobody can deny that the chain ended so at that time. */
export interface Checkpoint extends ChainHead {
  readonly at: Date
  readonly keyId: string
  readonly signature: Buffer
}

/** A short name of an Ed25519 key: the first 16 hexadecimal digits of the SHA-256 of its public half. */
export function keyIdOf(key: KeyObject): string {
  const half = key.type === 'private' ? createPublicKey(key) : key
  return createHash('sha256')
    .update(half.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16)
}

/** The signed text, after the checkpoint of transparency logs: origin, size, head, time; one a line. */
function checkpointText(head: ChainHead, at: Date): Buffer {
  return Buffer.from(
    `backlot/generation-log/1\n${head.sequence}\n${head.hash.toString('base64')}\n${at.toISOString()}\n`,
  )
}

export function signCheckpoint(head: ChainHead, at: Date, key: KeyObject): Checkpoint {
  return {
    sequence: head.sequence,
    hash: head.hash,
    at,
    keyId: keyIdOf(key),
    signature: sign(null, checkpointText(head, at), key),
  }
}

export function isSignedBy(checkpoint: Checkpoint, publicKey: KeyObject): boolean {
  return verify(null, checkpointText(checkpoint, checkpoint.at), publicKey, checkpoint.signature)
}

const line = z.strictObject({
  sequence: z.int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.iso.datetime(),
  key_id: z.string(),
  signature: z.base64(),
})

export function toLine(checkpoint: Checkpoint): string {
  return JSON.stringify({
    sequence: checkpoint.sequence,
    hash: checkpoint.hash.toString('hex'),
    at: checkpoint.at.toISOString(),
    key_id: checkpoint.keyId,
    signature: checkpoint.signature.toString('base64'),
  } satisfies z.infer<typeof line>)
}

/** Null when the line is not a checkpoint. */
export function fromLine(text: string): Checkpoint | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const parsed = line.safeParse(value)
  if (!parsed.success) return null
  return {
    sequence: parsed.data.sequence,
    hash: Buffer.from(parsed.data.hash, 'hex'),
    at: new Date(parsed.data.at),
    keyId: parsed.data.key_id,
    signature: Buffer.from(parsed.data.signature, 'base64'),
  }
}
