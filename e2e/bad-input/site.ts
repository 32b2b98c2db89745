import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { type Asset, type Generation, type Problem, problem } from '@backlot/contract'
import sharp from 'sharp'
import { expect } from 'vitest'
import { findEmbeddedPostgres } from '../../server/src/platform/db/embedded-postgres.ts'
import { type Database, openDatabase } from '../../server/src/platform/db/index.ts'
import { silentLog } from '../../server/src/platform/log.ts'
import { client, makeOperator, operatorEmail, operatorPassword, succeed } from '../operator.ts'
import { type RunningServer, startServer } from '../server.ts'

export const otherEmail = 'other@example.com'
export const otherPassword = 'another long password'

export interface Route {
  readonly method: string
  readonly path: string
  /** Strangers may call it, or it proves itself by a signature. */
  readonly isOpen: boolean
  /** What an API key needs; null where only a session does. */
  readonly scope: string | null
  readonly hasBody: boolean
  readonly query: readonly string[]
}

export let server: RunningServer
export let database: Database
/** The operator, whom everything is tried against, by key and by session. */
export let key: string
export let cookie: string
/** A stranger to it, by key and by session. */
export let otherKey: string
export let otherCookie: string
export let routes: Route[]
export let generation: Generation
export let image: Asset
export let accountId: string
export let before: Record<string, number>

/** Starts the one server that all of the suites try, with two accounts, an image and a delivered video. */
export async function openSite(): Promise<void> {
  server = await startServer()
  key = (await makeOperator(server)).key
  const other = ['--email', otherEmail, '--password', otherPassword, '--json']
  await succeed(['accounts', 'create', ...other], server.dataFolder)
  const made = await succeed(
    ['keys', 'create', '--account', otherEmail, '--name', 'other', '--json'],
    server.dataFolder,
  )
  otherKey = (JSON.parse(made) as { key: string }).key
  otherCookie = await signIn(otherEmail, otherPassword)
  cookie = await signIn(operatorEmail, operatorPassword)

  const backlot = client(server, key)
  const png = await sharp({ create: { width: 64, height: 36, channels: 3, background: 'teal' } })
    .png()
    .toBuffer()
  image = await backlot.upload(new Blob([new Uint8Array(png)], { type: 'image/png' }), 'teal.png')
  const accepted = await backlot.generate({
    model: 'draft',
    prompt: 'a pier',
    seconds: 2,
    resolution: '480p',
  })
  generation = await backlot.wait(accepted.id, { deadlineMs: 90_000 })
  expect(generation.state).toBe('delivered')
  accountId = new URL(image.urls.content, server.origin).searchParams.get('account') ?? ''
  routes = await readRoutes()

  const url = await findEmbeddedPostgres(path.join(server.dataFolder, 'postgres'))
  if (!url) throw new Error('the database of the server cannot be found')
  database = openDatabase({ url, log: silentLog, connectionsMax: 1 })
  before = await count()
}

export async function closeSite(): Promise<void> {
  await database?.close()
  await server?.stop().finally(() => server.dispose())
}

export async function signIn(email: string, password: string): Promise<string> {
  const answer = await fetch(`${server.origin}/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  expect(answer.status).toBe(200)
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
}

/** What the server itself says it answers: a new route is tried without anybody thinking of it. */
export async function readRoutes(): Promise<Route[]> {
  interface Operation {
    security?: Record<string, string[]>[]
    requestBody?: unknown
    parameters?: { in: string; name: string }[]
  }
  const document = (await (await fetch(`${server.origin}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>
  }
  return Object.entries(document.paths).flatMap(([address, operations]) =>
    Object.entries(operations).map(([method, { security = [], requestBody, parameters = [] }]) => ({
      method: method.toUpperCase(),
      path: address,
      isOpen: security.length === 0,
      scope: security.flatMap((one) => one['key'] ?? [])[0] ?? null,
      hasBody: requestBody !== undefined,
      query: parameters.filter((one) => one.in === 'query').map((one) => one.name),
    })),
  )
}

/** Rows and files that bad input must not add to or take from. */
export async function count(): Promise<Record<string, number>> {
  const tables = [
    'generations',
    'generation_keys',
    'attempts',
    'assets',
    'account_keys',
    'credit_holds',
    'credit_entries',
    'api_keys',
  ]
  const counts: Record<string, number> = {}
  for (const table of tables) {
    const [row] = await database.query<{ count: number }>(`select count(*) from ${table}`)
    counts[table] = row?.count ?? -1
  }
  for (const folder of ['objects', 'work']) {
    const entries = await readdir(path.join(server.dataFolder, folder), {
      recursive: true,
      withFileTypes: true,
    })
    counts[folder] = entries.filter((entry) => entry.isFile()).length
  }
  return counts
}

export interface Call {
  method?: string
  headers?: Record<string, string>
  body?: BodyInit
  key?: string | null
}

export async function call(
  address: string,
  { method = 'GET', headers = {}, body, key: as = key }: Call = {},
) {
  return fetch(`${server.origin}${address}`, {
    method,
    headers: { ...(as === null ? {} : { authorization: `Bearer ${as}` }), ...headers },
    redirect: 'manual',
    signal: AbortSignal.timeout(20_000),
    ...(body === undefined ? {} : { body }),
  })
}

/** The problem that an answer is; anything else is a failure. */
export async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const answer = problem.parse(await response.json())
  expect(answer.status).toBe(response.status)
  expect(response.status).toBeLessThan(500)
  expect(answer.code).not.toBe('internal')
  expect(answer.request_id).toBe(response.headers.get('x-request-id'))
  return answer
}

export const post = async (address: string, body: unknown, more: Call = {}) =>
  problemOf(
    await call(address, {
      method: 'POST',
      ...more,
      headers: { 'content-type': 'application/json', ...more.headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  )

export const good = { model: 'draft', prompt: 'a quiet harbour', seconds: 2, resolution: '480p' }
