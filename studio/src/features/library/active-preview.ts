import { useSyncExternalStore } from 'react'

/** Which tile plays: one at a time, because every playing video holds a decoder. */
let active: string | null = null
const listeners = new Set<() => void>()

export function setActivePreview(key: string | null): void {
  if (active === key) return
  active = key
  for (const listener of listeners) listener()
}

/** Stops this tile's preview, unless another has taken over already. */
export function endPreview(key: string): void {
  if (active === key) setActivePreview(null)
}

export function useIsActivePreview(key: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => active === key,
  )
}
