import { newId } from '@backlot/contract'
import { passkey } from '@better-auth/passkey'
import { betterAuth } from 'better-auth'
import { APIError } from 'better-auth/api'
import { genericOAuth, twoFactor } from 'better-auth/plugins'
import type { Database } from '../../platform/db/index.ts'
import type { Logger } from '../../platform/log.ts'
import type { PasswordHashing } from './password-hashing.ts'
import type { SignInProvider } from './room.ts'
import { cookieNames } from './session-cookie.ts'

export const addressHeader = 'x-backlot-client-address'
export const sessionDays = 30
const daySeconds = 86_400

/** What Better Auth must ask us while it works; the answers live in the ceremonies' own files. */
export interface AuthHooks {
  /** May a stranger who comes from `providerId` become a user? A text is the code of the refusal. */
  mayRegister(person: { email: string; emailVerified: boolean }): Promise<string | null>
  /** May `providerId` become another way in for the user of that address? */
  mayLink(person: { email: string }): Promise<string | null>
  onUserCreated(userId: string): Promise<void>
  /** Called before any session begins; a text is the code of the refusal. */
  maySignIn(userId: string, how: { atProvider: boolean }): Promise<string | null>
}

export interface AuthOptions {
  readonly db: Database
  readonly log: Logger
  readonly hashing: PasswordHashing
  readonly publicOrigin: string
  readonly secret: string
  readonly serviceName: string
  readonly providers: readonly SignInProvider[]
  readonly hooks: AuthHooks
}

const generatedIds: Readonly<Record<string, () => string>> = {
  user: () => newId('usr'),
  session: () => newId('ses'),
  account: () => newId('sim'),
  twoFactor: () => newId('sef'),
  passkey: () => newId('pas'),
}

/**
 * Better Auth, confined: our tables under our names, our ids, no telemetry, no limiter of its own, no cookie cache
 * (it would outlive a sign-out and skip the second factor), tokens of providers thrown away. Its endpoints are
 * called by our ceremonies; only the providers' call-back is reachable from outside.
 */
export function createAuth(options: AuthOptions) {
  const { db, log, hashing, hooks, publicOrigin } = options
  const cookies = cookieNames(publicOrigin)
  const google = options.providers.find((provider) => provider.id === 'google')
  const github = options.providers.find((provider) => provider.id === 'github')

  return betterAuth({
    appName: options.serviceName,
    baseURL: publicOrigin,
    basePath: '/api/auth',
    // As a list, because without one Better Auth would look for one in the environment.
    secrets: [{ version: 1, value: options.secret }],
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    database: { db: db.kysely, type: 'postgres', transaction: true },
    logger: {
      disabled: false,
      // Its warnings are failed sign-ins, which we count ourselves.
      level: 'error',
      // Only the sentence: what it logs beside it may hold addresses and tokens.
      log: (_level, message) => log.warn({ from: 'better-auth' }, message),
    },
    onAPIError: { errorURL: `${publicOrigin}/sign-in` },
    advanced: {
      cookiePrefix: cookies.prefix,
      useSecureCookies: cookies.secure,
      defaultCookieAttributes: { sameSite: 'lax', httpOnly: true, path: '/' },
      ipAddress: { ipAddressHeaders: [addressHeader], ipv6Subnet: 128 },
      database: {
        generateId: ({ model }) => (generatedIds[model] ?? (() => newId('ver')))(),
        validateSchema: false,
      },
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 1,
      maxPasswordLength: 200,
      password: { hash: hashing.hash, verify: hashing.verify },
    },
    socialProviders: {
      ...(google && 'clientSecret' in google
        ? { google: { clientId: google.clientId, clientSecret: google.clientSecret } }
        : {}),
      ...(github && 'clientSecret' in github
        ? { github: { clientId: github.clientId, clientSecret: github.clientSecret } }
        : {}),
    },
    user: {
      modelName: 'users',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
      async validateUserInfo({ user, source }) {
        const email = user.email?.toLowerCase()
        if (!email) return { error: 'email_missing' }
        const person = { email, emailVerified: user.emailVerified === true }
        const refusal =
          source.action === 'create-user'
            ? await hooks.mayRegister(person)
            : source.action === 'link-account'
              ? await hooks.mayLink(person)
              : null
        return refusal === null ? undefined : { error: refusal }
      },
    },
    session: {
      modelName: 'sessions',
      fields: {
        userId: 'user_id',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        expiresAt: 'expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
      expiresIn: sessionDays * daySeconds,
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
    },
    account: {
      modelName: 'sign_in_methods',
      fields: {
        userId: 'user_id',
        providerId: 'provider_id',
        accountId: 'provider_user_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
      updateAccountOnSignIn: false,
      accountLinking: { enabled: true, requireLocalEmailVerified: true, trustedProviders: [] },
    },
    verification: {
      modelName: 'verifications',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
      storeIdentifier: 'hashed',
    },
    databaseHooks: {
      user: {
        create: {
          before: async (user) => ({ data: { ...user, image: null, name: (user.name ?? '').slice(0, 100) } }),
          after: async (user) => hooks.onUserCreated(user.id),
        },
      },
      account: {
        create: {
          // We only need to know who somebody is; what we do not keep cannot leak.
          before: async (account) => ({
            data: {
              ...account,
              accessToken: null,
              refreshToken: null,
              idToken: null,
              accessTokenExpiresAt: null,
              refreshTokenExpiresAt: null,
            },
          }),
        },
      },
      session: {
        create: {
          before: async (session, context) => {
            const atProvider = context?.path?.startsWith('/callback') ?? false
            const refusal = await hooks.maySignIn(session.userId, { atProvider })
            if (refusal !== null) throw new APIError('FORBIDDEN', { code: refusal, message: refusal })
            // As we write addresses, not spelled out; sessions that we begin ourselves bring theirs.
            const address = context?.headers?.get(addressHeader)
            return { data: { ...session, ...(address ? { ipAddress: address } : {}) } }
          },
        },
      },
    },
    plugins: [
      twoFactor({
        issuer: options.serviceName,
        allowPasswordless: true,
        backupCodeOptions: { amount: 10, length: 10, storeBackupCodes: 'encrypted' },
        schema: {
          user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
          twoFactor: {
            modelName: 'second_factors',
            fields: {
              userId: 'user_id',
              backupCodes: 'backup_codes',
              failedVerificationCount: 'failed_verification_count',
              lockedUntil: 'locked_until',
            },
          },
        },
      }),
      passkey({
        rpID: new URL(publicOrigin).hostname,
        rpName: options.serviceName,
        origin: publicOrigin,
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        advanced: { webAuthnChallengeCookie: 'passkey' },
        authentication: {
          // A passkey replaces password and second factor, so the device must have asked for its owner.
          afterVerification: async ({ verification }) => {
            if (!verification.authenticationInfo.userVerified) {
              throw new APIError('UNAUTHORIZED', { code: 'user_not_verified' })
            }
          },
        },
        schema: {
          passkey: {
            modelName: 'passkeys',
            fields: {
              userId: 'user_id',
              publicKey: 'public_key',
              credentialID: 'credential_id',
              deviceType: 'device_type',
              backedUp: 'backed_up',
              createdAt: 'created_at',
            },
          },
        },
      }),
      genericOAuth({
        config: options.providers.flatMap((provider) =>
          'issuer' in provider
            ? [
                {
                  providerId: provider.id,
                  name: provider.name,
                  discoveryUrl: `${provider.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
                  clientId: provider.clientId,
                  clientSecret: provider.clientSecret,
                  scopes: ['openid', 'email', 'profile'],
                  pkce: true,
                  requireIdTokenVerification: true,
                },
              ]
            : [],
        ),
      }),
    ],
  })
}

export type Auth = ReturnType<typeof createAuth>
