import { hashPassword, verifyPassword } from 'better-auth/crypto'
import { AppError } from '../../platform/app-error.ts'

export interface PasswordHashing {
  hash(password: string): Promise<string>
  verify(input: { hash: string; password: string }): Promise<boolean>
}

/**
 * scrypt with a limit on how many run at once: each takes 70 ms of a core and 16 MB, so a crowd of sign-ins must
 * not starve everything else.
 *
 * @throws AppError `overloaded` when too many wait already
 */
export function createPasswordHashing(limits: { running: number; waiting: number }): PasswordHashing {
  let running = 0
  const waiting: (() => void)[] = []

  async function limited<Result>(work: () => Promise<Result>): Promise<Result> {
    if (running >= limits.running) {
      if (waiting.length >= limits.waiting) {
        throw new AppError('overloaded', 'Too many people are signing in right now. Try again in a moment.', {
          retryAfterSeconds: 5,
        })
      }
      // Whoever ends hands its place over, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else {
      running += 1
    }
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }

  return {
    hash: (password) => limited(() => hashPassword(password)),
    verify: (input) => limited(() => verifyPassword(input)),
  }
}
