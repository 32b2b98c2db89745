import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

export interface OidcPerson {
  readonly sub: string
  readonly email: string
  readonly email_verified: boolean
  readonly name: string
}

export interface OidcStandin {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Who signs in next. */
  person: OidcPerson
  /** Plays the person's browser at the provider: follows its pages from `url` to the way back to us. */
  consent(url: string): Promise<string>
  close(): Promise<void>
}

/** A real OIDC provider on loopback that knows one client and asks nothing. */
export async function startOidc(redirectUri: string): Promise<OidcStandin> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const clientId = 'backlot'
  const clientSecret = 'a-secret-that-only-tests-know-000000'
  const standin: OidcStandin = {
    issuer,
    clientId,
    clientSecret,
    person: { sub: 'nobody', email: 'nobody@example.com', email_verified: true, name: 'Nobody' },
    consent,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }

  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['keys-of-the-stand-in'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: async (_context, id) => {
      const { person } = standin
      return { accountId: id, claims: async () => ({ ...person, sub: id }) }
    },
    ttl: { AccessToken: 60, IdToken: 60, Grant: 60, Interaction: 60, Session: 60 },
  })

  const callback = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) {
      callback(request, response)
      return
    }
    void (async () => {
      // Every question is answered with yes, by the person whose turn it is.
      const { prompt, params } = await provider.interactionDetails(request, response)
      if (prompt.name === 'login') {
        const login = { accountId: standin.person.sub, remember: false }
        await provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false })
        return
      }
      const grant = new provider.Grant({
        accountId: standin.person.sub,
        clientId: String(params['client_id']),
      })
      grant.addOIDCScope(String(params['scope']))
      const grantId = await grant.save()
      await provider.interactionFinished(
        request,
        response,
        { consent: { grantId } },
        { mergeWithLastSubmission: true },
      )
    })().catch((error: unknown) => {
      response.statusCode = 500
      response.end(String(error))
    })
  })

  async function consent(start: string): Promise<string> {
    const cookies = new Map<string, string>()
    let url = start
    for (let hop = 0; hop < 12; hop += 1) {
      if (url.startsWith(redirectUri)) return url
      const response = await fetch(url, {
        redirect: 'manual',
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
        signal: AbortSignal.timeout(10_000),
      })
      for (const cookie of response.headers.getSetCookie()) {
        const [pair = ''] = cookie.split(';')
        cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
      }
      const location = response.headers.get('location')
      if (location === null)
        throw new Error(`the provider answered ${response.status}: ${await response.text()}`)
      url = new URL(location, url).toString()
    }
    throw new Error('the provider never sent the browser back')
  }

  return standin
}
