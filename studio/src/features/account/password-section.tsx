import { useState } from 'react'
import { call } from '../../lib/api.ts'
import { keys } from '../../lib/keys.ts'
import { passwordCharactersMin } from '../../lib/password-rules.ts'
import { queryClient } from '../../lib/query-client.ts'
import { textOf, useSubmit } from '../../lib/submit-form.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/panel.tsx'

export function PasswordSection({ hasPassword }: { hasPassword: boolean }) {
  const [done, setDone] = useState(false)
  const form = useSubmit(async (fields, element) => {
    setDone(false)
    await call('/v1/password', {
      method: 'POST',
      json: {
        current_password: textOf(fields, 'current_password'),
        new_password: textOf(fields, 'new_password') ?? '',
      },
    })
    element.reset()
    setDone(true)
    void queryClient.invalidateQueries({ queryKey: keys.me })
    void queryClient.invalidateQueries({ queryKey: ['sessions'] })
  })
  return (
    <Section
      title="Password"
      about={
        hasPassword ? 'Changing it ends every other session.' : 'You sign in without one. You may set one.'
      }
    >
      <form onSubmit={form.onSubmit} noValidate className="max-w-sm space-y-4">
        {hasPassword ? (
          <Field
            label="Current password"
            name="current_password"
            type="password"
            autoComplete="current-password"
            required
            fault={form.fault('current_password')}
          />
        ) : null}
        <Field
          label="New password"
          name="new_password"
          type="password"
          autoComplete="new-password"
          minLength={passwordCharactersMin}
          required
          hint={`At least ${passwordCharactersMin} characters.`}
          fault={form.fault('new_password')}
        />
        {form.sentence ? <Notice look="fault">{form.sentence}</Notice> : null}
        {done ? <Notice look="good">The password is changed.</Notice> : null}
        <Button type="submit" busyLabel={form.busy && 'Saving…'}>
          {hasPassword ? 'Change password' : 'Set password'}
        </Button>
      </form>
    </Section>
  )
}
