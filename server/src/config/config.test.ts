import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ConfigError,
  type ConfigFault,
  environment,
  notes,
  origin,
  parseMasterKey,
  readConfig,
} from './index.ts'
import { editDistance, nearestName } from './nearest-name.ts'

function faultsOf(variables: Record<string, string>): readonly ConfigFault[] {
  try {
    readConfig(variables)
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  return []
}

describe('the configuration', () => {
  test('needs nothing to be set', () => {
    const { config, secrets } = readConfig({})
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 8787,
      publicUrl: 'http://localhost:8787',
      publicUrlIsSet: false,
      roles: ['api', 'worker'],
      database: 'embedded',
      leaseMs: 30_000,
    })
    expect(Object.values(secrets).every((value) => value === null)).toBe(true)
  })

  test('counts an empty variable as absent', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: ' ', BACKLOT_ROLES: '' })).toEqual(readConfig({}))
  })

  test('reports every fault together, each with its variable', () => {
    const faults = faultsOf({
      PORT: '70000',
      BACKLOT_PUBLIC_URL: 'https://video.example.org/studio',
      BACKLOT_TRUSTED_PROXIES: '10.0.0.0/33',
      BACKLOT_ROLES: 'api,cook',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://localhost/backlot',
      BACKLOT_MASTER_KEY: 'short',
      BACKLOT_LEASE_SECONDS: '-1',
      BACKLOT_GITHUB_CLIENT_ID: 'abc',
      BACKLOT_HOTS: '0.0.0.0',
    })
    expect(faults.map((fault) => fault.variable).sort()).toEqual([
      'BACKLOT_GITHUB_CLIENT_SECRET',
      'BACKLOT_HOTS',
      'BACKLOT_LEASE_SECONDS',
      'BACKLOT_MASTER_KEY',
      'BACKLOT_PUBLIC_URL',
      'BACKLOT_ROLES',
      'BACKLOT_TRUSTED_PROXIES',
      'DATABASE_URL',
      'LOG_LEVEL',
      'PORT',
    ])
    expect(new ConfigError(faults).message.split('\n')).toHaveLength(11)
  })

  test('names the nearest known variable for one that it does not know', () => {
    expect(faultsOf({ BACKLOT_DATA_DIRECTORY: '/srv' })).toEqual([
      { variable: 'BACKLOT_DATA_DIRECTORY', message: 'is not known (did you mean BACKLOT_DATA_DIR?)' },
    ])
    expect(faultsOf({ BACKLOT_ENTIRELY_DIFFERENT_THING: '1' })[0]?.message).toBe('is not known')
    expect(faultsOf({ UNRELATED: '1' })).toEqual([])
  })

  test.each([
    ['BACKLOT_SMTP_URL', 'smtp://mail.example.org', 'BACKLOT_MAIL_FROM'],
    ['BACKLOT_OIDC_ISSUER', 'https://id.example.org', 'BACKLOT_OIDC_CLIENT_ID'],
    ['FFMPEG_PATH', '/usr/bin/ffmpeg', 'FFPROBE_PATH'],
  ])('%s alone is not enough', (name, value, other) => {
    expect(faultsOf({ [name]: value })).toEqual([{ variable: other, message: `is needed with ${name}` }])
  })

  test('keeps secrets out of the part that may be logged', () => {
    const planted = {
      DATABASE_URL: 'postgres://me:planted-1@db/backlot',
      BACKLOT_SMTP_URL: 'smtps://me:planted-2@mail.example.org',
      BACKLOT_MAIL_FROM: 'Backlot <hello@example.org>',
      BACKLOT_MASTER_KEY: Buffer.alloc(32, 'planted-3').toString('base64'),
      BACKLOT_GOOGLE_CLIENT_ID: 'id',
      BACKLOT_GOOGLE_CLIENT_SECRET: 'planted-4',
    }
    const { config, secrets } = readConfig(planted)
    expect(JSON.stringify(config)).not.toMatch(/planted|cGxhbnRlZC/)
    expect(secrets.masterKey).toEqual(Buffer.alloc(32, 'planted-3'))
    expect(secrets.googleClientSecret).toBe('planted-4')
    const [fault] = faultsOf({ ...planted, DATABASE_URL: 'mysql://me:planted-1@db/backlot' })
    expect(fault?.message).not.toContain('planted')
  })

  test('reads the master key from a file', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'backlot-config-'))
    const file = path.join(folder, 'key')
    writeFileSync(file, `${'ab'.repeat(32)}\n`)
    expect(readConfig({ BACKLOT_MASTER_KEY_FILE: file }).secrets.masterKey).toEqual(Buffer.alloc(32, 0xab))
    rmSync(folder, { recursive: true })
    expect(faultsOf({ BACKLOT_MASTER_KEY_FILE: file })[0]?.message).toMatch(/cannot be read \(ENOENT\)/)
  })

  test('every variable is described', () => {
    for (const [name, schema] of Object.entries(environment.shape))
      expect(notes.get(schema)?.description, name).toBeTruthy()
  })
})

describe('the master key', () => {
  test('any 32 bytes survive base64, base64url and hex', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const key = Buffer.from(bytes)
        for (const encoding of ['base64', 'base64url', 'hex'] as const)
          expect(parseMasterKey(key.toString(encoding))).toEqual(key)
      }),
    )
  })

  test('any other length is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        fc.pre(bytes.length !== 32)
        expect(parseMasterKey(Buffer.from(bytes).toString('hex'))).toBeUndefined()
      }),
    )
  })
})

test('an address for all interfaces becomes one that can be typed, and one that passkeys work on', () => {
  expect(origin('127.0.0.1', 8787)).toBe('http://localhost:8787')
  expect(origin('0.0.0.0', 80)).toBe('http://localhost')
  expect(origin('::', 8787)).toBe('http://localhost:8787')
  expect(origin('::1', 8787)).toBe('http://[::1]:8787')
})

test('edit distance is a metric over small words', () => {
  const word = fc.string({ maxLength: 6 })
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      expect(editDistance(a, a)).toBe(0)
      expect(editDistance(a, b)).toBe(editDistance(b, a))
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c))
    }),
  )
  expect(nearestName('PROT', ['PORT', 'LOG_LEVEL'])).toBe('PORT')
})
