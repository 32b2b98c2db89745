import { getRouteApi, useNavigate, useRouter } from '@tanstack/react-router'
import { ResetPasswordPage } from '../features/sign-in/reset-password-page.tsx'
import { SecondFactorPage } from '../features/sign-in/second-factor-page.tsx'
import { forgetEverything, safeNext, signOut } from '../features/sign-in/session.ts'
import { SetupPage } from '../features/sign-in/setup-page.tsx'
import { SignInPage } from '../features/sign-in/sign-in-page.tsx'
import { SignUpPage } from '../features/sign-in/sign-up-page.tsx'
import { VerifyEmailPage } from '../features/sign-in/verify-email-page.tsx'
import { WelcomePage } from '../features/sign-in/welcome-page.tsx'

/** Goes on into the studio as somebody new: nothing of whoever was here before stays in memory. */
function useEnter(): (next?: string) => void {
  const { history } = useRouter()
  return (next) => {
    forgetEverything()
    history.push(safeNext(next))
  }
}

export function SignInRoute() {
  const enter = useEnter()
  const { next, reason, error } = getRouteApi('/sign-in').useSearch()
  const navigate = useNavigate()
  return (
    <SignInPage
      next={safeNext(next)}
      reason={reason === 'ended' ? 'Your session has ended. Sign in to go on where you were.' : undefined}
      refusal={error}
      onSignedIn={() => enter(next)}
      onSecondFactor={() => void navigate({ to: '/two-factor', search: next ? { next } : {} })}
    />
  )
}

export function SignUpRoute() {
  const enter = useEnter()
  const { invitation } = getRouteApi('/sign-up').useSearch()
  return <SignUpPage invitation={invitation} onSignedIn={() => enter()} />
}

export function SetupRoute() {
  const enter = useEnter()
  const { token } = getRouteApi('/setup').useSearch()
  return <SetupPage token={token} onDone={() => enter()} />
}

export function SecondFactorRoute() {
  const enter = useEnter()
  const { next } = getRouteApi('/two-factor').useSearch()
  return <SecondFactorPage onSignedIn={() => enter(next)} />
}

export function ResetPasswordRoute() {
  const { token } = getRouteApi('/reset-password').useSearch()
  return <ResetPasswordPage token={token} />
}

export function VerifyEmailRoute() {
  const { token } = getRouteApi('/verify-email').useSearch()
  return <VerifyEmailPage token={token} />
}

export function WelcomeRoute() {
  const enter = useEnter()
  const navigate = useNavigate()
  return (
    <WelcomePage
      onAccepted={() => enter()}
      onSignOut={() => void signOut(() => navigate({ to: '/sign-in' }))}
    />
  )
}
