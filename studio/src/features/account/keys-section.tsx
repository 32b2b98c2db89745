import type { ApiKey, CreatedKey, Page } from '@backlot/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call, sentenceOf } from '../../lib/api.ts'
import { useNow } from '../../lib/clocks.ts'
import { ago } from '../../lib/format.ts'
import { queryClient } from '../../lib/query-client.ts'
import { textOf, useSubmit } from '../../lib/submit-form.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section, Waiting } from '../../ui/panel.tsx'

const apiKeys = ['api-keys']

export function KeysSection() {
  const nowMs = useNow()
  const { data, error } = useQuery({
    queryKey: apiKeys,
    queryFn: async ({ signal }) => (await call<Page<ApiKey>>('/v1/keys?limit=100', { signal })).data,
  })
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  return (
    <Section
      title="API keys"
      about="For programs. A key spends this account’s credits; its secret is shown once and stored only as a hash."
      actions={<Button onClick={() => setMaking(true)}>Make a key</Button>}
    >
      {data === undefined ? (
        error ? (
          <Notice look="fault">{sentenceOf(error)}</Notice>
        ) : (
          <Waiting label="Fetching your keys…" lines={1} />
        )
      ) : data.length === 0 ? (
        <p className="text-dim">There is none yet.</p>
      ) : (
        <ul className="divide-y divide-line">
          {data.map((key) => (
            <li key={key.id} className="flex items-center justify-between gap-4 py-2">
              <div className="min-w-0">
                <p className="truncate">
                  {key.name} <span className="numbers text-small text-dim">{key.prefix}…</span>
                </p>
                <p className="text-small text-dim">
                  made {ago(key.created_at, nowMs)} ·{' '}
                  {key.last_used_at ? `last used ${ago(key.last_used_at, nowMs)}` : 'never used'}
                </p>
              </div>
              <Button look="quiet" aria-label={`Revoke ${key.name}`} onClick={() => setRevoking(key)}>
                Revoke
              </Button>
            </li>
          ))}
        </ul>
      )}
      {making ? <MakeDialog onClose={() => setMaking(false)} /> : null}
      {revoking ? (
        <ConfirmDialog
          title="Revoke this key?"
          confirmLabel="Revoke"
          busyLabel="Revoking…"
          explain={sentenceOf}
          onClose={() => setRevoking(null)}
          onConfirm={async () => {
            await call(`/v1/keys/${encodeURIComponent(revoking.id)}`, { method: 'DELETE' })
            await queryClient.invalidateQueries({ queryKey: apiKeys })
            setRevoking(null)
          }}
        >
          Programs that use {revoking.name} are refused from this moment on.
        </ConfirmDialog>
      ) : null}
    </Section>
  )
}

function MakeDialog({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<CreatedKey | null>(null)
  const form = useSubmit(async (fields) => {
    const key = await call<CreatedKey>('/v1/keys', {
      method: 'POST',
      json: { name: textOf(fields, 'name') ?? '' },
    })
    setMade(key)
    void queryClient.invalidateQueries({ queryKey: apiKeys })
  })
  return (
    <Dialog title={made ? 'Copy the key now' : 'Make an API key'} onClose={onClose}>
      {made ? (
        <>
          <p className="text-dim">It is not shown again. Whoever has it can spend this account’s credits.</p>
          <p className="numbers my-4 rounded-control border border-line p-3 break-all">{made.key}</p>
          <div className="flex flex-wrap justify-between gap-3">
            <CopyButton text={made.key} label="Copy key" />
            <Button look="primary" onClick={onClose}>
              I kept it
            </Button>
          </div>
        </>
      ) : (
        <form onSubmit={form.onSubmit} noValidate className="space-y-4">
          <Field
            label="Name"
            name="name"
            placeholder="render script"
            hint="What it is for."
            autoFocus
            required
            fault={form.fault('name')}
          />
          {form.sentence ? <Notice look="fault">{form.sentence}</Notice> : null}
          <Button type="submit" look="primary" className="w-full" busyLabel={form.busy && 'Making…'}>
            Make key
          </Button>
        </form>
      )}
    </Dialog>
  )
}
