import type { Passkey } from '@backlot/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call, sentenceOf } from '../../lib/api.ts'
import { dateTime } from '../../lib/format.ts'
import { passkeysWork } from '../../lib/passkeys.ts'
import { queryClient } from '../../lib/query-client.ts'
import { textOf, useSubmit } from '../../lib/submit-form.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section, Waiting } from '../../ui/panel.tsx'

const passkeys = ['passkeys']

export function PasskeysSection() {
  const { data, error } = useQuery({
    queryKey: passkeys,
    queryFn: async ({ signal }) => (await call<{ data: Passkey[] }>('/v1/passkeys', { signal })).data,
  })
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<Passkey | null>(null)
  return (
    <Section
      title="Passkeys"
      about="Sign in with this device’s fingerprint, face or PIN. Nothing that could be stolen by a false page."
      actions={passkeysWork ? <Button onClick={() => setAdding(true)}>Add a passkey</Button> : undefined}
    >
      {data === undefined ? (
        error ? (
          <Notice look="fault">{sentenceOf(error)}</Notice>
        ) : (
          <Waiting label="Fetching your passkeys…" lines={1} />
        )
      ) : data.length === 0 ? (
        <p className="text-dim">
          {passkeysWork
            ? 'There is none yet.'
            : 'There is none, and this browser cannot make one on this address.'}
        </p>
      ) : (
        <ul className="divide-y divide-line">
          {data.map((each) => (
            <li key={each.id} className="flex items-center justify-between gap-4 py-2">
              <div className="min-w-0">
                <p className="truncate">{each.name}</p>
                {each.created_at ? (
                  <p className="text-small text-dim">since {dateTime(each.created_at)}</p>
                ) : null}
              </div>
              <Button look="quiet" onClick={() => setRemoving(each)}>
                Remove
              </Button>
            </li>
          ))}
        </ul>
      )}
      {adding ? <AddDialog onClose={() => setAdding(false)} /> : null}
      {removing ? (
        <ConfirmDialog
          title="Remove this passkey?"
          confirmLabel="Remove"
          busyLabel="Removing…"
          explain={sentenceOf}
          onClose={() => setRemoving(null)}
          onConfirm={async () => {
            await call(`/v1/passkeys/${encodeURIComponent(removing.id)}`, { method: 'DELETE' })
            await queryClient.invalidateQueries({ queryKey: passkeys })
            setRemoving(null)
          }}
        >
          {removing.name} will no longer open the account. Remove it from the device too.
        </ConfirmDialog>
      ) : null}
    </Section>
  )
}

function AddDialog({ onClose }: { onClose: () => void }) {
  const [refused, setRefused] = useState(false)
  const form = useSubmit(async (fields) => {
    setRefused(false)
    const name = textOf(fields, 'name') ?? 'Passkey'
    const options = await call<PublicKeyCredentialCreationOptionsJSON>('/v1/passkeys/options', {
      method: 'POST',
    })
    let credential: Credential | null
    try {
      credential = await navigator.credentials.create({
        publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
      })
    } catch {
      // Closed by the person, or refused by the device: the browser has said why already.
      setRefused(true)
      return
    }
    const response = (credential as PublicKeyCredential).toJSON()
    await call('/v1/passkeys', { method: 'POST', json: { name, response } })
    await queryClient.invalidateQueries({ queryKey: passkeys })
    onClose()
  })
  return (
    <Dialog title="Add a passkey" onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate className="space-y-4">
        <Field
          label="Name"
          name="name"
          defaultValue="This device"
          hint="To recognise it by in the list."
          autoFocus
          fault={form.fault('name')}
        />
        {refused ? (
          <Notice look="fault">No passkey was made. Try again, or use another device.</Notice>
        ) : null}
        {form.sentence ? <Notice look="fault">{form.sentence}</Notice> : null}
        <Button
          type="submit"
          look="primary"
          className="w-full"
          busyLabel={form.busy && 'Waiting for the device…'}
        >
          Make the passkey
        </Button>
      </form>
    </Dialog>
  )
}
