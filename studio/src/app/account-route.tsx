import { useNavigate } from '@tanstack/react-router'
import { AccountPage } from '../features/account/account-page.tsx'
import { signOut } from '../features/sign-in/session.ts'

export function AccountRoute() {
  const navigate = useNavigate()
  return <AccountPage onSignOut={() => void signOut(() => navigate({ to: '/sign-in' }))} />
}
