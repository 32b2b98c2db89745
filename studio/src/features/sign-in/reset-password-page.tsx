import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../lib/api.ts'
import { passwordCharactersMin, passwordHint } from '../../lib/password-rules.ts'
import { textOf, useSubmit } from '../../lib/submit-form.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { AuthPage } from './auth-page.tsx'

/** Asks for a link, or, with the token of one, takes the new password. */
export function ResetPasswordPage({ token }: { token: string | undefined }) {
  return token ? <ChoosePassword token={token} /> : <AskForLink />
}

function AskForLink() {
  const [sentTo, setSentTo] = useState<string | null>(null)
  const form = useSubmit(async (fields) => {
    const email = textOf(fields, 'email') ?? ''
    await call('/v1/password/reset-requests', { method: 'POST', json: { email } })
    setSentTo(email)
  })
  return (
    <AuthPage
      title="Forgot the password"
      lead={sentTo ? undefined : 'We send a link that lets you choose a new one.'}
    >
      {sentTo ? (
        <Notice look="good">
          If {sentTo} has an account here, a link is on its way. Without a mail server it is shown to the
          operator instead: ask them for it.
        </Notice>
      ) : (
        <form onSubmit={form.onSubmit} noValidate className="space-y-4">
          <Field
            label="E-mail"
            name="email"
            type="email"
            autoComplete="username"
            autoFocus
            required
            fault={form.fault('email')}
          />
          {form.sentence ? <Notice look="fault">{form.sentence}</Notice> : null}
          <Button type="submit" look="primary" className="w-full" busyLabel={form.busy && 'Sending…'}>
            Send the link
          </Button>
        </form>
      )}
      <Link to="/sign-in" className="mt-6 inline-flex min-h-11 items-center underline underline-offset-4">
        Back to sign in
      </Link>
    </AuthPage>
  )
}

function ChoosePassword({ token }: { token: string }) {
  const [done, setDone] = useState(false)
  const form = useSubmit(async (fields) => {
    await call('/v1/password/resets', {
      method: 'POST',
      json: { token, password: textOf(fields, 'password') ?? '' },
    })
    setDone(true)
  })
  return (
    <AuthPage title="Choose a new password">
      {done ? (
        <div className="space-y-4">
          <Notice look="good">The password is changed, and every other session has ended.</Notice>
          <Link to="/sign-in" className={buttonClass('primary', 'w-full')}>
            Sign in
          </Link>
        </div>
      ) : (
        <form onSubmit={form.onSubmit} noValidate className="space-y-4">
          <Field
            label="New password"
            name="password"
            type="password"
            autoComplete="new-password"
            minLength={passwordCharactersMin}
            autoFocus
            required
            hint={passwordHint}
            fault={form.fault('password')}
          />
          {form.sentence ? <Notice look="fault">{form.sentence}</Notice> : null}
          <Button type="submit" look="primary" className="w-full" busyLabel={form.busy && 'Saving…'}>
            Save password
          </Button>
        </form>
      )}
    </AuthPage>
  )
}
