import type { Readable } from 'node:stream'

/**
 * Where media live: plaintext goes in and comes out, sealed bytes are kept. An object belongs to an account and is
 * sealed under that account's key, so destroying the key makes it unreadable wherever a copy may lie.
 *
 * Keys name what is stored (`ast_….web`) and never carry words of a user: lower-case letters, digits, `.`, `_`, `-`.
 */
export interface ObjectStore {
  /**
   * Stores an object whole or not at all; one that stands under the key already is replaced.
   *
   * @param source a stream, read to its end, or the path of a file
   * @returns size and SHA-256 (hexadecimal) of the plaintext
   * @throws ObjectStoreError `full` or `unwritable`; AppError `gone` when the account's key is destroyed; the
   *   error of the source, or the reason of the signal
   */
  put(
    accountId: string,
    key: string,
    source: Readable | string,
    options?: { signal?: AbortSignal },
  ): Promise<StoredObject>
  /** Size of the plaintext, or null when there is no such object. */
  stat(accountId: string, key: string): Promise<{ bytes: number } | null>
  /**
   * A stream of the plaintext, or of a part of it (both ends included). Only the segments that hold the part are
   * read. Destroying the stream releases the file.
   *
   * @throws ObjectStoreError `missing` or `damaged`; RangeError when the range lies outside. Damage further on
   *   ends the stream with an error: what came before is authentic.
   */
  read(accountId: string, key: string, range?: ByteRange): Promise<Readable>
  /** Writes the plaintext to a file that only this user may read. The caller deletes it. */
  copyToFile(accountId: string, key: string, path: string, options?: { signal?: AbortSignal }): Promise<void>
  /** Removes an object; one that is gone already is fine. */
  delete(accountId: string, key: string): Promise<void>
  /** Everything stored (for one account), in no order. For finding what no row names any more. */
  list(accountId?: string): AsyncIterable<ListedObject>
}

export interface StoredObject {
  readonly bytes: number
  readonly sha256: string
}

/** Plaintext positions, both included, as in an HTTP range. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

export interface ListedObject {
  readonly accountId: string
  readonly key: string
  readonly storedAt: Date
}

export type ObjectStoreErrorCode = 'missing' | 'damaged' | 'full' | 'unwritable' | 'unreadable'

export class ObjectStoreError extends Error {
  override readonly name = 'ObjectStoreError'
  readonly code: ObjectStoreErrorCode

  constructor(code: ObjectStoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

const nameShape = /^[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)*$/

/** Keys and account ids become parts of paths, so their shape is checked here and nowhere guessed. */
export function checkObjectName(kind: 'account id' | 'key', name: string): void {
  if (name.length > 120 || !nameShape.test(name)) throw new RangeError(`not the ${kind} of an object`)
}
