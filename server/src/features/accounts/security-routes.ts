import {
  passkey,
  passkeyRegistration,
  passkeySignIn,
  passwordProof,
  recoveryCodes,
  signInAnswer,
  twoFactorConfirmation,
  twoFactorSetup,
  webAuthnOptions,
} from '@backlot/contract'
import { z } from 'zod'
import type { Api } from '../../platform/http/index.ts'
import { callerOf } from './auth-calls.ts'
import {
  listPasskeys,
  passkeyRegistrationOptions,
  passkeySignInOptions,
  registerPasskey,
  removePasskey,
  signInWithPasskey,
} from './passkeys.ts'
import type { Room } from './room.ts'
import { setCookies } from './sign-in.ts'
import { confirmTwoFactor, disableTwoFactor, prepareTwoFactor, renewRecoveryCodes } from './two-factor.ts'

export function twoFactorRoutes(api: Api, room: Room): void {
  api.route(
    {
      method: 'post',
      path: '/v1/two-factor',
      access: 'account',
      summary: 'Prepare an authenticator app',
      body: passwordProof,
      answer: twoFactorSetup,
      errors: ['credentials_wrong', 'state_conflict'],
    },
    async (input) => prepareTwoFactor(room, callerOf(input), input.identity, input.body.password),
  )
  api.route(
    {
      method: 'post',
      path: '/v1/two-factor/confirm',
      access: 'account',
      summary: 'Turn the second factor on with a first code',
      body: twoFactorConfirmation,
      errors: ['second_factor_wrong', 'state_conflict'],
    },
    async (input) => {
      const cookies = await confirmTwoFactor(room, callerOf(input), input.identity, input.body.code)
      setCookies(input.context, cookies)
      return undefined
    },
  )
  api.route(
    {
      method: 'post',
      path: '/v1/two-factor/disable',
      access: 'account',
      summary: 'Turn the second factor off',
      body: passwordProof,
      errors: ['credentials_wrong'],
    },
    async (input) => {
      const cookies = await disableTwoFactor(room, callerOf(input), input.identity, input.body.password)
      setCookies(input.context, cookies)
      return undefined
    },
  )
  api.route(
    {
      method: 'post',
      path: '/v1/two-factor/recovery-codes',
      access: 'account',
      summary: 'Make new recovery codes',
      body: passwordProof,
      answer: recoveryCodes,
      errors: ['credentials_wrong', 'state_conflict'],
    },
    async (input) => ({
      recovery_codes: await renewRecoveryCodes(room, callerOf(input), input.identity, input.body.password),
    }),
  )
}

export function passkeyRoutes(api: Api, room: Room): void {
  api.route(
    {
      method: 'post',
      path: '/v1/sign-in/passkey-options',
      access: 'public',
      summary: 'What a browser needs to sign in with a passkey',
      answer: webAuthnOptions,
      errors: ['too_many_attempts'],
    },
    async (input) => {
      const { options, cookies } = await passkeySignInOptions(room, callerOf(input))
      setCookies(input.context, cookies)
      return options
    },
  )
  api.route(
    {
      method: 'post',
      path: '/v1/sign-in/passkey',
      access: 'public',
      summary: 'Sign in with a passkey',
      body: passkeySignIn,
      answer: signInAnswer,
      errors: ['credentials_wrong', 'too_many_attempts', 'account_suspended'],
    },
    async (input) => {
      const { answer, cookies } = await signInWithPasskey(room, callerOf(input), input.body.response)
      setCookies(input.context, cookies)
      return answer
    },
  )
  api.route(
    {
      method: 'post',
      path: '/v1/passkeys/options',
      access: 'account',
      summary: 'What a browser needs to make a passkey',
      answer: webAuthnOptions,
      errors: ['sign_in_stale'],
    },
    async (input) => {
      const { options, cookies } = await passkeyRegistrationOptions(room, callerOf(input))
      setCookies(input.context, cookies)
      return options
    },
  )
  api.route(
    {
      method: 'post',
      path: '/v1/passkeys',
      access: 'account',
      summary: 'Add a passkey',
      body: passkeyRegistration,
      answer: passkey,
      status: 201,
      errors: ['credentials_wrong', 'sign_in_stale'],
    },
    async (input) => registerPasskey(room, callerOf(input), input.body),
  )
  api.route(
    {
      method: 'get',
      path: '/v1/passkeys',
      access: 'account',
      summary: 'One’s passkeys',
      answer: z.object({ data: z.array(passkey) }),
    },
    async ({ identity }) => ({ data: await listPasskeys(room, identity) }),
  )
  api.route(
    {
      method: 'delete',
      path: '/v1/passkeys/{id}',
      access: 'account',
      summary: 'Remove a passkey',
      params: z.object({ id: z.string().max(60) }),
      errors: ['not_found'],
    },
    async ({ identity, params }) => {
      await removePasskey(room, identity, params.id)
      return undefined
    },
  )
}
