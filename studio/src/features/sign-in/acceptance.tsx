import { Checkbox } from '../../ui/field.tsx'

const linkClass = 'text-ink underline underline-offset-4'

/** The two statements that an account needs; both numbers come from the deployment's profile. */
export function Acceptance({
  minimumAge,
  termsVersion,
  fault,
}: {
  minimumAge: number
  termsVersion: string
  fault: (field: string) => string | undefined
}) {
  return (
    <div>
      <Checkbox name="confirm_age" required fault={fault('confirm_age')}>
        I am {minimumAge} years old or older.
      </Checkbox>
      <Checkbox name="accept_terms" required fault={fault('accept_terms')}>
        I accept the{' '}
        <a href="/terms" target="_blank" rel="noreferrer" className={linkClass}>
          terms
        </a>{' '}
        (version {termsVersion}) and have read the{' '}
        <a href="/privacy" target="_blank" rel="noreferrer" className={linkClass}>
          privacy policy
        </a>
        .
      </Checkbox>
    </div>
  )
}
