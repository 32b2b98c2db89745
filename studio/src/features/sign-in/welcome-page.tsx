import { useSuspenseQuery } from '@tanstack/react-query'
import { call } from '../../lib/api.ts'
import { meQuery, serviceQuery } from '../../lib/queries.ts'
import { useSubmit } from '../../lib/submit-form.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Acceptance } from './acceptance.tsx'
import { AuthPage } from './auth-page.tsx'

/** Shown when an account has not accepted the current terms: after the first OAuth sign-in, and when they change. */
export function WelcomePage({ onAccepted, onSignOut }: { onAccepted: () => void; onSignOut: () => void }) {
  const { data: service } = useSuspenseQuery(serviceQuery)
  const { data: me } = useSuspenseQuery(meQuery)
  const form = useSubmit(async (fields) => {
    await call('/v1/terms/accept', {
      method: 'POST',
      json: {
        terms_version: service.terms_version,
        accept_terms: fields.has('accept_terms'),
        confirm_age: fields.has('confirm_age'),
      },
    })
    onAccepted()
  })
  return (
    <AuthPage
      title={me.terms.accepted === null ? 'One thing before you start' : 'The terms have changed'}
      serviceName={service.name}
      lead={`Signed in as ${me.user.email}.`}
    >
      <form onSubmit={form.onSubmit} noValidate className="space-y-4">
        <Acceptance
          minimumAge={service.minimum_age}
          termsVersion={service.terms_version}
          fault={form.fault}
        />
        {form.sentence ? <Notice look="fault">{form.sentence}</Notice> : null}
        <Button type="submit" look="primary" className="w-full" busyLabel={form.busy && 'Saving…'}>
          Continue to the studio
        </Button>
        <Button look="quiet" className="w-full" onClick={onSignOut}>
          Sign out instead
        </Button>
      </form>
    </AuthPage>
  )
}
