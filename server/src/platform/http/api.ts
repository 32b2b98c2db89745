import { type ErrorCode, newId, problem } from '@backlot/contract'
import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { z } from 'zod'
import { AppError, isAppError } from '../app-error.ts'
import type { Logger } from '../log.ts'
import { readJson } from './body.ts'
import { clientAddress, type TrustedProxies } from './client-address.ts'
import type { Access, Authenticate, Identity } from './identity.ts'
import { problemResponse, requestInvalid } from './problem-response.ts'
import { securityHeaders } from './security-headers.ts'

export interface RequestVariables {
  requestId: string
  clientAddress: string
}
export type HttpContext = Context<{ Variables: RequestVariables }>
export type HttpApp = OpenAPIHono<{ Variables: RequestVariables }>

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

export interface RouteDefinition<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Answer extends z.ZodType,
  Who extends Access,
> {
  readonly method: Method
  /** With OpenAPI's braces: `/v1/generations/{id}`. */
  readonly path: string
  readonly access: Who
  /** What an API key must be allowed to do; sessions may do all that their role may. */
  readonly scope?: string
  readonly summary: string
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  /** Shape of the JSON answer. Absent: 204, or the handler returns a `Response`. */
  readonly answer?: Answer
  readonly status?: 200 | 201 | 202
  /** Expected failures beyond those that every route has. */
  readonly errors?: readonly ErrorCode[]
  /** Largest JSON body, in bytes. */
  readonly bodyBytesMax?: number
}

export interface RouteInput<Params, Query, Body, Who extends Access> {
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly identity: Who extends 'account' | 'operator' ? Identity : Identity | null
  readonly context: HttpContext
  readonly requestId: string
  readonly clientAddress: string
  readonly signal: AbortSignal
}

export interface Api {
  /** Declares one endpoint: who may call it, its shapes and its errors stand beside its handler. */
  route<
    Params extends z.ZodType = z.ZodUndefined,
    Query extends z.ZodType = z.ZodUndefined,
    Body extends z.ZodType = z.ZodUndefined,
    Answer extends z.ZodType = z.ZodUndefined,
    Who extends Access = Access,
  >(
    definition: RouteDefinition<Params, Query, Body, Answer, Who>,
    handler: (
      input: RouteInput<z.output<Params>, z.output<Query>, z.output<Body>, Who>,
    ) => Promise<z.input<Answer> | Response | undefined>,
  ): void
  /** The bare Hono app, for pages, streams and foreign handlers. */
  readonly app: HttpApp
  /** Every declared route, for the test that walks them. */
  readonly routes: readonly { method: Method; path: string; access: Access; scope: string | null }[]
  /** What programs get for an unknown address; people may be shown a page instead. */
  answerNotFound(context: HttpContext): Response
  /** Finds out who asks; null for a stranger. For handlers on the bare app. */
  identify(context: HttpContext): Promise<Identity | null>
}

export interface ApiOptions {
  readonly log: Logger
  readonly authenticate: Authenticate
  /** Scheme, host and port under which browsers know us, without a slash at the end. */
  readonly publicOrigin: string
  readonly trustedProxies: TrustedProxies
  /** Address of the socket's other end. */
  readonly socketAddress: (context: HttpContext) => string
  /** Called after each answer, for metrics. */
  readonly onAnswer?: (answer: { method: string; route: string; status: number; durationMs: number }) => void
}

const jsonBytesMax = 256 * 1024

export function createApi(options: ApiOptions): Api {
  const app: HttpApp = new OpenAPIHono()
  const routes: { method: Method; path: string; access: Access; scope: string | null }[] = []
  const { log, publicOrigin } = options
  const headers = securityHeaders(publicOrigin)

  app.use('*', async (context, next) => {
    const startedMs = performance.now()
    const requestId = newId('req')
    context.set('requestId', requestId)
    context.set(
      'clientAddress',
      clientAddress(
        options.socketAddress(context),
        context.req.header('x-forwarded-for') ?? null,
        options.trustedProxies,
      ),
    )
    await next()
    const durationMs = Math.round(performance.now() - startedMs)
    for (const [name, value] of Object.entries(headers)) {
      if (!context.res.headers.has(name)) context.res.headers.set(name, value)
    }
    context.res.headers.set('x-request-id', requestId)
    // The route's pattern, never the address: query strings of media URLs carry signatures.
    const route = context.req.routePath
    options.onAnswer?.({ method: context.req.method, route, status: context.res.status, durationMs })
    log.debug(
      { requestId, method: context.req.method, route, status: context.res.status, durationMs },
      'answered',
    )
  })

  app.onError((error, context) => {
    const requestId = context.get('requestId') ?? newId('req')
    if (isAppError(error)) return problemResponse(error, requestId, publicOrigin)
    log.error({ requestId, route: context.req.routePath, err: error }, 'a request failed unexpectedly')
    const internal = new AppError(
      'internal',
      'Something broke on our side. Nothing was charged; try again, and name the request id if it stays.',
    )
    return problemResponse(internal, requestId, publicOrigin)
  })

  const answerNotFound = (context: HttpContext) =>
    problemResponse(
      new AppError('not_found', 'There is nothing at this address.'),
      context.get('requestId') ?? newId('req'),
      publicOrigin,
    )
  app.notFound(answerNotFound)

  async function identify(context: HttpContext): Promise<Identity | null> {
    return options.authenticate(context.req.raw, context.get('clientAddress'))
  }

  function assertSameOrigin(context: HttpContext, identity: Identity | null): void {
    // Keys are sent on purpose; cookies are sent by any page, so they need proof of where the request came from.
    if (identity?.kind === 'key') return
    const method = context.req.method
    if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return
    const site = context.req.header('sec-fetch-site')
    const origin = context.req.header('origin')
    // The browser's own word counts before our comparison, which cannot tell http from https behind a proxy.
    if (site !== undefined) {
      if (site === 'same-origin' || site === 'none') return
    } else if (
      origin === undefined ||
      origin === publicOrigin ||
      sameHost(origin, context.req.header('host'))
    ) {
      return
    }
    throw new AppError('origin_refused', 'This request must come from the pages of this service itself.')
  }

  async function authorise(
    context: HttpContext,
    access: Access,
    scope: string | undefined,
  ): Promise<Identity | null> {
    if (access === 'signed') return null
    const identity = await identify(context)
    assertSameOrigin(context, identity)
    if (access === 'public') return identity
    if (!identity)
      throw new AppError('unauthenticated', 'Sign in, or send a valid API key as a bearer token.')
    if (access === 'operator' && (identity.role !== 'operator' || identity.kind !== 'session')) {
      throw new AppError('forbidden', 'Only an operator may do this.')
    }
    if (identity.kind === 'key' && (scope === undefined || !identity.scopes.includes(scope))) {
      throw new AppError('forbidden', `The API key lacks the scope ${scope ?? '(none can reach this)'}.`)
    }
    return identity
  }

  return {
    app,
    routes,
    identify,
    answerNotFound,
    route(definition, handler) {
      const { method, path, access } = definition
      routes.push({ method, path, access, scope: definition.scope ?? null })
      describe(app, definition)
      app.on(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1'), async (context) => {
        const identity = await authorise(context, access, definition.scope)
        const params = parse(definition.params, context.req.param(), 'params')
        const query = parse(definition.query, context.req.query(), 'query')
        const body = definition.body
          ? parse(
              definition.body,
              await readJson(context.req.raw, definition.bodyBytesMax ?? jsonBytesMax),
              'body',
            )
          : undefined
        const result = await handler({
          params,
          query,
          body,
          identity,
          context,
          requestId: context.get('requestId'),
          clientAddress: context.get('clientAddress'),
          signal: context.req.raw.signal,
          // The conditional type of `identity` cannot be proven here; `authorise` has just made it true.
        } as never)
        if (result instanceof Response) return result
        if (definition.answer === undefined || result === undefined) return context.body(null, 204)
        return context.json(result as object, definition.status ?? 200, { 'cache-control': 'no-store' })
      })
    },
  }
}

function parse(schema: z.ZodType | undefined, value: unknown, at: 'body' | 'query' | 'params'): unknown {
  if (!schema) return undefined
  const result = schema.safeParse(value)
  if (!result.success) {
    // A path that cannot be an id names nothing.
    if (at === 'params') throw new AppError('not_found', 'There is nothing at this address.')
    throw requestInvalid(result.error, at)
  }
  const field = fieldWithNul(result.data, '')
  if (field === undefined) return result.data
  if (at === 'params') throw new AppError('not_found', 'There is nothing at this address.')
  throw new AppError('request_invalid', `Wrong: ${field}. Nothing was charged.`, {
    fields: [{ field, code: 'invalid_format', message: 'The character U+0000 is not allowed.' }],
  })
}

/** PostgreSQL's text cannot hold U+0000, and no text that people mean has one. @returns the path of the field */
function fieldWithNul(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return value.includes('\0') ? path : undefined
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, inner] of Object.entries(value)) {
    const found = fieldWithNul(inner, path === '' ? name : `${path}.${name}`)
    if (found !== undefined) return found
  }
  return undefined
}

function sameHost(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host
}

function describe(
  app: HttpApp,
  definition: RouteDefinition<z.ZodType, z.ZodType, z.ZodType, z.ZodType, Access>,
) {
  const content = (schema: z.ZodType) => ({ 'application/json': { schema } })
  app.openAPIRegistry.registerPath({
    method: definition.method,
    path: definition.path,
    summary: definition.summary,
    security:
      definition.access === 'public' || definition.access === 'signed'
        ? []
        : definition.access === 'operator'
          ? [{ session: [] }]
          : [{ session: [] }, ...(definition.scope ? [{ key: [definition.scope] }] : [])],
    request: {
      ...(definition.params ? { params: definition.params as never } : {}),
      ...(definition.query ? { query: definition.query as never } : {}),
      ...(definition.body ? { body: { required: true, content: content(definition.body) } } : {}),
    },
    responses: {
      ...(definition.answer
        ? { [definition.status ?? 200]: { description: 'Done', content: content(definition.answer) } }
        : { 204: { description: 'Done' } }),
      default: { description: 'A problem', content: { 'application/problem+json': { schema: problem } } },
    },
  })
}
