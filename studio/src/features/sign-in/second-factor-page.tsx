import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../lib/api.ts'
import { textOf, useSubmit } from '../../lib/submit-form.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { AuthPage } from './auth-page.tsx'

export function SecondFactorPage({ onSignedIn }: { onSignedIn: () => void }) {
  const [recovery, setRecovery] = useState(false)

  const form = useSubmit(async (fields) => {
    const code = (textOf(fields, 'code') ?? '').replaceAll(/\s/g, '')
    await call('/v1/sign-in/second-factor', {
      method: 'POST',
      json: { method: recovery ? 'recovery_code' : 'totp', code },
    })
    onSignedIn()
  })

  return (
    <AuthPage
      title="Second factor"
      lead={
        recovery
          ? 'Enter one of the recovery codes that you kept. Each works once.'
          : 'Enter the six digits that your authenticator app shows now.'
      }
    >
      <form onSubmit={form.onSubmit} noValidate className="space-y-4">
        <Field
          key={recovery ? 'recovery' : 'app'}
          label={recovery ? 'Recovery code' : 'Code'}
          name="code"
          inputMode={recovery ? 'text' : 'numeric'}
          autoComplete="one-time-code"
          autoFocus
          required
          fault={form.fault('code')}
          numbers
        />
        {form.sentence ? <Notice look="fault">{form.sentence}</Notice> : null}
        <Button type="submit" look="primary" className="w-full" busyLabel={form.busy && 'Checking…'}>
          Continue
        </Button>
      </form>
      <div className="mt-4 flex flex-wrap gap-x-6">
        <button
          type="button"
          className="min-h-11 underline underline-offset-4"
          onClick={() => setRecovery((value) => !value)}
        >
          {recovery ? 'Use the authenticator app' : 'Use a recovery code'}
        </button>
        <Link to="/sign-in" className="inline-flex min-h-11 items-center underline underline-offset-4">
          Start again
        </Link>
      </div>
    </AuthPage>
  )
}
