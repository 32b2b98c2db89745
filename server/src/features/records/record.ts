import { createHash, createHmac } from 'node:crypto'
import canonicalize from 'canonicalize'

/** What is noted. `content.erased` is written by the log itself when sealed texts are removed. */
export type RecordKind =
  | 'account.created'
  | 'content.erased'
  | 'credits.granted'
  | 'generation.accepted'
  | 'generation.attempted'
  | 'generation.delivered'
  | 'generation.ended'
  | 'generation.deleted'
  | 'asset.deleted'
  | 'price.changed'
  | 'screening.blocked'

export type Fact = string | number | boolean | null | readonly Fact[] | { readonly [key: string]: Fact }
export type Facts = Readonly<Record<string, Fact>>

/** A row of the log as it is hashed, without its place in the chain. */
export interface RecordBody {
  readonly id: number
  readonly kind: string
  readonly accountId: string
  readonly subjectId: string
  readonly at: Date
  readonly facts: Facts
  readonly content: { readonly commitment: Buffer; readonly sha256: Buffer } | null
}

export interface ChainedRecord extends RecordBody {
  readonly sequence: number
  readonly previousHash: Buffer
  readonly hash: Buffer
}

export interface ChainHead {
  readonly sequence: number
  readonly hash: Buffer
}

/** What the first entry of every chain follows. */
export const genesis: ChainHead = { sequence: 0, hash: Buffer.alloc(32) }

/**
 * The text that is hashed: RFC 8785 canonical JSON, so that anybody can compute it again in any language.
 *
 * @throws when the facts hold what JSON cannot say
 */
export function canonicalEntry(body: RecordBody, sequence: number): string {
  const text = canonicalize({
    format: 'backlot-record/1',
    sequence,
    id: body.id,
    kind: body.kind,
    account_id: body.accountId,
    subject_id: body.subjectId,
    at: body.at.toISOString(),
    facts: body.facts,
    content: body.content
      ? { commitment: body.content.commitment.toString('hex'), sha256: body.content.sha256.toString('hex') }
      : null,
  })
  if (text === undefined) throw new TypeError('a record that JSON cannot say')
  return text
}

/** Puts a row behind the head: hash = SHA-256(previous hash ‖ canonical JSON). */
export function chain(head: ChainHead, body: RecordBody): ChainedRecord {
  const sequence = head.sequence + 1
  const hash = createHash('sha256').update(head.hash).update(canonicalEntry(body, sequence)).digest()
  return { ...body, sequence, previousHash: head.hash, hash }
}

/**
 * Binds the log to a text without holding it: HMAC-SHA-256 under a random salt that goes with the text. Once both are
 * erased, the commitment says nothing about the text any more, not even to somebody who guesses it.
 */
export function commitTo(salt: Uint8Array, text: string): Buffer {
  return createHmac('sha256', salt).update(text, 'utf8').digest()
}

/** The keyring context of an entry's text: it opens for no other entry. */
export function contentContext(entry: { kind: string; subjectId: string }): string {
  return `record.content:${entry.kind}:${entry.subjectId}`
}

export type ChainFaultCode =
  | 'sequence_gap'
  | 'previous_hash_mismatch'
  | 'hash_mismatch'
  | 'content_missing'
  | 'content_changed'
  | 'content_unreadable'
  | 'commitment_mismatch'
  | 'head_signature_invalid'
  | 'head_key_unknown'
  | 'head_mismatch'
  | 'head_beyond_chain'
  | 'heads_file_damaged'

export interface ChainFault {
  readonly code: ChainFaultCode
  /** Place in the chain of the first bad entry, or of the entry that a bad head names. */
  readonly sequence: number
  readonly recordId: number | null
  readonly detail: string
}

/** What is wrong with `entry` as the successor of `head`; null when it is the right one. */
export function faultOf(head: ChainHead, entry: ChainedRecord): ChainFault | null {
  const fault = (code: ChainFaultCode, detail: string): ChainFault => ({
    code,
    sequence: entry.sequence,
    recordId: entry.id,
    detail,
  })
  if (entry.sequence !== head.sequence + 1) {
    return {
      code: 'sequence_gap',
      sequence: head.sequence + 1,
      recordId: null,
      detail: `entry ${head.sequence + 1} is missing; the next one is ${entry.sequence}`,
    }
  }
  if (!entry.previousHash.equals(head.hash)) {
    return fault('previous_hash_mismatch', 'it does not follow the entry before it')
  }
  if (!chain(head, entry).hash.equals(entry.hash)) {
    return fault('hash_mismatch', 'its contents are not what was sealed')
  }
  return null
}
