import { randomBytes, scryptSync } from 'node:crypto'
import { type AccountsOptions, accountsRoutes, createAccounts } from '../src/features/accounts/index.ts'
import { createNotices, noticeRoutes } from '../src/features/notices/index.ts'
import { manualClock } from '../src/platform/clock.ts'
import { createEvents, localHints } from '../src/platform/events/index.ts'
import { createApi } from '../src/platform/http/index.ts'
import { createKeyring } from '../src/platform/keyring/index.ts'
import { silentLog } from '../src/platform/log.ts'
import type { MailTransport } from '../src/platform/mail/index.ts'
import { createTestDatabase } from './database.ts'

export const testOrigin = 'http://localhost:4000'
export const goodPassword = 'correct horse battery'

/** The same kind of hash at a thousandth of the cost; one test of sign-up keeps the real one. */
const cheapHashing = {
  async hash(password: string) {
    const salt = randomBytes(16).toString('hex')
    return `${salt}:${scryptSync(password, salt, 32, { N: 16 }).toString('hex')}`
  },
  async verify({ hash, password }: { hash: string; password: string }) {
    const [salt = '', key] = hash.split(':')
    return scryptSync(password, salt, 32, { N: 16 }).toString('hex') === key
  },
}

/** A browser: keeps cookies, sends the same origin, comes from one address. */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly fetchApp: (request: Request) => Promise<Response>
  address: string
  userAgent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36'

  constructor(fetchApp: (request: Request) => Promise<Response>, address = '192.0.2.1') {
    this.fetchApp = fetchApp
    this.address = address
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const response = await this.fetchApp(
      new Request(path.startsWith('http') ? path : `${testOrigin}${path}`, {
        method,
        headers: {
          origin: testOrigin,
          'user-agent': this.userAgent,
          'x-test-address': this.address,
          cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? null : JSON.stringify(body),
      }),
    )
    this.keep(response)
    return response
  }

  keep(response: Response): void {
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = cookie.split(';')
      const at = pair.indexOf('=')
      const gone = attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute))
      if (gone) this.cookies.delete(pair.slice(0, at))
      else this.cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
  }

  /** The answer's JSON; `state` of the answer beside it for short assertions. */
  async json(method: string, path: string, body?: unknown) {
    const response = await this.send(method, path, body)
    const text = await response.text()
    const answer = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>
    return { status: response.status, code: answer['code'] as string | undefined, body: answer }
  }
}

/** The accounts and notices on a database of their own, behind the real HTTP layer. */
export async function createTestAccounts(
  options: Partial<AccountsOptions> & { transport?: MailTransport | null } = {},
) {
  const database = await createTestDatabase({ connectionsMax: 8 })
  const { db } = database
  const clock = manualClock(new Date())
  const keyring = createKeyring({ masterKey: randomBytes(32), keyId: 'test', db })
  const hints = localHints()
  const notices = createNotices({
    db,
    keyring,
    clock,
    log: silentLog,
    serviceName: 'Testlot',
    transport: options.transport ?? null,
    keptDays: 7,
  })
  const accounts = createAccounts({
    db,
    keyring,
    events: createEvents(hints),
    clock,
    log: silentLog,
    notices,
    sendsMail: notices.sendsMail,
    publicOrigin: testOrigin,
    secret: randomBytes(32).toString('hex'),
    providers: [],
    setupToken: null,
    hooks: { onAccountCreated: async () => {} },
    passwordHashing: cheapHashing,
    ...options,
    profile: {
      name: 'Testlot',
      minimumAge: 18,
      termsVersion: '2026-11-20.1',
      registration: 'open',
      contactEmail: 'help@testlot.example',
      ...options.profile,
    },
  })
  const api = createApi({
    log: silentLog,
    authenticate: accounts.authenticate,
    publicOrigin: testOrigin,
    trustedProxies: [],
    socketAddress: (context) => context.req.header('x-test-address') ?? '192.0.2.1',
  })
  accountsRoutes(api, { accounts, balances: async () => new Map() })
  noticeRoutes(api, notices)
  // Stands for all the routes of other rooms.
  api.route(
    { method: 'get', path: '/v1/models', access: 'account', scope: 'models:read', summary: 'For tests' },
    async () => undefined,
  )
  const fetchApp = async (request: Request) => api.app.fetch(request)
  const browser = (address?: string) => new Browser(fetchApp, address)

  return {
    db,
    clock,
    keyring,
    notices,
    accounts,
    api,
    fetchApp,
    browser,
    /** A browser that has just signed up. */
    async signedUp(email: string, address?: string): Promise<Browser> {
      const one = browser(address)
      const answer = await one.json('POST', '/v1/sign-up', signUpBody(email))
      if (answer.status !== 201) throw new Error(`sign-up answered ${answer.status} ${answer.code}`)
      return one
    },
    /** Texts of the mails that went to the operator's console, newest first. */
    async mails(): Promise<{ to: string; subject: string; text: string }[]> {
      return (await notices.listUnsent({ limit: 50 })).data
    },
    async close() {
      await accounts.settle()
      await database.drop()
    },
  }
}

export function signUpBody(email: string) {
  return {
    email,
    password: goodPassword,
    terms_version: '2026-11-20.1',
    accept_terms: true,
    confirm_age: true,
  }
}

/** The value behind `?name=` in a mail's link. */
export function linkToken(text: string, name = 'token'): string {
  const found = new RegExp(`[?&]${name}=([\\w-]+)`).exec(text)?.[1]
  if (found === undefined) throw new Error('the mail holds no link')
  return found
}
