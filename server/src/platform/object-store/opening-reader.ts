import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { type ByteRange, ObjectStoreError } from './object-store.ts'
import { headerBytes, openSegment, type SegmentKey, sealedSegmentBytes, segmentBytes } from './segments.ts'

// Segments read at once: enough to keep a disk busy, 256 KiB in memory for each open download.
const batchSegments = 4

export interface OpenedObject {
  readonly file: FileHandle
  readonly segmentKey: SegmentKey
  readonly segments: number
  readonly bytes: number
}

/** Bytes of the sealed file, exactly as many as asked for. */
export async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled)
    if (bytesRead === 0) throw new ObjectStoreError('damaged', 'the object was cut off')
    filled += bytesRead
  }
  return buffer
}

/** The plaintext of segments `from` to `to` (not included). */
export async function openSegments(object: OpenedObject, from: number, to: number): Promise<Buffer[]> {
  const position = headerBytes + from * sealedSegmentBytes
  const sealedEnd = headerBytes + object.bytes + object.segments * (sealedSegmentBytes - segmentBytes)
  const end = Math.min(headerBytes + to * sealedSegmentBytes, sealedEnd)
  const sealed = await readExactly(object.file, position, end - position)
  const plain: Buffer[] = []
  for (let index = from; index < to; index += 1) {
    const start = (index - from) * sealedSegmentBytes
    const segment = sealed.subarray(start, start + sealedSegmentBytes)
    plain.push(openSegment(object.segmentKey, index, index === object.segments - 1, segment))
  }
  return plain
}

/**
 * Streams a range of an open object and closes its file in every case, also when nobody ever reads: a generator that
 * was not started would not run its `finally`, hence the class.
 */
export class OpeningReader extends Readable {
  readonly #object: OpenedObject
  readonly #end: number
  #position: number

  constructor(object: OpenedObject, range: ByteRange) {
    super({ highWaterMark: batchSegments * segmentBytes })
    this.#object = object
    this.#position = range.start
    this.#end = range.end
  }

  override _read(): void {
    if (this.#position > this.#end) {
      this.push(null)
      return
    }
    const from = Math.floor(this.#position / segmentBytes)
    const to = Math.min(from + batchSegments, Math.floor(this.#end / segmentBytes) + 1)
    openSegments(this.#object, from, to).then(
      (segments) => {
        const plain = segments.length === 1 && segments[0] ? segments[0] : Buffer.concat(segments)
        const offset = from * segmentBytes
        const part = plain.subarray(this.#position - offset, Math.min(plain.length, this.#end + 1 - offset))
        this.#position += part.length
        this.push(part)
      },
      (error: Error) => this.destroy(error),
    )
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#object.file.close().then(
      () => callback(error),
      (closeError: Error) => callback(error ?? closeError),
    )
  }
}
