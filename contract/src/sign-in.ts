import { z } from 'zod'
import { email, password } from './accounts.ts'

/** `POST /v1/sign-in`. The password is not held to today's rules: it may be older than they are. */
export const signInRequest = z.strictObject({ email, password: z.string().min(1).max(200) })

export const signInAnswer = z.object({
  state: z.enum(['signed_in', 'second_factor_required']),
  methods: z
    .array(z.enum(['totp', 'recovery_code']))
    .describe('How the second factor may be proven; empty when signed in.'),
})
export type SignInAnswer = z.infer<typeof signInAnswer>

/** `POST /v1/sign-in/second-factor`, within ten minutes of the password, in the same browser. */
export const secondFactorRequest = z.strictObject({
  method: z.enum(['totp', 'recovery_code']).default('totp'),
  code: z.string().trim().min(6).max(40),
})

/** `POST /v1/sign-in/providers/{id}` */
export const providerSignInRequest = z.strictObject({
  invitation: z.string().max(200).optional(),
  return_to: z
    .string()
    .max(500)
    .regex(/^\/(?![/\\])/, 'A path on this service.')
    .optional(),
})
/** Where to send the browser. */
export const providerSignInAnswer = z.object({ url: z.string() })

/** `POST /v1/terms/accept`, for whoever came in without (by Google, GitHub, …) or before they changed. */
export const termsAcceptance = z.strictObject({
  terms_version: z.string().max(40),
  accept_terms: z.literal(true),
  confirm_age: z.literal(true),
})

/** `POST /v1/password`. `current_password` may be absent only where none was set yet. */
export const passwordChange = z.strictObject({
  current_password: z.string().max(200).optional(),
  new_password: password,
})
/** `POST /v1/password/reset-requests`: always answers 202. */
export const resetRequest = z.strictObject({ email })
/** `POST /v1/password/resets` */
export const passwordReset = z.strictObject({ token: z.string().min(1).max(200), password })
/** `POST /v1/email/verifications` */
export const emailVerification = z.strictObject({ token: z.string().min(1).max(200) })

/** `POST /v1/two-factor` and what follows it. `password` may be absent only where none is set. */
export const passwordProof = z.strictObject({ password: z.string().max(200).optional() })
export const twoFactorSetup = z.object({
  totp_uri: z.string().describe('For the QR code of an authenticator app.'),
  recovery_codes: z.array(z.string()).describe('Shown once; each works once.'),
})
export const recoveryCodes = z.object({ recovery_codes: z.array(z.string()) })
export const twoFactorConfirmation = z.strictObject({ code: z.string().trim().min(6).max(10) })

export const passkey = z.object({
  id: z.string(),
  name: z.string(),
  created_at: z.string().nullable(),
})
export type Passkey = z.infer<typeof passkey>
/** What a browser's `navigator.credentials` takes and gives, as JSON; its shape is WebAuthn's. */
export const webAuthnOptions = z.record(z.string(), z.unknown())
export const passkeyRegistration = z.strictObject({
  name: z.string().trim().min(1).max(100),
  response: z.record(z.string(), z.unknown()),
})
export const passkeySignIn = z.strictObject({ response: z.record(z.string(), z.unknown()) })
