import { QueryClient } from '@tanstack/react-query'
import { problemOf } from './api.ts'

export const queryClient = new QueryClient({
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
