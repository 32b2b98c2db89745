import { X509Certificate as NodeCertificate, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Hono } from 'hono'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMediaEngine } from '../../media/index.ts'
import { makeTestClip } from '../../media/test-clips.ts'
import { createKeyring, type Keyring, SealError } from '../../platform/keyring/index.ts'
import { silentLog } from '../../platform/log.ts'
import { certificateRoutes, rootCertificatePath } from './certificate-routes.ts'
import { loadDeploymentCertificate } from './deployment-certificate.ts'
import { loadLogSigningKey } from './log-signing-key.ts'
import { outputManifest } from './output-manifest.ts'

const now = new Date()
let directory: string
let keyring: Keyring
const noDatabase = { query: () => Promise.reject(new Error('no database here')) }

function newKeyring(): Keyring {
  return createKeyring({ masterKey: randomBytes(32), keyId: 'k1', db: noDatabase })
}

function load(at: Date = now) {
  return loadDeploymentCertificate({
    keysDirectory: directory,
    keyring,
    organisation: 'Studio Nord',
    now: at,
  })
}

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'backlot-keys-'))
  keyring = newKeyring()
})

afterEach(async () => {
  await rm(directory, { recursive: true, force: true })
})

test('a root and a leaf are made once, also when several processes start together', async () => {
  const made = await Promise.all(Array.from({ length: 4 }, () => load()))
  expect(new Set(made.map((one) => one.rootPem)).size).toBe(1)
  expect(new Set(made.map((one) => one.privateKeyPem)).size).toBe(1)
  const again = await load()
  expect(again).toEqual(made[0])
  expect(await readdir(directory)).toEqual(['content-credentials.sealed'])

  const [leafPem] = again.certificateChainPem.split(/(?<=-----END CERTIFICATE-----)/)
  const leaf = new NodeCertificate(leafPem ?? '')
  const root = new NodeCertificate(again.rootPem)
  expect(leaf.checkIssued(root)).toBe(true)
  expect(leaf.verify(root.publicKey)).toBe(true)
  expect(leaf.ca).toBe(false)
  expect(root.ca).toBe(true)
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.4'])
  expect(leaf.subject).toContain('Studio Nord')
})

test('private keys lie on disk sealed, for their owner only, and open under no other master key', async () => {
  const certificate = await load()
  await loadLogSigningKey({ keysDirectory: directory, keyring })
  for (const name of await readdir(directory)) {
    const file = path.join(directory, name)
    expect((await stat(file)).mode & 0o077).toBe(0)
    expect((await readFile(file)).toString('latin1')).not.toContain('PRIVATE KEY')
  }
  expect(certificate.privateKeyPem).toContain('BEGIN PRIVATE KEY')
  keyring = newKeyring()
  await expect(load()).rejects.toThrow(SealError)
  await expect(loadLogSigningKey({ keysDirectory: directory, keyring })).rejects.toThrow(SealError)
})

test('the leaf is replaced under the same root while what it signed has years to live', async () => {
  const first = await load()
  const inSixYears = new Date(now.getTime() + 6 * 365 * 86_400_000)
  const second = await load(inSixYears)
  expect(second.rootPem).toBe(first.rootPem)
  expect(second.privateKeyPem).not.toBe(first.privateKeyPem)
  expect(second.expiresAt.getTime()).toBeGreaterThan(first.expiresAt.getTime())
  const leaf = new NodeCertificate(second.certificateChainPem)
  expect(leaf.verify(new NodeCertificate(second.rootPem).publicKey)).toBe(true)
})

test('a chain that the operator brings is used as it is', async () => {
  const own = await load()
  const supplied = { certificateChainPem: own.certificateChainPem, privateKeyPem: own.privateKeyPem }
  const used = await loadDeploymentCertificate({
    keysDirectory: path.join(directory, 'nothing-here'),
    keyring,
    organisation: 'Studio Nord',
    now,
    supplied,
  })
  expect(used).toMatchObject({ ...supplied, source: 'operator', rootPem: own.rootPem })
})

test('the root is public, for verifiers of other sites too', async () => {
  const certificate = await load()
  const app = new Hono()
  certificateRoutes(app, certificate)
  const answer = await app.request(rootCertificatePath)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  expect(await answer.text()).toBe(certificate.rootPem)
})

test('a draft signed with it reads back trusted, names no trained model, no person and no prompt', async () => {
  const certificate = await load()
  const engine = createMediaEngine({ workDirectory: path.join(directory, 'work'), log: silentLog })
  const clip = path.join(directory, 'clip.mp4')
  const signed = path.join(directory, 'signed.mp4')
  await makeTestClip({ output: clip, frames: 12 })
  const manifest = outputManifest({
    assetId: 'ast_1',
    modelId: 'draft',
    isTrainedModel: false,
    at: now,
    serviceName: 'Studio Nord',
    version: '0.1.0',
    verifyUrl: 'https://video.studio-nord.de/verify/ast_1',
  })
  await engine.sign(clip, signed, {
    manifest,
    mimeType: 'video/mp4',
    signer: { ...certificate, algorithm: 'es256' },
  })
  const reading = await engine.readCredentials(signed, { trustAnchorsPem: certificate.rootPem })
  expect(reading.state).toBe('trusted')
  expect(JSON.stringify(reading)).toContain('algorithmicMedia')
  expect(JSON.stringify(reading)).not.toMatch(/trainedAlgorithmicMedia|prompt|account/i)
  expect(JSON.stringify(manifest)).toContain('"de.studio-nord.video.generation"')
})
