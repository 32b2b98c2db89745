import { useSyncExternalStore } from 'react'

export type Theme = 'dark' | 'light' | 'system'
const storageKey = 'backlot.theme'
const listeners = new Set<() => void>()

function stored(): Theme {
  try {
    const value = localStorage.getItem(storageKey)
    return value === 'light' || value === 'system' ? value : 'dark'
  } catch {
    return 'dark'
  }
}

let theme: Theme = stored()

function apply(): void {
  const light =
    theme === 'light' || (theme === 'system' && matchMedia('(prefers-color-scheme: light)').matches)
  document.documentElement.dataset['theme'] = light ? 'light' : 'dark'
}

export function setTheme(next: Theme): void {
  theme = next
  try {
    localStorage.setItem(storageKey, next)
  } catch {
    // The choice then lasts as long as the page.
  }
  apply()
  for (const listener of listeners) listener()
}

/** Follows the system while that is the choice, and the choice made in another tab. */
export function watchTheme(): void {
  matchMedia('(prefers-color-scheme: light)').addEventListener('change', apply)
  addEventListener('storage', (event) => {
    if (event.key !== storageKey) return
    theme = stored()
    apply()
    for (const listener of listeners) listener()
  })
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => theme,
  )
}
