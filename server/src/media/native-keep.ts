// For media children only.
const kept: unknown[] = []

/**
 * Holds a native object until the process ends, and gives it back. With node-av 6.1.1 a collected encoder, filter or
 * muxer crashes the process in its finalizer, closed or not (reproduced with --expose-gc; 2026-11). A child serves
 * one job and leaves through `process.exit`, which runs no finalizers, so holding on costs nothing.
 */
export function keep<T>(native: T): T {
  kept.push(native)
  return native
}
