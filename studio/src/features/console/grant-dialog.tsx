import type { AccountRow } from '@backlot/contract'
import { useState } from 'react'
import { call } from '../../lib/api.ts'
import { count } from '../../lib/format.ts'
import { refreshMoney } from '../../lib/live.ts'
import { randomKey } from '../../lib/random-key.ts'
import { textOf, useSubmit } from '../../lib/submit-form.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'

export function GrantDialog({
  account,
  onClose,
  onGranted,
}: {
  account: AccountRow
  onClose: () => void
  onGranted: () => void
}) {
  // One key for this dialog: pressing again after a lost answer gives the credits once.
  const [key] = useState(randomKey)
  const form = useSubmit(async (fields) => {
    const days = textOf(fields, 'expires_in_days')
    await call(`/v1/console/accounts/${encodeURIComponent(account.id)}/grants`, {
      method: 'POST',
      headers: { 'idempotency-key': key },
      json: {
        amount: Number(textOf(fields, 'amount')),
        reason: textOf(fields, 'reason') ?? '',
        ...(days ? { expires_in_days: Number(days) } : {}),
      },
    })
    onGranted()
    refreshMoney()
    onClose()
  })
  return (
    <Dialog title="Grant credits" onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate className="space-y-4">
        <p className="break-all text-dim">
          {account.email} has {count(account.available)} now.
        </p>
        <Field
          label="Credits"
          name="amount"
          inputMode="numeric"
          autoComplete="off"
          autoFocus
          required
          fault={form.fault('amount')}
          numbers
        />
        <Field
          label="Reason"
          name="reason"
          autoComplete="off"
          required
          hint="Stands on the account’s statement, word for word."
          fault={form.fault('reason')}
        />
        <Field
          label="Expires in days"
          name="expires_in_days"
          inputMode="numeric"
          autoComplete="off"
          hint="Empty: never."
          fault={form.fault('expires_in_days')}
          numbers
        />
        {form.sentence ? <Notice look="fault">{form.sentence}</Notice> : null}
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={onClose}>Leave it</Button>
          <Button type="submit" look="primary" busyLabel={form.busy && 'Granting…'}>
            Grant
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
