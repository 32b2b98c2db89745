import type { CreateGeneration, Generation, Page } from '@backlot/contract'
import { type InfiniteData, infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { call, problemOf } from './api.ts'
import { keys } from './keys.ts'
import { queryClient } from './query-client.ts'

const pageLimit = 30
type Pages = InfiniteData<Page<Generation>, string | null>

/** The library, newest first, page by page. */
export const generationsQuery = infiniteQueryOptions({
  queryKey: keys.generations,
  queryFn: ({ pageParam, signal }) =>
    call<Page<Generation>>(
      `/v1/generations?limit=${pageLimit}${pageParam ? `&after=${encodeURIComponent(pageParam)}` : ''}`,
      { signal },
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next,
  staleTime: 60_000,
})

/** One generation. Starts from the library's copy, so that opening a tile shows something at once. */
export function generationQuery(id: string) {
  return queryOptions({
    queryKey: keys.generation(id),
    queryFn: ({ signal }) => call<Generation>(`/v1/generations/${encodeURIComponent(id)}`, { signal }),
    initialData: () => findCached(id),
    initialDataUpdatedAt: 0,
  })
}

export function findCached(id: string): Generation | undefined {
  const pages = queryClient.getQueryData<Pages>(keys.generations)?.pages
  return pages?.flatMap((page) => page.data).find((generation) => generation.id === id)
}

/** Puts the newest truth about one generation wherever it is shown; a new one goes on top. */
export function putGeneration(generation: Generation): void {
  queryClient.setQueryData(keys.generation(generation.id), generation)
  queryClient.setQueryData<Pages>(keys.generations, (pages) => pages && withGeneration(pages, generation))
}

export function withGeneration(pages: Pages, generation: Generation): Pages {
  let found = false
  const replaced = pages.pages.map((page) => ({
    ...page,
    data: page.data.map((each) => {
      if (each.id !== generation.id) return each
      found = true
      return generation
    }),
  }))
  const first = replaced[0]
  if (found || !first) return { ...pages, pages: replaced }
  // Ids sort by time. One that is older than the first page's end belongs to a page that is not loaded.
  const oldest = first.data.at(-1)
  if (oldest && first.next !== null && generation.id < oldest.id) return pages
  const data = [generation, ...first.data].sort((left, right) => (left.id < right.id ? 1 : -1))
  return { ...pages, pages: [{ ...first, data }, ...replaced.slice(1)] }
}

/** Takes one generation out of everything that shows it. */
export function dropGeneration(id: string): void {
  queryClient.setQueryData<Pages>(
    keys.generations,
    (pages) =>
      pages && {
        ...pages,
        pages: pages.pages.map((page) => ({ ...page, data: page.data.filter((each) => each.id !== id) })),
      },
  )
  queryClient.removeQueries({ queryKey: keys.generation(id) })
}

/** Asks again for one generation; one that is gone disappears from the library. */
export async function refreshGeneration(id: string): Promise<Generation | null> {
  try {
    const generation = await call<Generation>(`/v1/generations/${encodeURIComponent(id)}`)
    putGeneration(generation)
    return generation
  } catch (error) {
    const code = problemOf(error)?.code
    if (code === 'not_found' || code === 'gone') dropGeneration(id)
    return null
  }
}

/** A press of the button whose answer has not come yet: its tile is there already. */
export interface PendingGeneration {
  readonly key: string
  readonly parameters: CreateGeneration
  readonly atMs: number
}

export const pendingQuery = queryOptions({
  queryKey: keys.pending,
  queryFn: (): PendingGeneration[] => [],
  initialData: (): PendingGeneration[] => [],
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
})

export function addPending(pending: PendingGeneration): void {
  queryClient.setQueryData<PendingGeneration[]>(keys.pending, (list = []) => [pending, ...list])
}

export function removePending(key: string): void {
  queryClient.setQueryData<PendingGeneration[]>(keys.pending, (list = []) =>
    list.filter((each) => each.key !== key),
  )
}
