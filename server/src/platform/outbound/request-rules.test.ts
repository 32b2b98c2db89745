import { describe, expect, test } from 'vitest'
import { checkUrl, followRedirect, type Hop, matchesHost } from './request-rules.ts'

const anywhere = { origins: new Set<string>(), hosts: undefined }

function hop(overrides: Partial<Hop> & { at?: string } = {}): Hop {
  return {
    url: new URL(overrides.at ?? 'https://a.example/start'),
    method: 'GET',
    headers: new Headers({
      authorization: 'Bearer x',
      'x-goog-api-key': 'k',
      cookie: 'c=1',
      accept: 'image/*',
    }),
    body: undefined,
    ...overrides,
  }
}

describe('an address', () => {
  test.each([
    'ftp://a.example/',
    'file:///etc/passwd',
    'http://user:secret@a.example/',
    'http://[::1]/',
    'http://2130706433/',
    'https://169.254.169.254/latest/meta-data',
  ])('%s is refused', (address) => {
    expect(() => checkUrl(new URL(address), anywhere)).toThrow(
      expect.objectContaining({ code: 'address_refused', maybeSent: false }),
    )
  })

  test('of a configured origin is accepted at exactly that origin', () => {
    const rules = { origins: new Set(['http://127.0.0.1:8188']), hosts: undefined }
    expect(() => checkUrl(new URL('http://127.0.0.1:8188/x'), rules)).not.toThrow()
    expect(() => checkUrl(new URL('http://127.0.0.1:8189/x'), rules)).toThrow()
    expect(() => checkUrl(new URL('https://127.0.0.1:8188/x'), rules)).toThrow()
  })

  test('must be of an accepted host where hosts are named', () => {
    const rules = { origins: new Set<string>(), hosts: ['files.example', '*.cdn.example'] }
    expect(() => checkUrl(new URL('https://a.cdn.example/x'), rules)).not.toThrow()
    expect(() => checkUrl(new URL('https://files.example/x'), rules)).not.toThrow()
    for (const host of ['cdn.example', 'evilcdn.example', 'files.example.evil.test', 'xfiles.example']) {
      expect(() => checkUrl(new URL(`https://${host}/x`), rules)).toThrow()
    }
    expect(matchesHost('Files.Example', 'files.example.')).toBe(true)
  })
})

describe('a redirect', () => {
  test('within one origin keeps everything', () => {
    const next = followRedirect(hop(), 302, '/end#part', anywhere)
    expect(next?.url.href).toBe('https://a.example/end')
    expect(next?.headers.get('authorization')).toBe('Bearer x')
  })

  test('to another origin takes no credential along, whatever its name', () => {
    const next = followRedirect(hop(), 307, 'https://b.example/end', anywhere)
    expect([...(next?.headers.keys() ?? [])]).toEqual(['accept'])
  })

  test('turns a POST into a GET without its body, save with 307 and 308', () => {
    const headers = new Headers({ 'content-type': 'application/json' })
    const post = hop({ method: 'POST', body: Buffer.from('{}'), headers })
    const turned = followRedirect(post, 303, '/end', anywhere)
    expect(turned).toMatchObject({ method: 'GET', body: undefined })
    expect(turned?.headers.has('content-type')).toBe(false)
    expect(followRedirect(post, 308, '/end', anywhere)).toMatchObject({ method: 'POST', body: post.body })
    expect(() => followRedirect(post, 307, 'https://b.example/', anywhere)).toThrow(
      expect.objectContaining({ code: 'redirect_refused', maybeSent: true }),
    )
  })

  test('is judged like a first address', () => {
    expect(() => followRedirect(hop(), 302, 'http://10.0.0.1/', anywhere)).toThrow()
    expect(() => followRedirect(hop(), 302, 'http://b.example/', anywhere)).toThrow('leaves https')
    expect(() => followRedirect(hop(), 302, 'http://[', anywhere)).toThrow('no valid address')
    expect(followRedirect(hop(), 304, '/x', anywhere)).toBeNull()
    expect(followRedirect(hop(), 302, null, anywhere)).toBeNull()
  })

  test('from a stranger does not reach a configured private origin', () => {
    const rules = { origins: new Set(['http://127.0.0.1:8188']), hosts: undefined }
    const stranger = hop({ at: 'http://a.example/' })
    expect(() => followRedirect(stranger, 302, 'http://127.0.0.1:8188/', rules)).toThrow('not public')
    const own = hop({ at: 'http://127.0.0.1:8188/view' })
    expect(followRedirect(own, 302, '/other', rules)?.url.pathname).toBe('/other')
  })
})
