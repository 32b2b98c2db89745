import { sentenceOf } from '../../lib/api.ts'
import { textOf, useSubmit } from '../../lib/submit-form.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'

/** Asks for the password before something that weakens or changes the sign-in. */
export function PasswordProof({
  title,
  about,
  actionLabel,
  hasPassword,
  onProof,
  onClose,
}: {
  title: string
  about: string
  actionLabel: string
  hasPassword: boolean
  onProof: (password: string | undefined) => Promise<void>
  onClose: () => void
}) {
  const form = useSubmit(async (fields) => onProof(textOf(fields, 'password')))
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate className="space-y-4">
        <p className="text-dim">{about}</p>
        {hasPassword ? (
          <Field
            label="Password"
            name="password"
            type="password"
            autoComplete="current-password"
            autoFocus
            required
            fault={form.fault('password')}
          />
        ) : null}
        {form.error ? <Notice look="fault">{sentenceOf(form.error)}</Notice> : null}
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={onClose}>Leave it</Button>
          <Button type="submit" look="primary" busyLabel={form.busy && 'Checking…'}>
            {actionLabel}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
