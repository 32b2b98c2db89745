import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Hono } from 'hono'
import type { Config } from './config/index.ts'
import { type Accounts, accountsRoutes } from './features/accounts/index.ts'
import { type Assets, assetRoutes } from './features/assets/index.ts'
import { type Credits, creditRoutes } from './features/credits/index.ts'
import { type Generations, generationRoutes, selectLineStatistics } from './features/generations/index.ts'
import { type Models, modelRoutes } from './features/models/index.ts'
import { type Notices, noticeRoutes } from './features/notices/index.ts'
import { notFoundPage, type Profile, policyPages, wantsPage } from './features/policy/index.ts'
import { certificateRoutes, type DeploymentCertificate } from './features/records/index.ts'
import type { Checks } from './overview/checks.ts'
import { overviewRoutes } from './overview/overview-routes.ts'
import { AppError } from './platform/app-error.ts'
import type { Clock } from './platform/clock.ts'
import type { Database } from './platform/db/index.ts'
import { type EventFeed, eventRoutes } from './platform/events/index.ts'
import {
  createApi,
  type HttpContext,
  loadStaticFiles,
  parseTrustedProxies,
  staticResponse,
} from './platform/http/index.ts'
import type { Logger } from './platform/log.ts'
import { isLoopback } from './platform/loopback.ts'
import type { Metrics } from './platform/metrics.ts'
import type { ReadinessItem } from './readiness.ts'
import { version } from './version.ts'

/** Where `npm run build -w studio` puts the web app. */
export const studioDirectory = path.join(import.meta.dirname, '..', '..', 'studio', 'dist')

/** Addresses that the web app itself routes; everything else that is unknown stays 404. */
const studioPaths =
  /^\/(?:studio|console)(?:\/.*)?$|^\/(?:sign-in|sign-up|setup|reset-password|verify-email|two-factor|welcome)$/

export interface ApiRooms {
  readonly config: Config
  readonly profile: Profile
  readonly log: Logger
  readonly db: Database
  readonly clock: Clock
  readonly metrics: Metrics
  readonly accounts: Accounts
  readonly assets: Assets
  readonly checks: Checks
  readonly credits: Credits
  readonly certificate: DeploymentCertificate
  readonly feed: EventFeed
  readonly generations: Generations
  readonly models: Models
  readonly notices: Notices
  readonly readiness: () => Promise<ReadinessItem[]>
  /** False for a command, which reads no files that it will not serve. */
  readonly servesStudio: boolean
}

/** Every address that this program answers. */
export async function composeApi(rooms: ApiRooms) {
  const { config, log, db, metrics, accounts } = rooms
  const api = createApi({
    log,
    authenticate: accounts.authenticate,
    publicOrigin: config.publicUrl,
    trustedProxies: parseTrustedProxies(config.trustedProxies),
    socketAddress,
    onAnswer: metrics.answered,
  })

  accountsRoutes(api, { accounts, balances: (ids) => rooms.credits.balances(ids) })
  noticeRoutes(api, rooms.notices)
  creditRoutes(api, rooms)
  modelRoutes(api, rooms.models)
  assetRoutes(api, rooms.assets)
  generationRoutes(api, rooms.generations)
  overviewRoutes(api, {
    db,
    clock: rooms.clock,
    accounts,
    checks: rooms.checks,
    readiness: rooms.readiness,
  })
  const streams = eventRoutes(api, {
    db,
    feed: rooms.feed,
    stillAllowed: async (request, address) => (await accounts.authenticate(request, address)) !== null,
  })
  certificateRoutes(api.app as unknown as Hono, rooms.certificate)
  healthRoutes(api.app, rooms)
  api.app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Backlot', version, description: 'Every model. Your lot.' },
    servers: [{ url: config.publicUrl }],
  })
  const studio = rooms.servesStudio && (await studioPages(api.app))
  const pages = {
    profile: rooms.profile,
    studioAvailable: studio,
    needsSetup: async () => !(await accounts.hasOperator()),
  }
  policyPages(api.app as unknown as Hono, pages)
  const nothingHere = notFoundPage(pages)
  api.app.notFound((context) =>
    wantsPage(context.req.raw) ? context.html(nothingHere, 404) : api.answerNotFound(context),
  )

  return { fetch: api.app.fetch, closeStreams: streams.closeAll, routes: api.routes }

  function healthRoutes(app: typeof api.app, { db: database }: ApiRooms): void {
    app.get('/healthz', (context) => context.json({ status: 'ok', version }))
    app.get('/readyz', async (context) => {
      try {
        await database.query('select 1')
        return context.json({ status: 'ready' })
      } catch {
        throw new AppError('unavailable', 'The database does not answer.', { retryAfterSeconds: 2 })
      }
    })
    metrics.gauge(
      'backlot_generations',
      'Generations in the line, by state.',
      async () => {
        const { queued, running, uncertain } = await selectLineStatistics(database)
        return { queued, running, uncertain }
      },
      'state',
    )
    // Numbers about the business: for this machine's own scraper, or an operator who looks.
    app.get('/metrics', async (context) => {
      // Behind a proxy that was not declared, everybody seems to come from this machine.
      const forwarded = context.req.header('x-forwarded-for') ?? context.req.header('forwarded')
      // And a page that had its own name point here (DNS rebinding) asks for that name.
      const local =
        forwarded === undefined &&
        isLoopback(context.get('clientAddress')) &&
        isLoopback(new URL(context.req.url).hostname)
      if (!local && (await api.identify(context))?.role !== 'operator') {
        throw new AppError('forbidden', 'Metrics are for this machine and for operators.')
      }
      const { type, body } = await metrics.text()
      return context.body(body, 200, { 'content-type': type })
    })
  }
}

async function studioPages(app: ReturnType<typeof createApi>['app']): Promise<boolean> {
  if (!existsSync(studioDirectory)) return false
  const files = await loadStaticFiles(studioDirectory)
  const index = files.get('/index.html')
  if (!index) return false
  app.get('*', async (context, next) => {
    const { path: address } = context.req
    const file = files.get(address)
    if (file && address !== '/index.html') {
      return staticResponse(file, context.req.raw, address.startsWith('/assets/'))
    }
    if (studioPaths.test(address)) return staticResponse(index, context.req.raw, false)
    return next()
  })
  return true
}

function socketAddress(context: HttpContext): string {
  const bindings = context.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined
  return bindings?.incoming?.socket?.remoteAddress ?? '127.0.0.1'
}
