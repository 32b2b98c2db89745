import { useSuspenseQuery } from '@tanstack/react-query'
import { call } from '../../lib/api.ts'
import { passwordCharactersMin, passwordHint } from '../../lib/password-rules.ts'
import { serviceQuery, setupQuery } from '../../lib/queries.ts'
import { textOf, useSubmit } from '../../lib/submit-form.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Acceptance } from './acceptance.tsx'
import { AuthPage } from './auth-page.tsx'

/** The first visitor of a new deployment becomes its operator. */
export function SetupPage({ token, onDone }: { token: string | undefined; onDone: () => void }) {
  const { data: service } = useSuspenseQuery(serviceQuery)
  const { data: setup } = useSuspenseQuery(setupQuery)

  const form = useSubmit(async (fields) => {
    await call('/v1/setup', {
      method: 'POST',
      json: {
        email: textOf(fields, 'email') ?? '',
        password: textOf(fields, 'password') ?? '',
        name: textOf(fields, 'name'),
        token: textOf(fields, 'token'),
        accept_terms: fields.has('accept_terms'),
        confirm_age: fields.has('confirm_age'),
      },
    })
    onDone()
  })

  return (
    <AuthPage
      title="Set up your lot"
      serviceName={service.name}
      lead="Create the operator’s account. It runs this deployment: models, prices, people. It stays on this machine."
    >
      <form onSubmit={form.onSubmit} noValidate className="space-y-4">
        {setup.needs_token ? (
          <Field
            label="Setup token"
            name="token"
            autoComplete="off"
            autoFocus={!token}
            required
            defaultValue={token}
            hint="Printed once in the terminal where Backlot started."
            fault={form.fault('token')}
            numbers
          />
        ) : null}
        <Field
          label="E-mail"
          name="email"
          type="email"
          autoComplete="email"
          autoFocus={!setup.needs_token || Boolean(token)}
          required
          fault={form.fault('email')}
        />
        <Field label="Name" name="name" autoComplete="name" hint="Optional." fault={form.fault('name')} />
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
        <Acceptance
          minimumAge={service.minimum_age}
          termsVersion={service.terms_version}
          fault={form.fault}
        />
        {form.sentence ? <Notice look="fault">{form.sentence}</Notice> : null}
        <Button type="submit" look="primary" className="w-full" busyLabel={form.busy && 'Setting up…'}>
          Create operator account
        </Button>
      </form>
    </AuthPage>
  )
}
