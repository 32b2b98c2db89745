import {
  providerSignInAnswer,
  providerSignInRequest,
  secondFactorRequest,
  service,
  setupRequest,
  setupStatus as setupStatusShape,
  signInAnswer,
  signInRequest,
  signUpRequest,
} from '@backlot/contract'
import { z } from 'zod'
import type { Api } from '../../platform/http/index.ts'
import { callerOf } from './auth-calls.ts'
import { finishProviderSignIn, providerNames, startProviderSignIn } from './provider-sign-in.ts'
import type { Room } from './room.ts'
import { setUp, setupStatus } from './setup.ts'
import { proveSecondFactor, setCookies, signIn } from './sign-in.ts'
import { signUp } from './sign-up.ts'

const idParams = z.object({ id: z.string().max(60) })
const signedUp = z.object({ state: z.literal('signed_in') })

/** The way in, for strangers. */
export function entranceRoutes(api: Api, room: Room): void {
  const { profile } = room
  api.route(
    {
      method: 'get',
      path: '/v1/service',
      access: 'public',
      summary: 'What the sign-in pages need to know',
      answer: service,
    },
    async ({ identity }) => ({
      name: profile.name,
      registration: profile.registration,
      minimum_age: profile.minimumAge,
      terms_version: profile.termsVersion,
      sign_in_with: providerNames(room),
      mail: room.sendsMail,
      contact_email: profile.contactEmail,
      signed_in: identity !== null,
    }),
  )
  api.route(
    {
      method: 'get',
      path: '/v1/setup',
      access: 'public',
      summary: 'Whether an operator is still needed',
      answer: setupStatusShape,
    },
    async () => setupStatus(room),
  )
  api.route(
    {
      method: 'post',
      path: '/v1/setup',
      access: 'public',
      summary: 'Make the first operator’s account',
      body: setupRequest,
      answer: signedUp,
      status: 201,
      errors: ['setup_done', 'setup_token_wrong', 'too_many_attempts'],
    },
    async (input) => {
      setCookies(input.context, await setUp(room, callerOf(input), input.body))
      return { state: 'signed_in' as const }
    },
  )
  api.route(
    {
      method: 'post',
      path: '/v1/sign-up',
      access: 'public',
      summary: 'Make an account',
      body: signUpRequest,
      answer: signedUp,
      status: 201,
      errors: [
        'registration_closed',
        'invitation_invalid',
        'terms_not_accepted',
        'email_taken',
        'too_many_attempts',
      ],
    },
    async (input) => {
      setCookies(input.context, await signUp(room, callerOf(input), input.body))
      return { state: 'signed_in' as const }
    },
  )
  api.route(
    {
      method: 'post',
      path: '/v1/sign-in',
      access: 'public',
      summary: 'Sign in with a password',
      body: signInRequest,
      answer: signInAnswer,
      errors: ['credentials_wrong', 'too_many_attempts', 'account_suspended', 'overloaded'],
    },
    async (input) => {
      const { answer, cookies } = await signIn(room, callerOf(input), input.body)
      setCookies(input.context, cookies)
      return answer
    },
  )
  api.route(
    {
      method: 'post',
      path: '/v1/sign-in/second-factor',
      access: 'public',
      summary: 'Prove the second factor',
      body: secondFactorRequest,
      answer: signInAnswer,
      errors: ['second_factor_wrong', 'too_many_attempts'],
    },
    async (input) => {
      const { answer, cookies } = await proveSecondFactor(room, callerOf(input), input.body)
      setCookies(input.context, cookies)
      return answer
    },
  )
  api.route(
    {
      method: 'post',
      path: '/v1/sign-in/providers/{id}',
      access: 'public',
      summary: 'Begin a sign-in at a provider',
      params: idParams,
      body: providerSignInRequest,
      answer: providerSignInAnswer,
      errors: ['not_found', 'unavailable', 'too_many_attempts'],
    },
    async (input) => {
      const { url, cookies } = await startProviderSignIn(room, callerOf(input), {
        provider: input.params.id,
        invitation: input.body.invitation,
        returnTo: input.body.return_to,
      })
      setCookies(input.context, cookies)
      return { url }
    },
  )
  // The only page of Better Auth that the outside reaches; everything else under its path does not exist.
  api.app.get('/api/auth/callback/:provider', (context) =>
    finishProviderSignIn(room, context.req.raw, context.get('clientAddress'), context.req.param('provider')),
  )
}
