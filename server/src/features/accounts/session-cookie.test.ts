import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deviceInWords } from './devices.ts'
import {
  cookieNames,
  makeCookie,
  readCookie,
  signCookieValue,
  verifyCookieValue,
  withoutCookies,
} from './session-cookie.ts'

describe('signed cookies', () => {
  it('open only with the secret that signed them', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.string({ minLength: 1 }),
        fc.string(),
        (value, secret, other) => {
          const signed = signCookieValue(value, secret)
          expect(verifyCookieValue(signed, secret)).toBe(value)
          if (other !== secret) expect(verifyCookieValue(signed, other)).toBeNull()
          expect(verifyCookieValue(`x${signed}`, secret)).toBeNull()
        },
      ),
    )
  })

  it('never throw, whatever a stranger sends', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(verifyCookieValue(text, 'secret')).toBeNull()
        readCookie(text, 'name')
        readCookie(`name=${text}`, 'name')
      }),
    )
  })

  it('are found among others, and taken away among others', () => {
    const header = 'a=1; backlot.session_token=x%2By; b=2'
    expect(readCookie(header, 'backlot.session_token')).toBe('x+y')
    expect(readCookie(header, 'session_token')).toBeNull()
    expect(readCookie('name=%E0%A4%A', 'name')).toBeNull()
    expect(readCookie(null, 'name')).toBeNull()
    expect(withoutCookies(header, ['backlot.session_token'])).toBe('a=1; b=2')
  })

  it('are marked secure under TLS', () => {
    expect(cookieNames('https://x.example').session).toBe('__Secure-backlot.session_token')
    expect(cookieNames('http://localhost:3000').session).toBe('backlot.session_token')
    expect(makeCookie('http://localhost:3000', 'a', 'x+y', 60)).toBe(
      'a=x%2By; Max-Age=60; Path=/; HttpOnly; SameSite=Lax',
    )
    // No Domain: a name beside or below ours never gets it.
    expect(makeCookie('https://x.example', 'a', 'x', 0)).toBe(
      'a=x; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure',
    )
  })
})

describe('devices in words', () => {
  it.each([
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0', 'Edge on Windows'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) Version/19.0 Safari/605.1.15', 'Safari on macOS'],
    ['Mozilla/5.0 (Android 16; Mobile; rv:140.0) Firefox/140.0', 'Firefox on Android'],
    ['curl/8.5.0', 'curl'],
    ['', 'Unknown device'],
  ])('%s', (userAgent, words) => {
    expect(deviceInWords(userAgent)).toBe(words)
  })
})
