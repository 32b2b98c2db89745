import { catalogue } from '@backlot/contract'
import { AppError, isAppError } from '../../platform/app-error.ts'
import { limitKey } from '../../platform/http/index.ts'
import { countAttempts, deleteAttempts, insertAttempt, updateAttempts } from './attempt-store.ts'
import type { Room } from './room.ts'

export interface Limit {
  /** What is limited, e.g. `sign_in.email`. */
  readonly kind: string
  readonly max: number
  readonly windowMs: number
}

const minuteMs = 60_000

export const limits = {
  signInByEmail: { kind: 'sign_in.email', max: 10, windowMs: 15 * minuteMs },
  signInByAddress: { kind: 'sign_in.address', max: 50, windowMs: 15 * minuteMs },
  // Each leaves a row behind until it expires.
  beginningsByAddress: { kind: 'beginnings.address', max: 200, windowMs: 15 * minuteMs },
  signUpByAddress: { kind: 'sign_up.address', max: 20, windowMs: 60 * minuteMs },
  setupByAddress: { kind: 'setup.address', max: 10, windowMs: 15 * minuteMs },
  mailByEmail: { kind: 'mail.email', max: 5, windowMs: 60 * minuteMs },
  mailByAddress: { kind: 'mail.address', max: 20, windowMs: 60 * minuteMs },
  passwordByUser: { kind: 'password.user', max: 10, windowMs: 15 * minuteMs },
  tokenByAddress: { kind: 'token.address', max: 30, windowMs: 15 * minuteMs },
} as const satisfies Record<string, Limit>

/** The key of a limit by network address: IPv4, or the /64 of IPv6. */
export function addressKey(address: string): string {
  return limitKey(address)
}

/**
 * Counts an attempt against every given limit, then lets `work` try. The attempt is written before the limits are
 * read, so that a hundred at once cannot slip through together. A failure counts; a success only with
 * `countSuccesses`; a fault of ours never.
 *
 * @throws AppError `too_many_attempts` without having run `work`
 */
export async function throttled<Result>(
  room: Room,
  keyed: readonly { limit: Limit; key: string }[],
  work: () => Promise<Result>,
  options: { countSuccesses?: boolean } = {},
): Promise<Result> {
  const now = room.clock.now()
  const attempts = await Promise.all(
    keyed.map(async ({ limit, key }) => {
      const index = room.keyring.blindIndex(`attempts.${limit.kind}`, key)
      const id = await insertAttempt(room.db, limit.kind, index, now)
      return { id, limit, index }
    }),
  )
  const ids = attempts.map((attempt) => attempt.id)
  let waitMs = 0
  for (const { limit, index } of attempts) {
    const since = new Date(now.getTime() - limit.windowMs)
    const { count, oldestAt } = await countAttempts(room.db, limit.kind, index, since)
    if (count > limit.max && oldestAt) {
      waitMs = Math.max(waitMs, oldestAt.getTime() + limit.windowMs - now.getTime())
    }
  }
  if (waitMs > 0) {
    // What was refused does not count: knocking on must not keep the door shut for good. Nor does it stay: a stranger
    // who knocks all day would make the record, and the counting of it, as large as they please.
    await deleteAttempts(room.db, ids)
    const seconds = Math.ceil(waitMs / 1000)
    throw new AppError(
      'too_many_attempts',
      `Too many attempts. Try again in ${Math.ceil(seconds / 60)} minutes.`,
      {
        retryAfterSeconds: seconds,
      },
    )
  }
  let outcome: 'failed' | 'succeeded' | 'ours' = 'failed'
  try {
    const result = await work()
    if (!options.countSuccesses) outcome = 'succeeded'
    return result
  } catch (error) {
    // What went wrong on our side is not held against anybody.
    if (!isAppError(error) || catalogue[error.code].kind !== 'user') outcome = 'ours'
    throw error
  } finally {
    if (outcome === 'ours') await deleteAttempts(room.db, ids)
    else await updateAttempts(room.db, ids, outcome)
  }
}
