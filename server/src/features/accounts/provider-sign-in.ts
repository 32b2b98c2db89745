import { getOAuthState } from 'better-auth/api'
import { AppError } from '../../platform/app-error.ts'
import { authHeaders, type Caller, readAnswer } from './auth-calls.ts'
import { begunSession, welcomeDevice } from './devices.ts'
import type { Room } from './room.ts'

/** The names that the sign-in page shows. */
export function providerNames(room: Room): { id: string; name: string }[] {
  return room.providers.map((provider) => ({
    id: provider.id,
    name: 'name' in provider ? provider.name : provider.id === 'google' ? 'Google' : 'GitHub',
  }))
}

/**
 * Begins a sign-in at a provider.
 *
 * @returns where to send the browser, and the cookie that ties the way back to it
 * @throws AppError `not_found` for an unknown provider, `unavailable` when it does not answer
 */
export async function startProviderSignIn(
  room: Room,
  caller: Caller,
  input: { provider: string; invitation?: string | undefined; returnTo?: string | undefined },
): Promise<{ url: string; cookies: string[] }> {
  if (!room.providers.some((provider) => provider.id === input.provider)) {
    throw new AppError('not_found', 'There is no such way to sign in here.')
  }
  const response = await room.auth.api.signInSocial({
    body: {
      provider: input.provider,
      callbackURL: `${room.publicOrigin}${input.returnTo ?? '/'}`,
      errorCallbackURL: `${room.publicOrigin}/sign-in`,
      disableRedirect: true,
      ...(input.invitation ? { additionalData: { invitation: input.invitation } } : {}),
    },
    headers: authHeaders(room, caller, { stranger: true }),
    asResponse: true,
  })
  const { url } = await readAnswer<{ url: string }>(
    response.clone(),
    new AppError('unavailable', 'The provider does not answer. Try again, or sign in with your password.'),
  )
  return { url, cookies: response.headers.getSetCookie() }
}

/** The invitation that the sign-in under way was begun with. */
export async function providerInvitation(): Promise<string | null> {
  const state: unknown = await getOAuthState()
  if (typeof state !== 'object' || state === null || !('invitation' in state)) return null
  return typeof state.invitation === 'string' ? state.invitation : null
}

/** The provider sends the browser back: Better Auth checks state, code, nonce and signature; we greet the device. */
export async function finishProviderSignIn(room: Room, request: Request, clientAddress: string) {
  const caller = { headers: request.headers, clientAddress }
  const headers = authHeaders(room, caller, { stranger: true })
  const answer = await room.auth.handler(new Request(request.url, { method: 'GET', headers }))
  const session = await begunSession(room, answer)
  if (!session) return answer
  const response = new Response(answer.body, answer)
  response.headers.append('set-cookie', await welcomeDevice(room, caller, session))
  return response
}
