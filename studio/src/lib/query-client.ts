import { QueryCache, QueryClient } from '@tanstack/react-query'
import { problemOf } from './api.ts'

/** Called when the session has ended behind our back (ended elsewhere, expired). */
let onSignedOut: () => void = () => undefined

export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError(error) {
      if (problemOf(error)?.code === 'unauthenticated') onSignedOut()
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What the caller must change does not heal by asking again.
      retry: (failures, error) => failures < 2 && (problemOf(error)?.retryable ?? false),
      retryDelay: (failures) => Math.min(4000, 400 * 2 ** failures),
    },
    mutations: { retry: false },
  },
})
