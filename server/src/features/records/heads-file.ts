import { createReadStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { type Checkpoint, fromLine, toLine } from './checkpoint.ts'

/**
 * Writes a signed head behind the others, on disk before it returns. A line that a crash tore is cut off first, or
 * the next one would be glued to it.
 */
export async function appendHead(file: string, checkpoint: Checkpoint): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const handle = await open(file, 'a+', 0o600)
  try {
    const { size } = await handle.stat()
    const whole = await wholeBytes(handle, size)
    if (whole < size) await handle.truncate(whole)
    await handle.appendFile(`${toLine(checkpoint)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const lineBytesMax = 4096
const newline = 0x0a

/** How many bytes of the file are whole lines. */
async function wholeBytes(handle: import('node:fs/promises').FileHandle, size: number): Promise<number> {
  const length = Math.min(size, lineBytesMax)
  const tail = Buffer.alloc(length)
  await handle.read(tail, 0, length, size - length)
  const at = tail.lastIndexOf(newline)
  return at === -1 ? size - length : size - length + at + 1
}

/** The heads in the file, first to last; 'damaged' for a line that is none. No file: no heads. */
export async function* readHeads(file: string): AsyncGenerator<Checkpoint | 'damaged'> {
  let handle: import('node:fs/promises').FileHandle
  let size: number
  try {
    handle = await open(file, 'r')
    size = await wholeBytes(handle, (await handle.stat()).size)
    await handle.close()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  if (size === 0) return
  // The torn line of a crash is not read; the next head cuts it off.
  const stream = createReadStream(file, { end: size - 1 })
  try {
    for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      yield fromLine(text) ?? 'damaged'
    }
  } finally {
    stream.destroy()
  }
}
