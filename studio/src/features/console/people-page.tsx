import type { invitation, Page, UnsentMail } from '@backlot/contract'
import { queryOptions, useMutation, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call, sentenceOf } from '../../lib/api.ts'
import { dateTime } from '../../lib/format.ts'
import { keys } from '../../lib/keys.ts'
import { serviceQuery } from '../../lib/queries.ts'
import { queryClient } from '../../lib/query-client.ts'
import { textOf, useSubmit } from '../../lib/submit-form.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section, Waiting } from '../../ui/panel.tsx'
import { Cell, HeadCell, Table } from '../../ui/table.tsx'
import { ConsolePage } from './console-page.tsx'

type Invitation = ReturnType<typeof invitation.parse>
const invitationsKey = [...keys.console, 'invitations']
const mailsKey = [...keys.console, 'mails']

const registrations = {
  open: 'Registration is open: anybody may create an account.',
  invited: 'Registration needs an invitation.',
  closed: 'Registration is closed; an invitation opens it for one person.',
}

export function PeoplePage() {
  const { data: service } = useSuspenseQuery(serviceQuery)
  const invitations = useQuery(invitationsQuery)
  const mails = useQuery(mailsQuery)
  const error = invitations.error ?? mails.error
  return (
    <ConsolePage title="People">
      {invitations.data && mails.data ? (
        <>
          <Invitations about={registrations[service.registration]} list={invitations.data} />
          <Mails sent={service.mail} list={mails.data} />
        </>
      ) : error ? (
        <Notice look="fault">{sentenceOf(error)}</Notice>
      ) : (
        <Waiting label="Fetching invitations and mails…" lines={4} />
      )}
    </ConsolePage>
  )
}

const invitationsQuery = queryOptions({
  queryKey: invitationsKey,
  queryFn: async ({ signal }) =>
    (await call<Page<Invitation>>('/v1/console/invitations?limit=100', { signal })).data,
})

const mailsQuery = queryOptions({
  queryKey: mailsKey,
  queryFn: async ({ signal }) =>
    (await call<Page<UnsentMail>>('/v1/console/mails?limit=100', { signal })).data,
})

function Invitations({ about, list }: { about: string; list: Invitation[] }) {
  const [inviting, setInviting] = useState(false)
  const revoke = useMutation({
    mutationFn: (id: string) =>
      call(`/v1/console/invitations/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: invitationsKey }),
  })
  return (
    <Section
      title="Invitations"
      about={about}
      actions={<Button onClick={() => setInviting(true)}>Invite somebody</Button>}
    >
      {revoke.error ? <Notice look="fault">{sentenceOf(revoke.error)}</Notice> : null}
      {list.length === 0 ? (
        <p className="text-dim">There is none.</p>
      ) : (
        <Table
          label="Invitations"
          head={
            <>
              <HeadCell>For</HeadCell>
              <HeadCell>Made</HeadCell>
              <HeadCell>State</HeadCell>
              <HeadCell>Actions</HeadCell>
            </>
          }
        >
          {list.map((each) => {
            const over = each.used_at === null && Date.parse(each.expires_at) < Date.now()
            return (
              <tr key={each.id}>
                <Cell>{each.email ?? 'whoever has the link'}</Cell>
                <Cell className="whitespace-nowrap">{dateTime(each.created_at)}</Cell>
                <Cell className="whitespace-nowrap">
                  {each.used_at
                    ? `used ${dateTime(each.used_at)}`
                    : over
                      ? 'expired'
                      : `good until ${dateTime(each.expires_at)}`}
                </Cell>
                <Cell>
                  {each.used_at || over ? null : (
                    <Button
                      look="quiet"
                      aria-label={`Revoke the invitation for ${each.email ?? 'whoever has the link'}`}
                      onClick={() => revoke.mutate(each.id)}
                    >
                      Revoke
                    </Button>
                  )}
                </Cell>
              </tr>
            )
          })}
        </Table>
      )}
      {inviting ? <InviteDialog onClose={() => setInviting(false)} /> : null}
    </Section>
  )
}

function InviteDialog({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<Invitation | null>(null)
  const form = useSubmit(async (fields) => {
    const email = textOf(fields, 'email')
    setMade(
      await call<Invitation>('/v1/console/invitations', { method: 'POST', json: email ? { email } : {} }),
    )
    void queryClient.invalidateQueries({ queryKey: invitationsKey })
    void queryClient.invalidateQueries({ queryKey: mailsKey })
  })
  return (
    <Dialog title={made ? 'The invitation' : 'Invite somebody'} onClose={onClose}>
      {made ? (
        <>
          <p className="text-dim">
            It works once, until {dateTime(made.expires_at)}. The link is not shown again.
          </p>
          <p className="numbers my-4 rounded-control border border-line p-3 text-small break-all">
            {made.url}
          </p>
          <div className="flex flex-wrap justify-between gap-3">
            <CopyButton text={made.url ?? ''} label="Copy link" />
            <Button look="primary" onClick={onClose}>
              Done
            </Button>
          </div>
        </>
      ) : (
        <form onSubmit={form.onSubmit} noValidate className="space-y-4">
          <Field
            label="E-mail"
            name="email"
            type="email"
            autoComplete="off"
            autoFocus
            hint="Optional. With it, only this address can use the invitation."
            fault={form.fault('email')}
          />
          {form.sentence ? <Notice look="fault">{form.sentence}</Notice> : null}
          <Button type="submit" look="primary" className="w-full" busyLabel={form.busy && 'Making…'}>
            Make the link
          </Button>
        </form>
      )}
    </Dialog>
  )
}

function Mails({ sent, list }: { sent: boolean; list: UnsentMail[] }) {
  return (
    <Section
      title="Unsent mails"
      about={
        sent
          ? 'A mail server is configured. Here is what was written before it was.'
          : 'No mail server is configured. What would have been sent is kept here, for you to pass on.'
      }
    >
      {list.length === 0 ? (
        <p className="text-dim">There is none.</p>
      ) : (
        <ul className="divide-y divide-line rounded-control border border-line">
          {list.map((mail) => (
            <li key={mail.id}>
              <details className="p-3">
                <summary className="min-h-11 lg:min-h-0">
                  <span className="font-medium">{mail.subject}</span>{' '}
                  <span className="text-dim">
                    to <span className="break-all">{mail.to}</span>, {dateTime(mail.at)}
                  </span>
                </summary>
                <p className="mt-3 break-words whitespace-pre-wrap text-dim">{mail.text}</p>
                <div className="mt-2 -ml-2">
                  <CopyButton text={mail.text} label="Copy text" />
                </div>
              </details>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
