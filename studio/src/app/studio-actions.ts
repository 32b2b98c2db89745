import type { Generation } from '@backlot/contract'
import { createContext, useContext } from 'react'

/** What can be done with a generation; the studio page does it, because it alone knows library and composer. */
export interface StudioActionSet {
  readonly cancel: (generation: Generation) => void
  readonly tryAgain: (generation: Generation) => void
  readonly useAgain: (generation: Generation) => void
  readonly close: () => void
}

const context = createContext<StudioActionSet | null>(null)

export const StudioActions = context.Provider

export function useStudioActions(): StudioActionSet {
  const actions = useContext(context)
  if (!actions) throw new Error('useStudioActions outside of the studio page')
  return actions
}
