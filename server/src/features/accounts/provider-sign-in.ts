import { getOAuthState } from 'better-auth/api'
import { AppError } from '../../platform/app-error.ts'
import { authHeaders, type Caller, readAnswer } from './auth-calls.ts'
import { begunSession, welcomeDevice } from './devices.ts'
import { withDeadline } from './provider-auth.ts'
import type { Room } from './room.ts'
import { beginChallenge, catchChallenge } from './second-factor-challenge.ts'
import { addressKey, limits, throttled } from './throttle.ts'

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
 * @throws AppError `not_found` for an unknown provider, `unavailable` when it does not answer, `too_many_attempts`
 */
export async function startProviderSignIn(
  room: Room,
  caller: Caller,
  input: { provider: string; invitation?: string | undefined; returnTo?: string | undefined },
): Promise<{ url: string; cookies: string[] }> {
  if (!room.providers.some((provider) => provider.id === input.provider)) {
    throw new AppError('not_found', 'There is no such way to sign in here.')
  }
  const by = [{ limit: limits.beginningsByAddress, key: addressKey(caller.clientAddress) }]
  const begin = async () => {
    const auth = await room.providerAuth(input.provider)
    const response = await auth.api.signInSocial({
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
  return throttled(room, by, begin, { countSuccesses: true })
}

/** The invitation that the sign-in under way was begun with. */
export async function providerInvitation(): Promise<string | null> {
  const state: unknown = await getOAuthState()
  if (typeof state !== 'object' || state === null || !('invitation' in state)) return null
  return typeof state.invitation === 'string' ? state.invitation : null
}

const exchangeMs = 30_000

/**
 * The provider sends the browser back: Better Auth checks state, code, nonce and signature; we greet the device, or
 * ask for the second factor.
 *
 * @throws AppError `not_found` for an unknown provider, `unavailable` when it does not answer
 */
export async function finishProviderSignIn(
  room: Room,
  request: Request,
  clientAddress: string,
  provider: string,
): Promise<Response> {
  if (!room.providers.some((known) => known.id === provider)) {
    throw new AppError('not_found', 'There is no such way to sign in here.')
  }
  const caller = { headers: request.headers, clientAddress }
  const headers = authHeaders(room, caller, { stranger: true })
  const auth = await room.providerAuth(provider)
  // Behind a proxy the request carries an inner address; Better Auth is to see the outer one.
  const { pathname, search } = new URL(request.url)
  const outer = new Request(`${room.publicOrigin}${pathname}${search}`, { method: 'GET', headers })
  const { result, userId } = await catchChallenge(() => withDeadline(auth.handler(outer), exchangeMs))
  const response = new Response(result.body, result)
  if (userId !== null) {
    response.headers.set('location', `${room.publicOrigin}/two-factor`)
    response.headers.append('set-cookie', await beginChallenge(room, userId))
    return response
  }
  const session = await begunSession(room, result)
  if (session) response.headers.append('set-cookie', await welcomeDevice(room, caller, session))
  return response
}
