import { call } from '../../lib/api.ts'
import { keys } from '../../lib/keys.ts'
import { queryClient } from '../../lib/query-client.ts'

/** Where to go after signing in: only paths of this studio, never another site. */
export function safeNext(next: string | undefined): string {
  return next && /^\/(?:studio|console)(?:[/?#]|$)/.test(next) ? next : '/studio'
}

/** Forgets everything that was cached for whoever was here before. */
export function forgetEverything(): void {
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== keys.service[0] })
  queryClient.removeQueries({ queryKey: keys.service })
}

/**
 * Ends the session, leaves, and only then forgets: a page that still stands would ask again for what was forgotten,
 * and be refused.
 */
export async function signOut(leave: () => Promise<void>): Promise<void> {
  await call('/v1/sign-out', { method: 'POST' })
  await leave()
  forgetEverything()
}
