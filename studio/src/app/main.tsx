import './styles.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { forgetEverything } from '../features/sign-in/session.ts'
import { whenSignedOut } from '../lib/api.ts'
import { queryClient } from '../lib/query-client.ts'
import { watchTheme } from '../lib/theme.ts'
import { router } from './router.tsx'

watchTheme()

// The pages of the first screen, asked for together instead of one after the other.
if (location.pathname.startsWith('/studio') || location.pathname.startsWith('/console')) {
  void import('./shell.tsx')
  if (/^\/studio(?:\/g\/|\/?$)/.test(location.pathname)) void import('./studio-page.tsx')
} else {
  void import('./sign-in-routes.tsx')
}

let leaving = false
whenSignedOut(() => {
  const { pathname, href } = router.state.location
  if (leaving || !/^\/(?:studio|console|welcome)(?:\/|$)/.test(pathname)) return
  leaving = true
  void router
    .navigate({ to: '/sign-in', search: { next: href, reason: 'ended' }, replace: true })
    .then(forgetEverything)
    .finally(() => {
      leaving = false
    })
})

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  )
}
