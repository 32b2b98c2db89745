import { AppError } from '../../platform/app-error.ts'
import { type Auth, type AuthOptions, createAuth } from './auth.ts'

const discoveryMs = 10_000

/** Ends a wait on somebody else's server. @throws AppError `unavailable` after `ms` */
export async function withDeadline<Result>(work: Promise<Result>, ms: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new AppError('unavailable', 'The sign-in provider does not answer. Try again later.')),
      ms,
    )
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Better Auth with the providers. It reads their discovery documents when it is made, and leaves out for good whom it
 * does not reach; so it is a second one, made at the first sign-in that needs it and again until that provider was
 * there. Passwords and sessions never wait for it.
 */
export function createProviderAuth(options: AuthOptions): (providerId: string) => Promise<Auth> {
  let made: Promise<Auth> | null = null

  async function make(): Promise<Auth> {
    const auth = createAuth(options)
    await withDeadline(auth.$context, discoveryMs)
    return auth
  }

  return async (providerId) => {
    for (let tried = 0; tried < 2; tried += 1) {
      const reused = made !== null
      const current = made ?? make()
      made = current
      try {
        const auth = await current
        const { socialProviders } = await auth.$context
        if (socialProviders.some((provider) => provider.id === providerId)) return auth
      } catch (error) {
        options.log.warn({ provider: providerId, err: error }, 'a sign-in provider was not reached')
      }
      if (made === current) made = null
      if (!reused) break
    }
    throw new AppError('unavailable', 'The sign-in provider does not answer. Try again later.')
  }
}
