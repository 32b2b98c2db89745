import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import path from 'node:path'
import { deflateSync } from 'node:zlib'
import { type Asset, type Generation, type Problem, problem, promptCharactersMax } from '@backlot/contract'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findEmbeddedPostgres } from '../server/src/platform/db/embedded-postgres.ts'
import { type Database, openDatabase } from '../server/src/platform/db/index.ts'
import { silentLog } from '../server/src/platform/log.ts'
import { client, makeOperator, operatorEmail, operatorPassword, succeed } from './operator.ts'
import { type RunningServer, startServer } from './server.ts'

const otherEmail = 'other@example.com'
const otherPassword = 'another long password'

interface Route {
  readonly method: string
  readonly path: string
  /** Strangers may call it, or it proves itself by a signature. */
  readonly isOpen: boolean
  /** What an API key needs; null where only a session does. */
  readonly scope: string | null
  readonly hasBody: boolean
  readonly query: readonly string[]
}

let server: RunningServer
let database: Database
/** The operator, whom everything is tried against, by key and by session. */
let key: string
let cookie: string
/** A stranger to it, by key and by session. */
let otherKey: string
let otherCookie: string
let routes: Route[]
let generation: Generation
let image: Asset
let accountId: string
let before: Record<string, number>

beforeAll(async () => {
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
})

afterAll(async () => {
  await database?.close()
  await server?.stop().finally(() => server.dispose())
})

async function signIn(email: string, password: string): Promise<string> {
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
async function readRoutes(): Promise<Route[]> {
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
async function count(): Promise<Record<string, number>> {
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

interface Call {
  method?: string
  headers?: Record<string, string>
  body?: BodyInit
  key?: string | null
}

async function call(address: string, { method = 'GET', headers = {}, body, key: as = key }: Call = {}) {
  return fetch(`${server.origin}${address}`, {
    method,
    headers: { ...(as === null ? {} : { authorization: `Bearer ${as}` }), ...headers },
    redirect: 'manual',
    signal: AbortSignal.timeout(20_000),
    ...(body === undefined ? {} : { body }),
  })
}

/** The problem that an answer is; anything else is a failure. */
async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const answer = problem.parse(await response.json())
  expect(answer.status).toBe(response.status)
  expect(response.status).toBeLessThan(500)
  expect(answer.code).not.toBe('internal')
  expect(answer.request_id).toBe(response.headers.get('x-request-id'))
  return answer
}

const post = async (address: string, body: unknown, more: Call = {}) =>
  problemOf(
    await call(address, {
      method: 'POST',
      ...more,
      headers: { 'content-type': 'application/json', ...more.headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  )

const good = { model: 'draft', prompt: 'a quiet harbour', seconds: 2, resolution: '480p' }

describe('a generation', () => {
  const fields: [string, Record<string, unknown>, string, string][] = [
    ['no prompt', { prompt: undefined }, 'prompt', 'required'],
    ['a prompt of nothing', { prompt: '' }, 'prompt', 'too_small'],
    ['a prompt of blanks', { prompt: ' \n\t ' }, 'prompt', 'too_small'],
    ['a prompt that is a number', { prompt: 7 }, 'prompt', 'invalid_type'],
    ['a prompt that is null', { prompt: null }, 'prompt', 'invalid_type'],
    ['a prompt that is a list', { prompt: ['a pier'] }, 'prompt', 'invalid_type'],
    ['a prompt above the limit', { prompt: 'x'.repeat(promptCharactersMax + 1) }, 'prompt', 'too_big'],
    ['a prompt with a character that is none', { prompt: 'a\u0000pier' }, 'prompt', 'invalid_format'],
    ['a model with one', { model: 'draft\u0000' }, 'model', 'invalid_format'],
    ['no model', { model: undefined }, 'model', 'required'],
    ['a model that is an object', { model: { id: 'draft' } }, 'model', 'invalid_type'],
    ['a model name too long', { model: 'm'.repeat(101) }, 'model', 'too_big'],
    ['seconds as text', { seconds: '2' }, 'seconds', 'invalid_type'],
    ['half a second', { seconds: 2.5 }, 'seconds', 'invalid_type'],
    ['no seconds at all', { seconds: 0 }, 'seconds', 'too_small'],
    ['negative seconds', { seconds: -2 }, 'seconds', 'too_small'],
    ['very many seconds', { seconds: 1e15 }, 'seconds', 'too_big'],
    ['more than a number holds', { seconds: 1e300 }, 'seconds', 'too_big'],
    ['a shape that does not exist', { aspect_ratio: '5:4' }, 'aspect_ratio', 'invalid_value'],
    ['a size that does not exist', { resolution: '8k' }, 'resolution', 'invalid_value'],
    ['a negative seed', { seed: -1 }, 'seed', 'too_small'],
    ['a seed too large', { seed: 2 ** 31 }, 'seed', 'too_big'],
    ['a fractional seed', { seed: 0.5 }, 'seed', 'invalid_type'],
    ['no outputs', { n: 0 }, 'n', 'too_small'],
    ['too many outputs', { n: 5 }, 'n', 'too_big'],
    ['sound as text', { audio: 'yes' }, 'audio', 'invalid_type'],
    ['a negative bound on the cost', { max_cost: -1 }, 'max_cost', 'too_small'],
    ['a price version as text', { price_version: '1' }, 'price_version', 'invalid_type'],
    ['a reference too long', { reference_asset_id: 'a'.repeat(41) }, 'reference_asset_id', 'too_big'],
    ['a field that does not exist', { negative_prompt: 'blur' }, 'negative_prompt', 'unknown_field'],
    ['a field of another language', { Prompt: 'A PIER' }, 'Prompt', 'unknown_field'],
  ]
  test.each(fields)('%s is named', async (_name, change, field, code) => {
    const answer = await post('/v1/generations', { ...good, ...change })
    expect(answer).toMatchObject({ code: 'request_invalid', status: 422, charged: false })
    expect(answer.errors).toEqual([expect.objectContaining({ field, code })])
  })

  test('all wrong fields are named together', async () => {
    const answer = await post('/v1/generations', { ...good, seconds: 'x', n: 9, colour: 1 })
    expect(answer.errors?.map((one) => one.field).sort()).toEqual(['colour', 'n', 'seconds'])
  })

  test('values do not come back in the answer', async () => {
    const answer = await post('/v1/generations', { ...good, resolution: 'planted-value-991' })
    expect(JSON.stringify(answer)).not.toContain('planted-value')
  })

  const refused: [string, Record<string, unknown>, string, string | undefined][] = [
    [
      'a reference of no such image',
      { reference_asset_id: 'ast_01m7wj059erp1pbpamx8hd05sj' },
      'request_invalid',
      'reference_asset_id',
    ],
    [
      'a reference that is no id',
      { reference_asset_id: '../../etc/passwd' },
      'request_invalid',
      'reference_asset_id',
    ],
    [
      'a reference that is a generation',
      { reference_asset_id: 'GEN' },
      'request_invalid',
      'reference_asset_id',
    ],
    ['a reference that is a video', { reference_asset_id: 'VIDEO' }, 'request_invalid', 'reference_asset_id'],
    ['more seconds than the model makes', { seconds: 60 }, 'parameter_unsupported', 'seconds'],
    ['a bound below the price', { max_cost: 0 }, 'max_cost_exceeded', 'max_cost'],
    ['a price of another time', { price_version: 999_999 }, 'quote_changed', undefined],
  ]
  test.each(refused)('%s is refused', async (_name, change, code, field) => {
    const reference = { GEN: generation.id, VIDEO: generation.outputs[0]?.id }[
      String(change['reference_asset_id'])
    ]
    const body = { ...good, ...change, ...(reference ? { reference_asset_id: reference } : {}) }
    const answer = await post('/v1/generations', body)
    expect(answer).toMatchObject({ code, charged: false })
    expect(answer.errors?.map((one) => one.field)).toEqual(field ? [field] : undefined)
  })

  test('a prompt above the model’s own limit names the limit', async () => {
    const { data } = (await (await call('/v1/models')).json()) as {
      data: { id: string; capabilities: { prompt_characters_max: number } }[]
    }
    const limit = data.find((one) => one.id === 'draft')?.capabilities.prompt_characters_max ?? 0
    expect(limit).toBeGreaterThan(0)
    const answer = await post('/v1/generations', { ...good, prompt: 'x'.repeat(limit + 1) })
    expect(answer.errors?.map((one) => one.field)).toEqual(['prompt'])
  })

  test('an unknown model lists what exists', async () => {
    for (const address of ['/v1/generations', '/v1/quotes']) {
      const answer = await post(address, { ...good, model: 'sora-2' })
      expect(answer).toMatchObject({ code: 'model_unknown', available: expect.arrayContaining(['draft']) })
    }
  })

  test('a blocked prompt names its category', async () => {
    const answer = await post('/v1/generations', { ...good, prompt: 'hardcore porn, explicit sex' })
    expect(answer).toMatchObject({ code: 'prompt_blocked', status: 422, category: 'sexual_explicit' })
  })

  test.each([
    ['empty', ''],
    ['too long', 'k'.repeat(256)],
    ['with blanks', 'a b'],
    ['not ASCII', 'schl\u00fcssel'],
  ])('an Idempotency-Key that is %s', async (_name, value) => {
    const answer = await post('/v1/generations', good, { headers: { 'idempotency-key': value } })
    expect(answer).toMatchObject({ code: 'request_invalid' })
    expect(answer.errors?.[0]).toMatchObject({ field: 'idempotency-key', code: 'invalid_format' })
  })
})

describe('bodies', () => {
  const malformed: [string, string | Uint8Array][] = [
    ['nothing', ''],
    ['cut off', '{"model":"draft","prompt":"a pi'],
    ['not JSON', 'model=draft&prompt=pier'],
    ['a number that is none', '{"model":"draft","prompt":"a pier","seconds":NaN}'],
    ['a comment', '{"model":"draft" /* the best */}'],
    [
      'invalid UTF-8',
      Buffer.concat([Buffer.from('{"prompt":"'), Buffer.from([0xff, 0xfe, 0xc3]), Buffer.from('"}')]),
    ],
    ['UTF-16', Buffer.from(JSON.stringify(good), 'utf16le')],
    ['an unfinished depth', '['.repeat(100_000)],
  ]
  test.each(malformed)('%s', async (_name, body) => {
    const answer = await problemOf(
      await call('/v1/generations', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : new Uint8Array(body),
      }),
    )
    expect(answer).toMatchObject({ code: 'body_malformed', status: 400 })
  })

  const wrongShapes: [string, string][] = [
    ['a list', '[]'],
    ['a text', '"draft"'],
    ['null', 'null'],
    ['a number without end', '{"model":"draft","prompt":"a pier","seconds":1e999}'],
    ['great depth', `{"model":"draft","prompt":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
    ['a prototype', '{"model":"draft","prompt":"a pier","__proto__":{"seconds":2}}'],
    ['a constructor', '{"model":"draft","prompt":"a pier","constructor":{"prototype":{}}}'],
  ]
  test.each(wrongShapes)('%s where an object of known fields belongs', async (_name, body) => {
    const answer = await post('/v1/generations', body)
    expect(answer).toMatchObject({ code: 'request_invalid', status: 422 })
    expect(answer.errors?.length).toBeGreaterThan(0)
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'multipart/form-data'])(
    'sent as %s',
    async (type) => {
      const answer = await post('/v1/generations', good, { headers: { 'content-type': type } })
      expect(answer.errors).toEqual([
        expect.objectContaining({ field: 'content-type', code: 'unsupported_type' }),
      ])
    },
  )

  test('50 MB are refused by what the sender announces, before they are sent', async () => {
    const head = [
      'POST /v1/generations HTTP/1.1',
      `Host: 127.0.0.1:${server.port}`,
      `Authorization: Bearer ${key}`,
      'Content-Type: application/json',
      `Content-Length: ${50 * 1024 * 1024}`,
      '',
      '{"prompt":"',
    ].join('\r\n')
    const answer = await new Promise<string>((resolve, reject) => {
      let text = ''
      const socket = connect(server.port, '127.0.0.1', () => socket.write(head))
      socket.setTimeout(15_000, () => reject(new Error(`no answer: ${text}`)))
      socket.on('error', reject)
      socket.on('data', (chunk) => {
        text += chunk.toString()
        if (!text.includes('"request_id"')) return
        socket.destroy()
        resolve(text)
      })
    })
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(answer).toContain('body_too_large')
  })

  test('and 50 MB that were not announced as soon as they are too many', async () => {
    let sent = 0
    const chunk = new Uint8Array(64 * 1024).fill(0x20)
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += chunk.length
        if (sent > 50 * 1024 * 1024) controller.close()
        else controller.enqueue(chunk)
      },
    })
    const response = await fetch(`${server.origin}/v1/generations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
      duplex: 'half',
    } as RequestInit).catch((error: Error) => error)
    // The server answers and closes; whether a client that is still sending sees the answer is up to its system.
    if (response instanceof Response) {
      expect(await problemOf(response)).toMatchObject({ code: 'body_too_large', status: 413 })
    } else expect(response).toBeInstanceOf(TypeError)
    expect(sent).toBeLessThan(40 * 1024 * 1024)
  })
})

describe('every route', () => {
  const wrongIds = [
    'nonsense',
    '..%2f..%2fetc%2fpasswd',
    '%00',
    '%2e%2e',
    'gen_',
    'x'.repeat(3_000),
    'gen_01m7wj059erp1pbpamx8hd05sj%27%3bdrop%20table%20generations--',
    '%F0%9F%8E%AC',
    'null',
    '-1',
  ]
  const addressOf = (route: Route, id: string) => route.path.replaceAll(/\{\w+\}/g, id)
  const jsonBody = (route: Route): Call =>
    route.hasBody ? { headers: { 'content-type': 'application/json' }, body: '{}' } : {}
  /** By key where keys may, and by session elsewhere, so that no route is spared. */
  const asOwner = (route: Route, more: Call = {}): Call =>
    route.isOpen || route.scope !== null
      ? { method: route.method, ...more }
      : {
          method: route.method,
          ...more,
          key: null,
          headers: { ...more.headers, cookie, 'sec-fetch-site': 'same-origin' },
        }

  test('is described, and there are many', () => {
    expect(routes.length).toBeGreaterThan(40)
    expect(routes.filter((route) => route.scope !== null).length).toBeGreaterThan(8)
  })

  test('without credentials, or with wrong ones: none that is not open answers', async () => {
    const wrong: Record<string, string>[] = [
      {},
      { authorization: 'Bearer nonsense' },
      { authorization: `Bearer ${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}` },
      { authorization: `Basic ${Buffer.from(`${otherEmail}:${otherPassword}`).toString('base64')}` },
      { cookie: 'backlot.session_token=nonsense.nonsense' },
    ]
    for (const route of routes.filter((one) => !one.isOpen)) {
      for (const headers of wrong) {
        const { headers: type = {}, ...rest } = jsonBody(route)
        const address = addressOf(route, generation.id)
        const answer = await problemOf(
          await call(address, { method: route.method, ...rest, headers: { ...type, ...headers }, key: null }),
        )
        expect([route, answer.code]).toEqual([route, 'unauthenticated'])
      }
    }
  })

  test('with a key that lacks the scope: forbidden, or not for keys at all', async () => {
    for (const scope of ['models:read', 'generations:read']) {
      const made = await succeed(
        ['keys', 'create', '--account', otherEmail, '--name', scope, '--scope', scope, '--json'],
        server.dataFolder,
      )
      before['api_keys'] = (before['api_keys'] ?? 0) + 1
      const narrow = (JSON.parse(made) as { key: string }).key
      for (const route of routes.filter((one) => !one.isOpen && one.scope !== scope)) {
        const address = addressOf(route, generation.id)
        const response = await call(address, { method: route.method, ...jsonBody(route), key: narrow })
        expect([route, (await problemOf(response)).code]).toEqual([route, 'forbidden'])
      }
    }
  })

  test('with the ids of another account: as if they did not exist', async () => {
    const ids = [generation.id, image.id, generation.outputs[0]?.id ?? '', accountId]
    for (const route of routes.filter((one) => one.path.includes('{') && !one.isOpen)) {
      for (const id of ids) {
        const asKey: Call = { ...jsonBody(route), key: otherKey }
        const asSession: Call = { ...jsonBody(route), key: null }
        asSession.headers = { ...asSession.headers, cookie: otherCookie, 'sec-fetch-site': 'same-origin' }
        for (const who of [asKey, asSession]) {
          const response = await call(addressOf(route, id), { method: route.method, ...who })
          const answer = await problemOf(response)
          expect([route, id, answer.code]).toEqual([
            route,
            id,
            expect.stringMatching(/^(not_found|forbidden|request_invalid|sign_in_stale)$/),
          ])
        }
      }
    }
    expect((await call(`/v1/generations/${generation.id}`)).status).toBe(200)
    expect((await call(`/v1/assets/${image.id}`)).status).toBe(200)
  })

  test('with ids that are none: a problem, and nothing else', async () => {
    for (const route of routes.filter((one) => one.path.includes('{'))) {
      for (const id of wrongIds) {
        const response = await call(addressOf(route, id), asOwner(route, jsonBody(route)))
        const answer = await problemOf(response)
        expect([route, id, answer.status]).toEqual([route, id, expect.toSatisfy((status) => status < 500)])
      }
    }
  })

  test('with ids of the wrong kind', async () => {
    const wrong = [
      [`/v1/generations/${image.id}`, 'GET'],
      [`/v1/generations/${image.id}/cancel`, 'POST'],
      [`/v1/generations/${accountId}`, 'DELETE'],
      [`/v1/assets/${generation.id}`, 'GET'],
      [`/v1/assets/${generation.id}`, 'DELETE'],
      [`/v1/assets/${accountId}/provenance`, 'GET'],
    ] as const
    for (const [address, method] of wrong) {
      expect((await problemOf(await call(address, { method }))).code).toBe('not_found')
    }
  })

  test('with a body of the wrong kind: named, never a crash', async () => {
    const bodies = ['[]', 'null', '7', '{"a":{"b":[{}]}}', '{"id":{"$ne":null}}']
    for (const route of routes.filter((one) => one.hasBody)) {
      for (const body of bodies) {
        const headers = { 'content-type': 'application/json' }
        const response = await call(addressOf(route, 'draft'), asOwner(route, { headers, body }))
        const { code } = await problemOf(response)
        expect([route, code]).toEqual([
          route,
          expect.stringMatching(/^(request_invalid|forbidden|not_found|too_many_attempts|setup_done)$/),
        ])
      }
    }
  })

  test('that is a list, with a page that cannot be', async () => {
    const lists = routes.filter((one) => one.method === 'GET' && one.query.includes('limit'))
    expect(lists.length).toBeGreaterThanOrEqual(3)
    const wrong: [string, string][] = [
      ['limit=0', 'limit'],
      ['limit=-1', 'limit'],
      ['limit=1000000', 'limit'],
      ['limit=2.5', 'limit'],
      ['limit=ten', 'limit'],
      ['after=%00', 'after'],
      [`after=${'a'.repeat(300)}`, 'after'],
    ]
    for (const route of lists) {
      for (const [query, field] of wrong) {
        const response = await call(`${addressOf(route, 'x')}?${query}`, asOwner(route))
        const answer = await problemOf(response)
        expect([route, query, answer.errors?.map((one) => one.field)]).toEqual([route, query, [field]])
      }
      // A cursor that we did not make is an empty page or a problem, never a crash.
      for (const after of ['nonsense', '%27%3b--', 'eyJhIjoxfQ', '9'.repeat(30), '%F0%9F%8E%AC']) {
        const response = await call(`${addressOf(route, 'x')}?after=${after}`, asOwner(route))
        if (!response.ok) await problemOf(response)
      }
    }
  })

  test('by another method, and addresses that are none', async () => {
    for (const [method, address] of [
      ['PUT', '/v1/generations'],
      ['DELETE', '/v1/generations'],
      ['PATCH', `/v1/generations/${generation.id}`],
      ['GET', '/v1/nothing'],
      ['GET', '/v1/../../../etc/passwd'],
      ['GET', '/v1/%2e%2e/%2e%2e/etc/passwd'],
      ['GET', '/v1//generations'],
      ['GET', '/v1/generations/'],
    ] as const) {
      const { code } = await problemOf(await call(address, { method }))
      expect([method, address, code]).toEqual([
        method,
        address,
        expect.stringMatching(/^(not_found|method_not_allowed)$/),
      ])
    }
  })
})

describe('media addresses', () => {
  const change = (name: string, value: string | null) => {
    const url = new URL(generation.outputs[0]?.urls.content ?? '', server.origin)
    if (value === null) url.searchParams.delete(name)
    else url.searchParams.set(name, value)
    return `${url.pathname}${url.search}`
  }

  test('are worth nothing when a letter of them was changed', async () => {
    const future = String(Math.round(Date.now() / 1000) + 10_000_000)
    const changed = [
      change('signature', null),
      change('signature', ''),
      change('signature', 'A'.repeat(43)),
      change('signature', 'ü'),
      change('expires', future),
      change('expires', '1'),
      change('expires', 'never'),
      change('expires', null),
      change('rendition', 'poster'),
      change('rendition', '../original'),
      change('account', 'acc_01m7wj059erp1pbpamx8hd05sj'),
      change('account', null),
      change('signature', 'x').replace(generation.outputs[0]?.id ?? '', image.id),
      `/v1/assets/${image.id}/content${new URL(change('download', '1'), server.origin).search}`,
      `/v1/assets/..%2f..%2fkeys/content${new URL(change('download', '1'), server.origin).search}`,
    ]
    for (const address of changed) {
      const { code } = await problemOf(await call(address, { key: null }))
      expect([address, code]).toEqual([address, 'signature_invalid'])
    }
    // Not even whose it is gets in without the signature.
    expect((await problemOf(await call(change('signature', null)))).code).toBe('signature_invalid')
  })
})

describe('uploads', () => {
  function chunk(type: string, data: Buffer): Buffer {
    const body = Buffer.concat([Buffer.from(type), data])
    let crc = 0xff_ff_ff_ff
    for (const byte of body) {
      crc ^= byte
      for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xed_b8_83_20 : crc >>> 1
    }
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE((crc ^ 0xff_ff_ff_ff) >>> 0)
    return Buffer.concat([length, body, sum])
  }
  /** A PNG that claims a size and holds next to nothing. */
  function png(width: number, height: number): Buffer {
    const header = Buffer.alloc(13)
    header.writeUInt32BE(width, 0)
    header.writeUInt32BE(height, 4)
    header.set([8, 6, 0, 0, 0], 8)
    const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    const data = deflateSync(Buffer.alloc(1_000))
    return Buffer.concat([
      signature,
      chunk('IHDR', header),
      chunk('IDAT', data),
      chunk('IEND', Buffer.alloc(0)),
    ])
  }
  const send = async (type: string, body: Uint8Array | string, query = '') =>
    problemOf(
      await call(`/v1/uploads${query}`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: typeof body === 'string' ? body : new Uint8Array(body),
      }),
    )
  const wrongFile = /^(upload_(unsupported|broken)|body_too_large)$/

  test.each<[string, string, () => Promise<Uint8Array | string>]>([
    ['nothing', 'image/png', async () => ''],
    ['a bomb of a header', 'image/png', async () => png(60_000, 60_000)],
    ['a header of no size', 'image/png', async () => png(0, 0)],
    ['a header beyond any size', 'image/png', async () => png(0xff_ff_ff_ff, 0xff_ff_ff_ff)],
    ['a picture with too little data', 'image/png', async () => png(640, 640)],
    [
      'SVG',
      'image/svg+xml',
      async () => '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    ],
    [
      'SVG that says PNG',
      'image/png',
      async () => '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    ],
    ['HTML that says PNG', 'image/png', async () => '<!doctype html><script>alert(1)</script>'],
    ['a playlist', 'image/png', async () => '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'],
    ['a list of files', 'application/octet-stream', async () => "ffconcat version 1.0\nfile '/etc/passwd'\n"],
    ['a program', 'application/octet-stream', async () => Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0])],
    ['a JPEG cut off in its header', 'image/jpeg', async () => (await jpeg()).subarray(0, 100)],
    ['random bytes', 'image/webp', async () => Buffer.from('RIFF\u0010\u0000\u0000\u0000WEBPVP8 garbage!')],
  ])('%s', async (_name, type, make) => {
    expect((await send(type, await make())).code).toMatch(wrongFile)
  })

  const jpeg = () =>
    sharp({ create: { width: 320, height: 200, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer()

  test('a JPEG cut off in the middle', async () => {
    const whole = await sharp(
      Buffer.from(Array.from({ length: 200 * 200 * 3 }, (_, i) => (i * 7919) % 256)),
      {
        raw: { width: 200, height: 200, channels: 3 },
      },
    )
      .jpeg()
      .toBuffer()
    expect((await send('image/jpeg', whole.subarray(0, whole.length >> 1))).code).toMatch(wrongFile)
  })

  test('kinds of bodies that are no upload', async () => {
    expect((await send('text/plain', 'hello')).code).toBe('upload_unsupported')
    expect((await send('application/json', '{}')).code).toBe('upload_unsupported')
    expect((await send('multipart/form-data', 'x')).code).toMatch(/^(upload_unsupported|request_invalid)$/)
    const form = (body: string) => send('multipart/form-data; boundary=b', body)
    expect((await form('--b--\r\n')).errors?.[0]).toMatchObject({ field: 'file', code: 'required' })
    const part = '--b\r\ncontent-disposition: form-data; name="file"; filename="../../x.png"\r\n'
    expect((await form(`${part}content-type: image/png\r\n\r\n<html>\r\n--b--\r\n`)).code).toMatch(wrongFile)
    expect((await form(`${part}content-type: image/png\r\n\r\ncut off`)).code).toMatch(wrongFile)
    expect((await form('nothing like a form')).code).toMatch(/^(upload_broken|request_invalid)$/)
    expect((await send('image/png', png(4, 4), `?file_name=${'n'.repeat(256)}`)).errors?.[0]?.field).toBe(
      'file_name',
    )
  })

  test('larger than allowed', async () => {
    const answer = await send('image/png', new Uint8Array(26 * 1024 * 1024))
    expect(answer).toMatchObject({ code: 'body_too_large', status: 413 })
  })
})

test('afterwards nothing was written, nothing charged, and the server is well', async () => {
  expect(await count()).toEqual(before)
  const balance = await client(server, key).credits()
  const granted = balance.grants.reduce((sum, grant) => sum + grant.amount, 0)
  expect(balance).toMatchObject({ held: 0, available: granted - generation.credits.charged })
  expect((await fetch(`${server.origin}/readyz`)).status).toBe(200)
  expect(server.output()).not.toMatch(/failed unexpectedly/)
  await succeed(['ledger', 'verify'], server.dataFolder)
})
