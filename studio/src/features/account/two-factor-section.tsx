import { lazy, Suspense, useState } from 'react'
import { call } from '../../lib/api.ts'
import { keys } from '../../lib/keys.ts'
import { queryClient } from '../../lib/query-client.ts'
import { textOf, useSubmit } from '../../lib/submit-form.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/panel.tsx'
import { PasswordProof } from './password-proof.tsx'

const QrCode = lazy(() => import('../../ui/qr-code.tsx').then((module) => ({ default: module.QrCode })))

interface Setup {
  totp_uri: string
  recovery_codes: string[]
}

export function TwoFactorSection({ isOn, hasPassword }: { isOn: boolean; hasPassword: boolean }) {
  const [asking, setAsking] = useState<'on' | 'off' | 'codes' | null>(null)
  const [setup, setSetup] = useState<Setup | null>(null)
  const [codes, setCodes] = useState<string[] | null>(null)
  const refresh = () => void queryClient.invalidateQueries({ queryKey: keys.me })

  return (
    <Section
      title="Second factor"
      about={
        isOn
          ? 'On. After the password, a code from your authenticator app is needed.'
          : 'Off. With it, a stolen password alone opens nothing.'
      }
    >
      <div className="flex flex-wrap gap-3">
        {isOn ? (
          <>
            <Button onClick={() => setAsking('codes')}>New recovery codes</Button>
            <Button look="danger" onClick={() => setAsking('off')}>
              Turn off
            </Button>
          </>
        ) : (
          <Button onClick={() => setAsking('on')}>Set up an authenticator app</Button>
        )}
      </div>
      {asking === 'on' ? (
        <PasswordProof
          title="Set up an authenticator app"
          about="Any app that makes six-digit codes will do."
          actionLabel="Continue"
          hasPassword={hasPassword}
          onClose={() => setAsking(null)}
          onProof={async (password) => {
            const answer = await call<Setup>('/v1/two-factor', { method: 'POST', json: { password } })
            setAsking(null)
            setSetup(answer)
          }}
        />
      ) : null}
      {asking === 'off' ? (
        <PasswordProof
          title="Turn the second factor off?"
          about="Your password alone will open the account again. The recovery codes stop working."
          actionLabel="Turn off"
          hasPassword={hasPassword}
          onClose={() => setAsking(null)}
          onProof={async (password) => {
            await call('/v1/two-factor/disable', { method: 'POST', json: { password } })
            setAsking(null)
            refresh()
          }}
        />
      ) : null}
      {asking === 'codes' ? (
        <PasswordProof
          title="Make new recovery codes?"
          about="The codes that you have now stop working."
          actionLabel="Make new codes"
          hasPassword={hasPassword}
          onClose={() => setAsking(null)}
          onProof={async (password) => {
            const answer = await call<{ recovery_codes: string[] }>('/v1/two-factor/recovery-codes', {
              method: 'POST',
              json: { password },
            })
            setAsking(null)
            setCodes(answer.recovery_codes)
          }}
        />
      ) : null}
      {setup ? (
        <ScanDialog
          setup={setup}
          onClose={() => setSetup(null)}
          onConfirmed={() => {
            setSetup(null)
            setCodes(setup.recovery_codes)
            refresh()
          }}
        />
      ) : null}
      {codes ? <CodesDialog codes={codes} onClose={() => setCodes(null)} /> : null}
    </Section>
  )
}

function ScanDialog({
  setup,
  onClose,
  onConfirmed,
}: {
  setup: Setup
  onClose: () => void
  onConfirmed: () => void
}) {
  const secret = new URL(setup.totp_uri).searchParams.get('secret') ?? ''
  const form = useSubmit(async (fields) => {
    await call('/v1/two-factor/confirm', {
      method: 'POST',
      json: { code: (textOf(fields, 'code') ?? '').replaceAll(/\s/g, '') },
    })
    onConfirmed()
  })
  return (
    <Dialog title="Scan this with the app" onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate className="space-y-4">
        <div className="flex justify-center">
          <Suspense fallback={<div className="size-48 rounded-control bg-raised">Drawing the code…</div>}>
            <QrCode text={setup.totp_uri} label="QR code for the authenticator app" />
          </Suspense>
        </div>
        <div>
          <p className="text-small text-dim">Or type this key into the app:</p>
          <p className="numbers break-all">{secret}</p>
          <div className="-ml-2">
            <CopyButton text={secret} label="Copy key" />
          </div>
        </div>
        <Field
          label="Code that the app shows now"
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          fault={form.fault('code')}
          numbers
        />
        {form.sentence ? <Notice look="fault">{form.sentence}</Notice> : null}
        <Button type="submit" look="primary" className="w-full" busyLabel={form.busy && 'Checking…'}>
          Turn on
        </Button>
      </form>
    </Dialog>
  )
}

function CodesDialog({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  return (
    <Dialog title="Your recovery codes" onClose={onClose}>
      <p className="text-dim">
        Keep them where the phone is not. Each opens the account once, if the app is lost. They are not shown
        again.
      </p>
      <ul className="numbers my-4 grid grid-cols-2 gap-2 rounded-control border border-line p-4">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap justify-between gap-3">
        <CopyButton text={codes.join('\n')} label="Copy all" />
        <Button look="primary" onClick={onClose}>
          I kept them
        </Button>
      </div>
    </Dialog>
  )
}
