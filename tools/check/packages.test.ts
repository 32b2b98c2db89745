import { expect, test } from 'vitest'
import { exceptions, isPermissive, judgeLicence } from './licences.ts'
import { formatLicences } from './licences-check.ts'
import { type Lockfile, lockfileFaults, packageName } from './lockfile-check.ts'
import { manifestFaults } from './versions-check.ts'

test('a lockfile without a platform is refused', () => {
  const faults = lockfileFaults({
    packages: { 'node_modules/@napi-rs/canvas-linux-x64-gnu': { version: '1.0.11' } },
  })
  expect(faults).toContainEqual(expect.stringContaining('@napi-rs/canvas-darwin-arm64'))
  expect(faults.join('\n')).not.toContain('name @napi-rs/canvas-linux-x64-gnu')
})

test('a lockfile that names a registry host is refused, a workspace link is not', () => {
  const lockfile: Lockfile = {
    packages: {
      'node_modules/a': { version: '1.0.0', resolved: 'https://packages.example/a/-/a-1.0.0.tgz' },
      'node_modules/@backlot/server': { resolved: 'server', link: true },
    },
  }
  const tied = lockfileFaults(lockfile).filter((fault) => fault.includes('ties'))
  expect(tied).toEqual(['package-lock.json ties node_modules/a to packages.example'])
})

test('the name of a nested package is its last part', () => {
  expect(packageName('node_modules/a/node_modules/@b/c')).toBe('@b/c')
})

test('versions are exact and installation runs nothing', () => {
  const good = { dependencies: { a: '1.2.3', b: '18.4.0-beta.17' }, scripts: { test: 'x' } }
  expect(manifestFaults('package.json', good)).toEqual([])
  const bad = { dependencies: { a: '^1.2.3' }, devDependencies: { b: '*' }, scripts: { postinstall: 'x' } }
  expect(manifestFaults('x/package.json', bad)).toHaveLength(3)
})

test.each([
  ['MIT', true],
  ['(AFL-2.1 OR BSD-3-Clause)', true],
  ['Apache-2.0 AND MIT', true],
  ['Apache-2.0 AND LGPL-3.0-or-later', false],
  ['GPL-3.0-only', false],
  ['SEE LICENSE IN LICENSE.md', false],
  ['UNLICENSED', false],
  ['', false],
])('licence "%s" is permissive: %s', (expression, expected) => {
  expect(isPermissive(expression)).toBe(expected)
})

test('a package without a licence, or with an unknown one, is refused', () => {
  expect(judgeLicence({ name: 'x', version: '1.0.0', stated: null }).isAccepted).toBe(false)
  expect(judgeLicence({ name: 'x', version: '1.0.0', stated: 'SSPL-1.0' }).isAccepted).toBe(false)
})

test('an exception says what the package really is, and why', () => {
  const verdict = judgeLicence({ name: '@seydx/node-av-linux-x64', version: '6.1.1', stated: 'MIT' })
  expect(verdict).toMatchObject({ licence: 'GPL-3.0-or-later', isAccepted: true })
  expect(formatLicences([verdict])).toContain('media children only')
  for (const exception of exceptions) expect(exception.reason.length).toBeGreaterThan(20)
})
