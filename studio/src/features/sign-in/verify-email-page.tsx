import { useMutation } from '@tanstack/react-query'
import { useEffect } from 'react'
import { call, sentenceOf } from '../../lib/api.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { AuthPage } from './auth-page.tsx'

export function VerifyEmailPage({ token }: { token: string | undefined }) {
  const { mutate, isSuccess, isError, error } = useMutation({
    mutationFn: () => call('/v1/email/verifications', { method: 'POST', json: { token } }),
  })

  useEffect(() => {
    if (token) mutate()
  }, [token, mutate])

  return (
    <AuthPage title="Verify your e-mail address">
      <div className="space-y-4">
        {token === undefined ? (
          <Notice look="fault">The link is incomplete. Open it from the mail again.</Notice>
        ) : isSuccess ? (
          <Notice look="good">Your e-mail address is verified.</Notice>
        ) : isError ? (
          <Notice look="fault">{sentenceOf(error)}</Notice>
        ) : (
          <p role="status" className="text-dim">
            Checking the link…
          </p>
        )}
        <a href="/studio" className={buttonClass(isSuccess ? 'primary' : 'plain', 'w-full')}>
          Go to the studio
        </a>
      </div>
    </AuthPage>
  )
}
