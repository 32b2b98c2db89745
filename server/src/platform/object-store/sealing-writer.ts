import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import type { StoredObject } from './object-store.ts'
import { type SegmentKey, sealSegment, segmentBytes } from './segments.ts'

// Sealed segments are written a few at a time: fewer system calls, at most 512 KiB in memory.
const batchSegments = 8

/** Seals everything that `source` gives and writes it behind the header that stands in the file already. */
export async function writeSealed(
  file: Pick<FileHandle, 'writev'>,
  segmentKey: SegmentKey,
  source: AsyncIterable<Uint8Array | string>,
  signal?: AbortSignal,
): Promise<StoredObject> {
  const hash = createHash('sha256')
  const batch: Buffer[] = []
  const pending = Buffer.allocUnsafe(segmentBytes)
  let pendingBytes = 0
  let bytes = 0
  let index = 0

  async function flush(): Promise<void> {
    let rest = batch.splice(0)
    while (rest.length > 0) {
      const { bytesWritten } = await file.writev(rest)
      rest = dropWritten(rest, bytesWritten)
    }
  }

  async function seal(isLast: boolean): Promise<void> {
    batch.push(...sealSegment(segmentKey, index, isLast, pending.subarray(0, pendingBytes)))
    index += 1
    pendingBytes = 0
    if (isLast || batch.length >= batchSegments * 2) await flush()
  }

  for await (const piece of source) {
    signal?.throwIfAborted()
    const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece
    hash.update(chunk)
    bytes += chunk.length
    for (let offset = 0; offset < chunk.length; ) {
      // A full segment is sealed only when more follows: which one is the last is part of its nonce.
      if (pendingBytes === segmentBytes) await seal(false)
      const taken = Math.min(segmentBytes - pendingBytes, chunk.length - offset)
      pending.set(chunk.subarray(offset, offset + taken), pendingBytes)
      pendingBytes += taken
      offset += taken
    }
  }
  signal?.throwIfAborted()
  await seal(true)
  pending.fill(0)
  return { bytes, sha256: hash.digest('hex') }
}

/** What a short write left over. */
function dropWritten(buffers: readonly Buffer[], bytesWritten: number): Buffer[] {
  const rest: Buffer[] = []
  let written = bytesWritten
  for (const buffer of buffers) {
    if (written >= buffer.length) written -= buffer.length
    else {
      rest.push(written === 0 ? buffer : buffer.subarray(written))
      written = 0
    }
  }
  return rest
}
