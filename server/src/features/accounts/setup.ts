import { createHash, timingSafeEqual } from 'node:crypto'
import { AppError } from '../../platform/app-error.ts'
import { isLoopback } from '../../platform/loopback.ts'
import { lockSetup, operatorExists } from './account-store.ts'
import type { Caller } from './auth-calls.ts'
import { beginSession } from './begin-session.ts'
import { insertPerson } from './create-account.ts'
import type { Room } from './room.ts'
import { addressKey, limits, throttled } from './throttle.ts'

export interface Setup {
  readonly email: string
  readonly password: string
  readonly name?: string | undefined
  readonly token?: string | undefined
}

/** What the first visitor must do. */
export async function setupStatus(room: Room): Promise<{ needs_operator: boolean; needs_token: boolean }> {
  const needed = !(await operatorExists(room.db))
  return { needs_operator: needed, needs_token: needed && room.setupToken !== null }
}

/**
 * Makes the first operator's account and begins its session. Of any number of visitors exactly one succeeds.
 *
 * @returns the cookies to set
 * @throws AppError `setup_done`, `setup_token_wrong`, `email_taken`, `origin_refused`, `too_many_attempts`
 */
export async function setUp(room: Room, caller: Caller, input: Setup): Promise<string[]> {
  if (await operatorExists(room.db)) throw setupDone()
  if (room.setupToken === null) assertLocalPage(room, caller)
  const by = [{ limit: limits.setupByAddress, key: addressKey(caller.clientAddress) }]
  const userId = await throttled(room, by, async () => {
    if (room.setupToken !== null && !sameText(input.token ?? '', room.setupToken)) {
      throw new AppError('setup_token_wrong', 'The token is wrong. It stands in the terminal of the server.')
    }
    const passwordHash = await room.hashing.hash(input.password)
    const at = room.clock.now()
    return room.db.transaction(async (tx) => {
      await lockSetup(tx)
      if (await operatorExists(tx)) throw setupDone()
      const { email, name } = input
      const made = await insertPerson(
        room,
        tx,
        { email, passwordHash, name: name ?? '', role: 'operator', termsFrom: 'setup' },
        at,
      )
      return made.userId
    })
  })
  return beginSession(room, caller, userId)
}

/**
 * Without a token, being on this machine is the proof. A page of another site could have its name point here
 * (DNS rebinding), and a proxy that nobody declared could bring strangers; neither can hide the name that it asks for,
 * and most proxies say that they are one.
 */
function assertLocalPage(room: Room, { headers }: Caller): void {
  const isForwarded = ['forwarded', 'x-forwarded-for', 'x-forwarded-host'].some((name) => headers.has(name))
  const origin = headers.get('origin')
  const host = headers.get('host')
  const isOurs = (address: string) => URL.canParse(address) && isLoopback(new URL(address).hostname)
  const isLocal =
    !isForwarded &&
    (origin === null || origin === room.publicOrigin || isOurs(origin)) &&
    (host === null || isOurs(`http://${host}`))
  if (isLocal) return
  throw new AppError('origin_refused', 'Open the address that the terminal printed to set this service up.')
}

function setupDone(): AppError {
  return new AppError('setup_done', 'The operator’s account exists already. Sign in.')
}

function sameText(given: string, expected: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(expected))
}
