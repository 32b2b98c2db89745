import { createHmac, timingSafeEqual } from 'node:crypto'

const cookiePrefix = 'backlot'

/** The names of our cookies; with `__Secure-` where the pages are served over TLS. */
export function cookieNames(publicOrigin: string) {
  const secure = publicOrigin.startsWith('https:')
  const name = (text: string) => `${secure ? '__Secure-' : ''}${cookiePrefix}.${text}`
  return {
    prefix: cookiePrefix,
    secure,
    session: name('session_token'),
    twoFactor: name('two_factor'),
    device: name('device'),
  }
}

/** A `Set-Cookie` of ours: for this host alone, out of reach of scripts, and only over TLS where the pages are. */
export function makeCookie(publicOrigin: string, name: string, value: string, maxAgeSeconds: number): string {
  const { secure } = cookieNames(publicOrigin)
  const attributes = `Max-Age=${maxAgeSeconds}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
  return `${name}=${encodeURIComponent(value)}; ${attributes}`
}

/** One cookie's decoded value; null when it is absent or malformed. */
export function readCookie(header: string | null, name: string): string | null {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=')
    if (at < 0 || part.slice(0, at).trim() !== name) continue
    try {
      return decodeURIComponent(part.slice(at + 1).trim())
    } catch {
      return null
    }
  }
  return null
}

/** Better Auth's form of a signed cookie: value, dot, HMAC-SHA256 in base64. */
export function signCookieValue(value: string, secret: string): string {
  return `${value}.${createHmac('sha256', secret).update(value).digest('base64')}`
}

/** The value of a signed cookie, or null when the signature does not belong to it. */
export function verifyCookieValue(signed: string, secret: string): string | null {
  const at = signed.lastIndexOf('.')
  if (at < 1) return null
  const value = signed.slice(0, at)
  const expected = createHmac('sha256', secret).update(value).digest()
  const given = Buffer.from(signed.slice(at + 1), 'base64')
  return given.length === expected.length && timingSafeEqual(given, expected) ? value : null
}

/** The cookie header without the cookies of those names. */
export function withoutCookies(header: string | null, names: readonly string[]): string {
  return (header ?? '')
    .split(';')
    .filter((part) => !names.includes(part.slice(0, Math.max(0, part.indexOf('='))).trim()))
    .join(';')
}
