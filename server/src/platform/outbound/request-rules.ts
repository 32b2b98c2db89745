import { OutboundError } from './outbound-error.ts'
import { isPublicAddress, literalAddress } from './public-address.ts'

export const redirectsMax = 5

// What may go along to another origin: nothing that could be a credential, whatever its name.
const headersForStrangers = new Set(['accept', 'accept-language', 'if-range', 'range', 'user-agent'])

/** One request on its way: what the next hop would send. */
export interface Hop {
  readonly url: URL
  readonly method: string
  readonly headers: Headers
  readonly body: Uint8Array | undefined
}

export interface AddressRules {
  /** Origins that the operator configured: they may lie anywhere, also on loopback or a private network. */
  readonly origins: ReadonlySet<string>
  /** When given, the only hosts that may be asked: `cdn.example.com`, or `*.example.com` for all below it. */
  readonly hosts: readonly string[] | undefined
}

/**
 * Refuses a URL that may not be asked. Names are looked up later, when the connection is made; here only what the
 * URL itself says is judged.
 */
export function checkUrl(url: URL, rules: AddressRules): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') refuse('only http and https are fetched')
  if (url.username !== '' || url.password !== '') refuse('the address contains credentials')
  if (rules.origins.has(url.origin)) return
  if (rules.hosts && !rules.hosts.some((pattern) => matchesHost(pattern, url.hostname))) {
    refuse('the host is not one of those accepted here')
  }
  const literal = literalAddress(url.hostname)
  if (literal !== null && !isPublicAddress(literal)) refuse('the address is not public')
}

/** `pattern` is a host, or `*.` and a domain below which every host matches. Letter case and port play no part. */
export function matchesHost(pattern: string, hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '')
  const wanted = pattern.toLowerCase()
  return wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) : host === wanted
}

/** The request that a redirect asks for, or null when the answer is no redirect. */
export function followRedirect(
  hop: Hop,
  status: number,
  location: string | null,
  rules: AddressRules,
): Hop | null {
  if (![301, 302, 303, 307, 308].includes(status) || location === null) return null
  const url = URL.parse(location, hop.url.href)
  if (!url) throw refusedRedirect('the redirect names no valid address')
  url.hash = ''
  const isSameOrigin = url.origin === hop.url.origin
  // An address given by a stranger must not be led to an origin that is allowed only because it is ours.
  const origins = isSameOrigin || rules.origins.has(hop.url.origin) ? rules.origins : new Set<string>()
  checkUrl(url, { ...rules, origins })
  if (hop.url.protocol === 'https:' && url.protocol === 'http:') {
    throw refusedRedirect('the redirect leaves https')
  }
  const becomesGet = status === 303 ? hop.method !== 'HEAD' : status < 303 && hop.method === 'POST'
  const method = becomesGet ? 'GET' : hop.method
  const body = becomesGet ? undefined : hop.body
  if (body !== undefined && !isSameOrigin) {
    throw refusedRedirect('the redirect would carry the body to another origin')
  }
  const headers = new Headers(hop.headers)
  for (const name of [...headers.keys()]) {
    const isOfBody = name.startsWith('content-')
    if ((!isSameOrigin && !headersForStrangers.has(name)) || (isOfBody && body === undefined)) {
      headers.delete(name)
    }
  }
  return { url, method, headers, body }
}

function refuse(reason: string): never {
  throw new OutboundError('address_refused', reason, { maybeSent: false })
}

function refusedRedirect(reason: string): OutboundError {
  // The first hop was answered, so the request as such has been received.
  return new OutboundError('redirect_refused', reason, { maybeSent: true })
}
