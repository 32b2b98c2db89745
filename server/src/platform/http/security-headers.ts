import { isLoopback } from '../loopback.ts'

/**
 * Headers of every answer. The policy has no `unsafe-…` anywhere: pages carry no inline script and no inline style,
 * and media come from this origin alone.
 */
const everywhere: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "font-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
}

/**
 * @param publicOrigin where browsers find us. Over plain HTTP on a name that is not this machine's own they ignore
 *   what asks for a trustworthy origin, and say so in the console of every visitor; it is left out there.
 */
export function securityHeaders(publicOrigin: string): Readonly<Record<string, string>> {
  const { protocol, hostname } = new URL(publicOrigin)
  const isEncrypted = protocol === 'https:'
  return {
    ...everywhere,
    ...(isEncrypted || isLoopback(hostname) ? { 'cross-origin-opener-policy': 'same-origin' } : {}),
    ...(isEncrypted ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  }
}
