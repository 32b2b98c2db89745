import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { call } from '../../lib/api.ts'
import { passwordCharactersMin, passwordHint } from '../../lib/password-rules.ts'
import { serviceQuery } from '../../lib/queries.ts'
import { textOf, useSubmit } from '../../lib/submit-form.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Acceptance } from './acceptance.tsx'
import { AuthPage } from './auth-page.tsx'
import { ProviderButtons } from './provider-buttons.tsx'

export function SignUpPage({
  invitation,
  onSignedIn,
}: {
  invitation: string | undefined
  onSignedIn: () => void
}) {
  const { data: service } = useSuspenseQuery(serviceQuery)

  const form = useSubmit(async (fields) => {
    await call('/v1/sign-up', {
      method: 'POST',
      json: {
        email: textOf(fields, 'email') ?? '',
        password: textOf(fields, 'password') ?? '',
        name: textOf(fields, 'name'),
        invitation: textOf(fields, 'invitation') ?? invitation,
        terms_version: service.terms_version,
        accept_terms: fields.has('accept_terms'),
        confirm_age: fields.has('confirm_age'),
      },
    })
    onSignedIn()
  })

  if (service.registration === 'closed') {
    return (
      <AuthPage
        title="Registration is closed"
        serviceName={service.name}
        lead={`New accounts are made by the operator. Write to ${service.contact_email}.`}
      >
        <Link to="/sign-in" className={buttonClass('plain')}>
          Sign in instead
        </Link>
      </AuthPage>
    )
  }

  return (
    <AuthPage
      title="Create an account"
      serviceName={service.name}
      lead={
        service.registration === 'invited' && !invitation
          ? 'Registration needs an invitation. Open the link in yours, or paste its code below.'
          : undefined
      }
    >
      <form onSubmit={form.onSubmit} noValidate className="space-y-4">
        <Field
          label="E-mail"
          name="email"
          type="email"
          autoComplete="email"
          autoFocus
          required
          fault={form.fault('email')}
        />
        <Field
          label="Name"
          name="name"
          autoComplete="name"
          hint="Optional. Only you and the operator see it."
          fault={form.fault('name')}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={passwordCharactersMin}
          required
          hint={passwordHint}
          fault={form.fault('password')}
        />
        {service.registration === 'invited' && !invitation ? (
          <Field label="Invitation" name="invitation" required fault={form.fault('invitation')} />
        ) : null}
        <Acceptance
          minimumAge={service.minimum_age}
          termsVersion={service.terms_version}
          fault={form.fault}
        />
        {form.sentence ? <Notice look="fault">{form.sentence}</Notice> : null}
        <Button type="submit" look="primary" className="w-full" busyLabel={form.busy && 'Creating…'}>
          Create account
        </Button>
      </form>
      {service.sign_in_with.length > 0 ? (
        <div className="mt-6 space-y-3 border-t border-line pt-6">
          <ProviderButtons service={service} returnTo="/studio" invitation={invitation} />
        </div>
      ) : null}
      <Link to="/sign-in" className="mt-6 inline-flex min-h-11 items-center underline underline-offset-4">
        I have an account
      </Link>
    </AuthPage>
  )
}
