import { useSyncExternalStore } from 'react'

/** Whether a media query holds, live. */
export function useMediaQuery(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(query)
      list.addEventListener('change', listener)
      return () => list.removeEventListener('change', listener)
    },
    () => matchMedia(query).matches,
  )
}

export const reducedMotion = '(prefers-reduced-motion: reduce)'
/** From here on the inspector stands beside the contact sheet. */
export const wideScreen = '(min-width: 64rem)'
