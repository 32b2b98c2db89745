import { call } from '../../lib/api.ts'
import { keys } from '../../lib/keys.ts'
import { queryClient } from '../../lib/query-client.ts'

/** Where to go after signing in: only paths of this studio, never another site. */
export function safeNext(next: string | undefined): string {
  return next && /^\/(?:studio|console)(?:[/?#]|$)/.test(next) ? next : '/studio'
}

const nobodys: readonly unknown[] = [keys.service[0], keys.setup[0]]

/**
 * Forgets everything that was cached for whoever was here before. What the service says of itself is nobody's, and
 * the sign-in page may be asking for it at this very moment.
 */
export function forgetEverything(): void {
  queryClient.removeQueries({ predicate: (query) => !nobodys.includes(query.queryKey[0]) })
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
