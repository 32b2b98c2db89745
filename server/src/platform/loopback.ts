import { isIP } from 'node:net'

/**
 * Whether only this machine reaches a host: `localhost`, 127.0.0.0/8 or ::1, with or without brackets. Any other name
 * counts as reachable, wherever it may point.
 */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase()
  if (name === 'localhost' || name === '::1') return true
  return isIP(name) === 4 && name.startsWith('127.')
}
