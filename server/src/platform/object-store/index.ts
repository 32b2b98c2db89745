export { openDiskStore } from './disk-store.ts'
export {
  type ByteRange,
  type ListedObject,
  type ObjectStore,
  ObjectStoreError,
  type ObjectStoreErrorCode,
  type StoredObject,
} from './object-store.ts'
