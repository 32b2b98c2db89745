import { z } from 'zod'

export const pageLimitMax = 100

/** Query of every list. `after` is the opaque `next` of the page before. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(pageLimitMax).default(30),
  after: z.string().max(200).optional(),
})

export type PageQuery = z.infer<typeof pageQuery>

export function page<Item extends z.ZodType>(item: Item) {
  return z.object({
    data: z.array(item),
    next: z.string().nullable().describe('Pass as `after` for the next page; null at the end.'),
  })
}

export interface Page<Item> {
  data: Item[]
  next: string | null
}
