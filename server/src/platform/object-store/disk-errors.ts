import { ObjectStoreError } from './object-store.ts'

const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])
const unwritableCodes = new Set(['EACCES', 'EPERM', 'EROFS', 'EIO', 'ENOTDIR', 'ENXIO', 'EMFILE', 'ENFILE'])

/** What the disk said while writing, as an error of the store; anything else stays what it is. */
export function fromWriteFailure(error: unknown): unknown {
  const code = errorCode(error)
  if (code !== undefined && fullCodes.has(code)) {
    return new ObjectStoreError('full', 'the disk of the object store is full', { cause: error })
  }
  if (code !== undefined && (unwritableCodes.has(code) || code === 'ENOENT')) {
    return new ObjectStoreError('unwritable', `the object store cannot be written (${code})`, {
      cause: error,
    })
  }
  return error
}

export function fromReadFailure(error: unknown): unknown {
  const code = errorCode(error)
  if (code === 'ENOENT') return new ObjectStoreError('missing', 'there is no such object', { cause: error })
  if (code !== undefined && unwritableCodes.has(code)) {
    return new ObjectStoreError('unreadable', `the object store cannot be read (${code})`, { cause: error })
  }
  return error
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
