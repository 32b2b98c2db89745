import { createHash, randomBytes } from 'node:crypto'
import { selectPerson } from './account-store.ts'
import type { Caller } from './auth-calls.ts'
import type { Room } from './room.ts'
import { cookieNames, makeCookie, readCookie, signCookieValue, verifyCookieValue } from './session-cookie.ts'
import { countDevices, deviceBelongsTo, selectSessionByToken, touchDevice } from './session-store.ts'

const deviceDays = 400

function readDevice(room: Room, headers: Headers): string | null {
  const signed = readCookie(headers.get('cookie'), cookieNames(room.publicOrigin).device)
  return signed === null ? null : verifyCookieValue(signed, room.secret)
}

const hashOf = (device: string) => createHash('sha256').update(device).digest()

/** The device that the request comes from, if somebody of that address has signed in with it before. */
export async function knownDevice(room: Room, headers: Headers, email: string): Promise<string | null> {
  const device = readDevice(room, headers)
  if (device === null) return null
  return (await deviceBelongsTo(room.db, email, hashOf(device))) ? device : null
}

/** The session that an answer of Better Auth has just begun; null when it began none. */
export async function begunSession(
  room: Room,
  response: Response,
): Promise<{ id: string; user_id: string } | null> {
  const { session } = cookieNames(room.publicOrigin)
  for (const cookie of response.headers.getSetCookie()) {
    const signed = readCookie(cookie.split(';', 1)[0] ?? null, session)
    const token = signed ? verifyCookieValue(signed, room.secret) : null
    if (token) return selectSessionByToken(room.db, token)
  }
  return null
}

/**
 * Remembers the device of a session that has just begun, and writes to its owner when they never used it before.
 *
 * @returns the cookie to set
 */
export async function welcomeDevice(
  room: Room,
  caller: Caller,
  session: { id: string; user_id: string },
): Promise<string> {
  const device = readDevice(room, caller.headers) ?? randomBytes(24).toString('base64url')
  const at = room.clock.now()
  const person = await selectPerson(room.db, session.user_id)
  await room.db.transaction(async (tx) => {
    const first = (await countDevices(tx, session.user_id)) === 0
    const known = await touchDevice(tx, { userId: session.user_id, hash: hashOf(device), at })
    if (person?.account_id) {
      await room.events.append(tx, {
        accountId: person.account_id,
        type: 'session.created',
        subjectId: session.id,
        at,
      })
    }
    // The very first device is the one that the account was made with.
    if (known || first || !person) return
    await room.notices.queue(tx, {
      to: person.email,
      template: 'new_device',
      values: {
        device: deviceInWords(caller.headers.get('user-agent')),
        address: caller.clientAddress,
        at: at.toISOString(),
      },
      at,
    })
  })
  const { device: name } = cookieNames(room.publicOrigin)
  return makeCookie(room.publicOrigin, name, signCookieValue(device, room.secret), deviceDays * 86_400)
}

const browsers: readonly [RegExp, string][] = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
  [/^curl\//, 'curl'],
]
const systems: readonly [RegExp, string][] = [
  [/iPhone|iPod/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
]

/** Browser and system in words, from what the browser says of itself. */
export function deviceInWords(userAgent: string | null): string {
  const text = userAgent ?? ''
  const browser = browsers.find(([pattern]) => pattern.test(text))?.[1]
  const system = systems.find(([pattern]) => pattern.test(text))?.[1]
  if (browser && system) return `${browser} on ${system}`
  return browser ?? system ?? 'Unknown device'
}
