import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { type FileHandle, mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { addAbortSignal, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Keyring } from '../keyring/index.ts'
import { errorCode, fromReadFailure, fromWriteFailure } from './disk-errors.ts'
import {
  type ByteRange,
  checkObjectName,
  type ListedObject,
  type ObjectStore,
  ObjectStoreError,
} from './object-store.ts'
import { type OpenedObject, OpeningReader, openSegments, readExactly } from './opening-reader.ts'
import { writeSealed } from './sealing-writer.ts'
import { createHeader, headerBytes, measure, openHeader } from './segments.ts'
import { sweepTemporaryFiles, temporaryName } from './temporary-files.ts'

/**
 * The object store on a local or shared disk: `objects/<two digits>/<account>/<key>` below `directory`, sealed files
 * of mode 0600. Making it removes what writers that were killed have left.
 *
 * @throws ObjectStoreError `unwritable` when the directory cannot be made or written
 */
export async function openDiskStore(options: {
  directory: string
  keyring: Pick<Keyring, 'dataKey'>
  now?: Date
}): Promise<ObjectStore> {
  const { keyring } = options
  const objectsDirectory = path.join(options.directory, 'objects')
  const temporaryDirectory = path.join(options.directory, 'incoming')
  try {
    await mkdir(objectsDirectory, { recursive: true, mode: 0o700 })
    await mkdir(temporaryDirectory, { recursive: true, mode: 0o700 })
    await sweepTemporaryFiles(temporaryDirectory, options.now ?? new Date())
  } catch (error) {
    throw fromWriteFailure(error)
  }

  function folderOf(accountId: string): string {
    checkObjectName('account id', accountId)
    // Two digits of a hash, so that no directory ever lists all accounts.
    const bucket = createHash('sha256').update(accountId).digest('hex').slice(0, 2)
    return path.join(objectsDirectory, bucket, accountId)
  }

  function pathOf(accountId: string, key: string): string {
    checkObjectName('key', key)
    return path.join(folderOf(accountId), key)
  }

  async function openObject(accountId: string, key: string): Promise<OpenedObject> {
    const file = await open(pathOf(accountId, key), 'r').catch((error) => {
      throw fromReadFailure(error)
    })
    try {
      const accountKey = await keyring.dataKey(accountId)
      const measured = measure((await file.stat()).size)
      const header = await readExactly(file, 0, headerBytes)
      const segmentKey = openHeader(accountKey, ownerOf(accountId, key), header)
      const object = { file, segmentKey, ...measured }
      // Opening the last segment proves the size: a file cut off at a segment's end fails here, not halfway.
      await openSegments(object, object.segments - 1, object.segments)
      return object
    } catch (error) {
      await file.close()
      throw fromReadFailure(error)
    }
  }

  const store: ObjectStore = {
    async put(accountId, key, source, putOptions = {}) {
      const target = pathOf(accountId, key)
      const temporary = path.join(temporaryDirectory, temporaryName())
      const stream =
        typeof source === 'string' ? createReadStream(source, { highWaterMark: 1 << 18 }) : source
      // A source that breaks before anybody reads it would end the process; reading it gives the error.
      stream.on('error', () => undefined)
      let file: FileHandle | undefined
      try {
        putOptions.signal?.throwIfAborted()
        if (putOptions.signal) addAbortSignal(putOptions.signal, stream)
        const accountKey = await keyring.dataKey(accountId)
        file = await open(temporary, 'wx', 0o600).catch(throwWriteFailure)
        const { header, segmentKey } = createHeader(accountKey, ownerOf(accountId, key))
        await file.writeFile(header).catch(throwWriteFailure)
        const stored = await writeSealed(writerOf(file), segmentKey, stream, putOptions.signal)
        await file.sync().catch(throwWriteFailure)
        await file.close()
        file = undefined
        await publish(temporary, target).catch(throwWriteFailure)
        return stored
      } catch (error) {
        await file?.close().catch(() => undefined)
        await rm(temporary, { force: true }).catch(() => undefined)
        throw putOptions.signal?.aborted ? putOptions.signal.reason : error
      } finally {
        stream.destroy()
      }
    },

    async stat(accountId, key) {
      try {
        const entry = await stat(pathOf(accountId, key))
        return { bytes: measure(entry.size).bytes }
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return null
        throw fromReadFailure(error)
      }
    },

    async read(accountId, key, range): Promise<Readable> {
      const object = await openObject(accountId, key)
      const wanted: ByteRange = range ?? { start: 0, end: object.bytes - 1 }
      const isInside = wanted.start >= 0 && wanted.start <= wanted.end && wanted.end < object.bytes
      if (range !== undefined && !isInside) {
        await object.file.close()
        throw new RangeError('the range lies outside of the object')
      }
      return new OpeningReader(object, wanted)
    },

    async copyToFile(accountId, key, target, copyOptions = {}) {
      const source = await store.read(accountId, key)
      try {
        await pipeline(source, createWriteStream(target, { mode: 0o600 }), { signal: copyOptions.signal })
      } catch (error) {
        await rm(target, { force: true }).catch(() => undefined)
        throw error instanceof ObjectStoreError ? error : fromWriteFailure(error)
      }
    },

    async delete(accountId, key) {
      const target = pathOf(accountId, key)
      try {
        await rm(target)
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return
        throw fromWriteFailure(error)
      }
      await syncDirectory(path.dirname(target))
    },

    async *list(accountId) {
      if (accountId !== undefined) {
        yield* listFolder(folderOf(accountId), accountId)
        return
      }
      for await (const bucket of entriesOf(objectsDirectory)) {
        for await (const account of entriesOf(path.join(objectsDirectory, bucket))) {
          yield* listFolder(path.join(objectsDirectory, bucket, account), account)
        }
      }
    },
  }
  return store
}

/** What a header is bound to: moved to another account or key, it does not open. */
function ownerOf(accountId: string, key: string): string {
  return `${accountId}/${key}`
}

/** Only the file's own failures become errors of the store; those of the source stay what they are. */
function writerOf(file: FileHandle): Pick<FileHandle, 'writev'> {
  return { writev: (buffers) => file.writev(buffers).catch(throwWriteFailure) }
}

function throwWriteFailure(error: unknown): never {
  throw fromWriteFailure(error)
}

/** Moves a finished file into its place so that a power cut leaves the old object or the new one. */
async function publish(temporary: string, target: string): Promise<void> {
  const folder = path.dirname(target)
  const made = await mkdir(folder, { recursive: true, mode: 0o700 })
  await rename(temporary, target)
  await syncDirectory(folder)
  if (made === undefined) return
  // New folders must survive too: each is named by the one above it.
  await syncDirectory(path.dirname(folder))
  await syncDirectory(path.dirname(path.dirname(folder)))
}

async function syncDirectory(directory: string): Promise<void> {
  // Windows cannot open a directory; its file system journals the rename.
  if (process.platform === 'win32') return
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function* listFolder(folder: string, accountId: string): AsyncIterable<ListedObject> {
  for await (const key of entriesOf(folder)) {
    const entry = await stat(path.join(folder, key)).catch(() => null)
    if (entry?.isFile()) yield { accountId, key, storedAt: entry.mtime }
  }
}

async function* entriesOf(directory: string): AsyncIterable<string> {
  const entries = await opendir(directory).catch((error) => {
    if (errorCode(error) === 'ENOENT') return null
    throw fromReadFailure(error)
  })
  if (!entries) return
  for await (const entry of entries) yield entry.name
}
