import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { generationsQuery } from '../lib/generation-cache.ts'
import { meQuery, modelsQuery, serviceQuery, setupQuery } from '../lib/queries.ts'
import { queryClient } from '../lib/query-client.ts'
import { BrokenPage } from './broken-page.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import { OpeningPage, OpeningPart } from './opening-page.tsx'

const optionalText = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage })

/** Lets in who is signed in and has accepted the current terms; sends everybody else where they can go on. */
async function requireAccount(href: string): Promise<void> {
  const cached = queryClient.getQueryData(meQuery.queryKey)
  if (!cached) {
    const service = await queryClient.fetchQuery({ ...serviceQuery, staleTime: 0 })
    if (!service.signed_in) {
      const setup = await queryClient.fetchQuery({ ...setupQuery, staleTime: 0 })
      if (setup.needs_operator) throw redirect({ to: '/setup' })
      throw redirect({ to: '/sign-in', search: href === '/studio' ? {} : { next: href } })
    }
  }
  const me = await queryClient.ensureQueryData(meQuery)
  if (me.terms.accepted !== me.terms.current) throw redirect({ to: '/welcome' })
}

const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  beforeLoad: ({ location }) => requireAccount(location.href),
  component: lazyRouteComponent(() => import('./shell.tsx'), 'Shell'),
})

const studioRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/studio',
  loader: async () => {
    void queryClient.prefetchInfiniteQuery(generationsQuery)
    // Waited for: the composer's height depends on what the models can do. It says itself when they do not come.
    await queryClient.prefetchQuery(modelsQuery)
  },
  component: lazyRouteComponent(() => import('./studio-page.tsx'), 'StudioPage'),
})

const generationRoute = createRoute({
  getParentRoute: () => studioRoute,
  path: '/g/$generationId',
  validateSearch: (search): { output?: number } => {
    const output = Number(search['output'])
    return Number.isInteger(output) && output > 0 ? { output } : {}
  },
  pendingComponent: OpeningPart,
  component: lazyRouteComponent(() => import('./generation-page.tsx'), 'GenerationPage'),
})

const creditsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/studio/credits',
  component: lazyRouteComponent(() => import('../features/credits/credits-page.tsx'), 'CreditsPage'),
})

const accountRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/studio/account',
  component: lazyRouteComponent(() => import('./account-route.tsx'), 'AccountRoute'),
})

const consoleRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/console',
  beforeLoad: async () => {
    const me = await queryClient.ensureQueryData(meQuery)
    if (me.user.role !== 'operator') throw redirect({ to: '/studio' })
  },
  component: lazyRouteComponent(() => import('../features/console/console-layout.tsx'), 'ConsoleLayout'),
})

const consoleRoutes = [
  createRoute({
    getParentRoute: () => consoleRoute,
    path: '/',
    component: lazyRouteComponent(() => import('../features/console/overview-page.tsx'), 'OverviewPage'),
  }),
  createRoute({
    getParentRoute: () => consoleRoute,
    path: '/accounts',
    validateSearch: (search): { search?: string } => {
      const text = optionalText(search['search'])
      return text ? { search: text } : {}
    },
    component: lazyRouteComponent(() => import('../features/console/accounts-page.tsx'), 'AccountsPage'),
  }),
  createRoute({
    getParentRoute: () => consoleRoute,
    path: '/models',
    component: lazyRouteComponent(() => import('../features/console/models-page.tsx'), 'ModelsPage'),
  }),
  createRoute({
    getParentRoute: () => consoleRoute,
    path: '/people',
    component: lazyRouteComponent(() => import('../features/console/people-page.tsx'), 'PeoplePage'),
  }),
] as const

const loadService = () => queryClient.ensureQueryData(serviceQuery)

const signInRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/sign-in',
    validateSearch: (search): { next?: string; reason?: string; error?: string } => ({
      ...(optionalText(search['next']) ? { next: optionalText(search['next']) } : {}),
      ...(optionalText(search['reason']) ? { reason: optionalText(search['reason']) } : {}),
      ...(optionalText(search['error']) ? { error: optionalText(search['error']) } : {}),
    }),
    loader: async () => {
      const setup = await queryClient.ensureQueryData(setupQuery)
      if (setup.needs_operator) throw redirect({ to: '/setup' })
      await loadService()
    },
    component: lazyRouteComponent(() => import('./sign-in-routes.tsx'), 'SignInRoute'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/sign-up',
    validateSearch: (search): { invitation?: string } => {
      const invitation = optionalText(search['invitation'])
      return invitation ? { invitation } : {}
    },
    loader: loadService,
    component: lazyRouteComponent(() => import('./sign-in-routes.tsx'), 'SignUpRoute'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/setup',
    validateSearch: (search): { token?: string } => {
      const token = optionalText(search['token'])
      return token ? { token } : {}
    },
    loader: async () => {
      const setup = await queryClient.fetchQuery({ ...setupQuery, staleTime: 0 })
      if (!setup.needs_operator) throw redirect({ to: '/sign-in' })
      await loadService()
    },
    component: lazyRouteComponent(() => import('./sign-in-routes.tsx'), 'SetupRoute'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/two-factor',
    validateSearch: (search): { next?: string } => {
      const next = optionalText(search['next'])
      return next ? { next } : {}
    },
    component: lazyRouteComponent(() => import('./sign-in-routes.tsx'), 'SecondFactorRoute'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/reset-password',
    validateSearch: (search): { token?: string } => {
      const token = optionalText(search['token'])
      return token ? { token } : {}
    },
    component: lazyRouteComponent(() => import('./sign-in-routes.tsx'), 'ResetPasswordRoute'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/verify-email',
    validateSearch: (search): { token?: string } => {
      const token = optionalText(search['token'])
      return token ? { token } : {}
    },
    component: lazyRouteComponent(() => import('./sign-in-routes.tsx'), 'VerifyEmailRoute'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/welcome',
    loader: async () => {
      const service = await queryClient.fetchQuery({ ...serviceQuery, staleTime: 0 })
      if (!service.signed_in) throw redirect({ to: '/sign-in' })
      const me = await queryClient.fetchQuery({ ...meQuery, staleTime: 0 })
      if (me.terms.accepted === me.terms.current) throw redirect({ to: '/studio' })
    },
    component: lazyRouteComponent(() => import('./sign-in-routes.tsx'), 'WelcomeRoute'),
  }),
] as const

const routeTree = rootRoute.addChildren([
  shellRoute.addChildren([
    studioRoute.addChildren([generationRoute]),
    creditsRoute,
    accountRoute,
    consoleRoute.addChildren(consoleRoutes),
  ]),
  ...signInRoutes,
])

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultErrorComponent: BrokenPage,
  defaultPendingComponent: OpeningPage,
  defaultPendingMs: 300,
  scrollRestoration: false,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
