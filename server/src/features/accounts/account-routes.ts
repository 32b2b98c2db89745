import {
  emailVerification,
  me,
  passwordChange,
  passwordReset,
  providerSignInAnswer,
  providerSignInRequest,
  resetRequest,
  secondFactorRequest,
  service,
  session,
  setupRequest,
  setupStatus as setupStatusShape,
  signInAnswer,
  signInRequest,
  signUpRequest,
  termsAcceptance,
} from '@backlot/contract'
import { z } from 'zod'
import type { Api } from '../../platform/http/index.ts'
import { callerOf } from './auth-calls.ts'
import { resendVerification, verifyEmail } from './email-verification.ts'
import { acceptTerms, describeMe } from './me.ts'
import { changePassword, requestReset, resetPassword } from './passwords.ts'
import { finishProviderSignIn, providerNames, startProviderSignIn } from './provider-sign-in.ts'
import type { Room } from './room.ts'
import { endOtherSessions, endSession, listSessions, signOut } from './sessions.ts'
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
      errors: ['not_found', 'unavailable'],
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

/** Password and address, by links from mails. */
export function mailLinkRoutes(api: Api, room: Room): void {
  api.route(
    {
      method: 'post',
      path: '/v1/password/reset-requests',
      access: 'public',
      summary: 'Ask for a link that resets the password',
      body: resetRequest,
      errors: ['too_many_attempts'],
    },
    async ({ body, clientAddress, context }) => {
      await requestReset(room, clientAddress, body.email)
      return context.json({}, 202)
    },
  )
  api.route(
    {
      method: 'post',
      path: '/v1/password/resets',
      access: 'public',
      summary: 'Set a new password by the link from the mail',
      body: passwordReset,
      errors: ['signature_invalid', 'too_many_attempts'],
    },
    async ({ body, clientAddress }) => {
      await resetPassword(room, clientAddress, body)
      return undefined
    },
  )
  api.route(
    {
      method: 'post',
      path: '/v1/email/verifications',
      access: 'public',
      summary: 'Verify the e-mail address by the link from the mail',
      body: emailVerification,
      errors: ['signature_invalid', 'too_many_attempts'],
    },
    async ({ body, clientAddress }) => {
      await verifyEmail(room, clientAddress, body.token)
      return undefined
    },
  )
  api.route(
    {
      method: 'post',
      path: '/v1/email/verification-requests',
      access: 'account',
      summary: 'Send the verification mail again',
      errors: ['state_conflict', 'too_many_attempts'],
    },
    async ({ identity, context }) => {
      await resendVerification(room, identity.userId)
      return context.json({}, 202)
    },
  )
}

/** What a signed-in person does with their own sign-in. */
export function ownAccountRoutes(api: Api, room: Room): void {
  api.route(
    { method: 'get', path: '/v1/me', access: 'account', summary: 'Who is signed in', answer: me },
    async ({ identity }) => describeMe(room, identity),
  )
  api.route(
    { method: 'post', path: '/v1/sign-out', access: 'public', summary: 'End this session' },
    async ({ identity, context }) => {
      setCookies(context, [await signOut(room, identity)])
      return undefined
    },
  )
  api.route(
    {
      method: 'post',
      path: '/v1/terms/accept',
      access: 'account',
      summary: 'Accept the terms and confirm the age',
      body: termsAcceptance,
      errors: ['terms_not_accepted'],
    },
    async ({ identity, body }) => {
      await acceptTerms(room, identity, body.terms_version)
      return undefined
    },
  )
  api.route(
    {
      method: 'post',
      path: '/v1/password',
      access: 'account',
      summary: 'Change the password; other sessions end',
      body: passwordChange,
      errors: ['credentials_wrong', 'too_many_attempts'],
    },
    async ({ identity, body }) => {
      await changePassword(room, identity, body)
      return undefined
    },
  )
  api.route(
    {
      method: 'get',
      path: '/v1/sessions',
      access: 'account',
      summary: 'Where one is signed in',
      answer: z.object({ data: z.array(session) }),
    },
    async ({ identity }) => ({ data: await listSessions(room, identity) }),
  )
  api.route(
    {
      method: 'delete',
      path: '/v1/sessions/{id}',
      access: 'account',
      summary: 'End a session',
      params: idParams,
      errors: ['not_found'],
    },
    async ({ identity, params }) => {
      await endSession(room, identity, params.id)
      return undefined
    },
  )
  api.route(
    { method: 'delete', path: '/v1/sessions', access: 'account', summary: 'End all other sessions' },
    async ({ identity }) => {
      await endOtherSessions(room, identity.userId, identity.sessionId)
      return undefined
    },
  )
}
