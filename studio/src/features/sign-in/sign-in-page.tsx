import type { SignInAnswer } from '@backlot/contract'
import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { call, sentenceOf } from '../../lib/api.ts'
import { passkeysWork } from '../../lib/passkeys.ts'
import { serviceQuery } from '../../lib/queries.ts'
import { textOf, useSubmit } from '../../lib/submit-form.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { AuthPage } from './auth-page.tsx'
import { passkeySentence, signInWithPasskey } from './passkey.ts'
import { ProviderButtons, refusalSentence } from './provider-buttons.tsx'

interface SignInPageProps {
  next: string
  /** Why one is here, when it was not one's own choice. */
  reason?: string | undefined
  /** What another service sent one back with. */
  refusal?: string | undefined
  onSignedIn: () => void
  onSecondFactor: () => void
}

export function SignInPage({ next, reason, refusal, onSignedIn, onSecondFactor }: SignInPageProps) {
  const { data: service } = useSuspenseQuery(serviceQuery)
  const refused = refusalSentence(refusal)
  const [passkeyFault, setPasskeyFault] = useState<string | null>(null)
  const [passkeyBusy, setPasskeyBusy] = useState(false)

  const form = useSubmit(async (fields) => {
    const answer = await call<SignInAnswer>('/v1/sign-in', {
      method: 'POST',
      json: { email: textOf(fields, 'email') ?? '', password: textOf(fields, 'password') ?? '' },
    })
    if (answer.state === 'second_factor_required') onSecondFactor()
    else onSignedIn()
  })

  async function openWithPasskey(): Promise<void> {
    setPasskeyBusy(true)
    setPasskeyFault(null)
    try {
      await signInWithPasskey()
      onSignedIn()
    } catch (error) {
      setPasskeyFault(passkeySentence(error) ?? sentenceOf(error))
    } finally {
      setPasskeyBusy(false)
    }
  }

  return (
    <AuthPage title="Sign in" serviceName={service.name} lead={reason}>
      <form onSubmit={form.onSubmit} noValidate className="space-y-4">
        <Field
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username webauthn"
          autoFocus
          required
          fault={form.fault('email')}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          fault={form.fault('password')}
        />
        {(form.sentence ?? refused) ? <Notice look="fault">{form.sentence ?? refused}</Notice> : null}
        <Button type="submit" look="primary" className="w-full" busyLabel={form.busy && 'Signing in…'}>
          Sign in
        </Button>
      </form>

      {passkeysWork || service.sign_in_with.length > 0 ? (
        <div className="mt-6 space-y-3 border-t border-line pt-6">
          {passkeysWork ? (
            <Button
              className="w-full"
              icon={<KeyRound size={18} aria-hidden="true" />}
              busyLabel={passkeyBusy && 'Waiting for the passkey…'}
              onClick={() => void openWithPasskey()}
            >
              Sign in with a passkey
            </Button>
          ) : null}
          {passkeyFault ? <Notice look="fault">{passkeyFault}</Notice> : null}
          <ProviderButtons service={service} returnTo={next} />
        </div>
      ) : null}

      <div className="mt-6 flex flex-wrap gap-x-6">
        {service.registration === 'closed' ? null : (
          <Link to="/sign-up" className="inline-flex min-h-11 items-center underline underline-offset-4">
            Create an account
          </Link>
        )}
        <Link to="/reset-password" className="inline-flex min-h-11 items-center underline underline-offset-4">
          Forgot the password
        </Link>
      </div>
    </AuthPage>
  )
}
