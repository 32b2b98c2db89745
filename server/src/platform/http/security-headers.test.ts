import { expect, test } from 'vitest'
import { securityHeaders } from './security-headers.ts'

test('no page may run what is not a file of ours, wherever it is served', () => {
  for (const origin of ['http://localhost:8787', 'http://192.168.1.5:8787', 'https://video.example.org']) {
    const policy = securityHeaders(origin)['content-security-policy'] ?? ''
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toContain('unsafe')
    expect(securityHeaders(origin)['x-content-type-options']).toBe('nosniff')
  }
})

test('what browsers take on encrypted or local origins alone is sent there alone', () => {
  const opener = (origin: string) => securityHeaders(origin)['cross-origin-opener-policy']
  expect(opener('http://localhost:8787')).toBe('same-origin')
  expect(opener('https://video.example.org')).toBe('same-origin')
  expect(opener('http://192.168.1.5:8787')).toBeUndefined()
  expect(securityHeaders('http://localhost')['strict-transport-security']).toBeUndefined()
  expect(securityHeaders('https://video.example.org')['strict-transport-security']).toContain('max-age=')
})
