import {
  emailVerification,
  me,
  passwordChange,
  passwordReset,
  resetRequest,
  session,
  termsAcceptance,
} from '@backlot/contract'
import { z } from 'zod'
import type { Api } from '../../platform/http/index.ts'
import { resendVerification, verifyEmail } from './email-verification.ts'
import { acceptTerms, describeMe } from './me.ts'
import { changePassword, requestReset, resetPassword } from './passwords.ts'
import type { Room } from './room.ts'
import { endOtherSessions, endSession, listSessions, signOut } from './sessions.ts'
import { setCookies } from './sign-in.ts'

const idParams = z.object({ id: z.string().max(60) })

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
