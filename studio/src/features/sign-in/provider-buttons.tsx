import type { Service } from '@backlot/contract'
import { useState } from 'react'
import { call, sentenceOf } from '../../lib/api.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'

/** The other services that one may sign in with. A press leaves for their page and comes back signed in. */
export function ProviderButtons({
  service,
  returnTo,
  invitation,
}: {
  service: Service
  returnTo: string
  invitation?: string | undefined
}) {
  const [going, setGoing] = useState<string | null>(null)
  const [fault, setFault] = useState<string | null>(null)

  async function go(id: string): Promise<void> {
    setGoing(id)
    setFault(null)
    try {
      const answer = await call<{ url: string }>(`/v1/sign-in/providers/${encodeURIComponent(id)}`, {
        method: 'POST',
        json: { return_to: returnTo, ...(invitation ? { invitation } : {}) },
      })
      location.assign(answer.url)
    } catch (error) {
      setFault(sentenceOf(error))
      setGoing(null)
    }
  }

  return (
    <>
      {service.sign_in_with.map((provider) => (
        <Button
          key={provider.id}
          className="w-full"
          busyLabel={going === provider.id && `Going to ${provider.name}…`}
          onClick={() => void go(provider.id)}
        >
          Continue with {provider.name}
        </Button>
      ))}
      {fault ? <Notice look="fault">{fault}</Notice> : null}
    </>
  )
}

const refusals: Readonly<Record<string, string>> = {
  access_denied: 'The sign-in was canceled on the other page. Try again, or use your password.',
  registration_closed: 'There is no account for this address, and registration is closed.',
  invitation_invalid: 'There is no account for this address, and a new one needs an invitation.',
  account_suspended: 'This account is suspended. Write to the operator.',
  account_not_linked:
    'An account with this address exists already. Sign in with its password; then both belong together.',
}

/** Why the other service sent one back without a sign-in. */
export function refusalSentence(code: string | undefined): string | null {
  if (!code) return null
  return (
    refusals[code.toLowerCase()] ??
    `The sign-in with the other service did not work (${code.slice(0, 60)}). Try again, or use your password.`
  )
}
