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

export async function signOut(): Promise<void> {
  await call('/v1/sign-out', { method: 'POST' })
  forgetEverything()
}
