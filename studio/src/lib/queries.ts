import type { CreditBalance, Me, Model, Service, setupStatus } from '@backlot/contract'
import { queryOptions } from '@tanstack/react-query'
import { call } from './api.ts'
import { keys } from './keys.ts'

export type SetupStatus = ReturnType<typeof setupStatus.parse>

export const setupQuery = queryOptions({
  queryKey: keys.setup,
  queryFn: ({ signal }) => call<SetupStatus>('/v1/setup', { signal }),
})

export const serviceQuery = queryOptions({
  queryKey: keys.service,
  queryFn: ({ signal }) => call<Service>('/v1/service', { signal }),
  staleTime: 5 * 60_000,
})

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: ({ signal }) => call<Me>('/v1/me', { signal }),
  staleTime: 60_000,
})

export const modelsQuery = queryOptions({
  queryKey: keys.models,
  queryFn: async ({ signal }) => (await call<{ data: Model[] }>('/v1/models', { signal })).data,
  staleTime: 60_000,
})

export const creditsQuery = queryOptions({
  queryKey: keys.credits,
  queryFn: ({ signal }) => call<CreditBalance>('/v1/credits', { signal }),
})
