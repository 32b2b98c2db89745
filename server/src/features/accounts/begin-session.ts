import { AppError } from '../../platform/app-error.ts'
import { sessionDays } from './auth.ts'
import type { Caller } from './auth-calls.ts'
import { welcomeDevice } from './devices.ts'
import type { Room } from './room.ts'
import { cookieNames, makeCookie, signCookieValue } from './session-cookie.ts'

/**
 * Begins a session for somebody who has just made their account, without asking for the password again.
 *
 * @returns the cookies to set
 */
export async function beginSession(room: Room, caller: Caller, userId: string): Promise<string[]> {
  const { internalAdapter } = await room.auth.$context
  const session = await internalAdapter.createSession(
    userId,
    false,
    {
      ipAddress: caller.clientAddress,
      userAgent: (caller.headers.get('user-agent') ?? '').slice(0, 500),
    },
    false,
  )
  if (!session) throw new AppError('internal', 'No session could be made.')
  const { session: name } = cookieNames(room.publicOrigin)
  const value = signCookieValue(session.token, room.secret)
  return [
    makeCookie(room.publicOrigin, name, value, sessionDays * 86_400),
    await welcomeDevice(room, caller, { id: session.id, user_id: userId }),
  ]
}
