import { useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { call, sentenceOf } from '../../lib/api.ts'
import { dateTime } from '../../lib/format.ts'
import { usePageTitle } from '../../lib/page-title.ts'
import { meQuery } from '../../lib/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { Fact, Facts, Section } from '../../ui/panel.tsx'
import { KeysSection } from './keys-section.tsx'
import { PasskeysSection } from './passkeys-section.tsx'
import { PasswordSection } from './password-section.tsx'
import { SessionsSection } from './sessions-section.tsx'
import { TwoFactorSection } from './two-factor-section.tsx'

export function AccountPage({ onSignOut }: { onSignOut: () => void }) {
  usePageTitle('Account')
  const { data: me } = useSuspenseQuery(meQuery)
  return (
    <Page title="Account">
      <Section title="You" actions={<Button onClick={onSignOut}>Sign out</Button>}>
        <Facts>
          <Fact name="E-mail">{me.user.email}</Fact>
          {me.user.name ? <Fact name="Name">{me.user.name}</Fact> : null}
          <Fact name="Role">{me.user.role === 'operator' ? 'Operator of this deployment' : 'Creator'}</Fact>
          <Fact name="Since">{dateTime(me.user.created_at)}</Fact>
          <Fact name="Terms">version {me.terms.accepted ?? 'not accepted'}</Fact>
          <Fact name="Account id">
            <span className="numbers text-small break-all">{me.account.id}</span>
          </Fact>
        </Facts>
        {me.user.email_verified ? null : <Verification />}
      </Section>
      <PasswordSection hasPassword={me.user.has_password} />
      <TwoFactorSection isOn={me.user.two_factor} hasPassword={me.user.has_password} />
      <PasskeysSection />
      <SessionsSection />
      <KeysSection />
    </Page>
  )
}

function Verification() {
  const again = useMutation({
    mutationFn: () => call('/v1/email/verification-requests', { method: 'POST' }),
  })
  return (
    <div className="mt-4">
      {again.isSuccess ? (
        <Notice look="good">
          A new mail is on its way. Without a mail server the operator finds it under Console, People.
        </Notice>
      ) : (
        <Notice>
          <p>The e-mail address is not verified yet.</p>
          {again.error ? <p className="mt-1 text-cut-ink">{sentenceOf(again.error)}</p> : null}
          <Button className="mt-3" busyLabel={again.isPending && 'Sending…'} onClick={() => again.mutate()}>
            Send the mail again
          </Button>
        </Notice>
      )}
    </div>
  )
}
