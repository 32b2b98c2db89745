import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import path from 'node:path'
import * as x509 from '@peculiar/x509'
import { z } from 'zod'
import type { Keyring } from '../../platform/keyring/index.ts'
import { readOrCreateSealed, writeSealed } from './sealed-file.ts'

/** What signs Content Credentials. */
export interface DeploymentCertificate {
  /** Leaf, intermediates and root, as the signer wants them. */
  readonly certificateChainPem: string
  /** PKCS#8 PEM of the leaf's EC P-256 key. */
  readonly privateKeyPem: string
  /** The anchor that verifiers need; published at a well-known address. */
  readonly rootPem: string
  /** `own`: made by this deployment, shown as unrecognised by public verifiers; `operator`: supplied. */
  readonly source: 'own' | 'operator'
  readonly expiresAt: Date
}

const bundle = z.strictObject({
  root_pem: z.string(),
  root_key_pem: z.string(),
  leaf_pem: z.string(),
  leaf_key_pem: z.string(),
})
type Bundle = z.infer<typeof bundle>

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const dayMs = 24 * 60 * 60_000
const rootDays = 30 * 365
// Without a trusted timestamp a signature stops validating when its leaf expires, so the leaf lives long and is
// replaced early: what is signed today stays valid for at least renewalDays.
const leafDays = 15 * 365
const renewalDays = 10 * 365
const context = 'records.content-credentials'
const emailProtection = '1.3.6.1.5.5.7.3.4'

/**
 * The certificate of this deployment: an own root and a leaf, made at first start and sealed with the master key. The
 * leaf is replaced under the same root while what it signed still has years to live.
 */
export async function loadDeploymentCertificate(options: {
  keysDirectory: string
  keyring: Keyring
  /** Shown by verifiers as the issuer. */
  organisation: string
  now: Date
  /** A chain and key that the operator brought (leaf first, root last; PKCS#8); replaces the own ones. */
  supplied?: { certificateChainPem: string; privateKeyPem: string } | null
}): Promise<DeploymentCertificate> {
  const { keyring, now } = options
  if (options.supplied) return fromOperator(options.supplied)
  const file = path.join(options.keysDirectory, 'content-credentials.sealed')
  const text = await readOrCreateSealed(file, context, keyring, async () =>
    JSON.stringify(await issueBundle(options.organisation, now)),
  )
  let current = bundle.parse(JSON.parse(text))
  const leftMs = new x509.X509Certificate(current.leaf_pem).notAfter.getTime() - now.getTime()
  if (leftMs < renewalDays * dayMs) {
    current = await renewLeaf(current, now)
    await writeSealed(file, context, keyring, JSON.stringify(current), 'replace')
  }
  return {
    certificateChainPem: `${current.leaf_pem.trim()}\n${current.root_pem.trim()}\n`,
    privateKeyPem: current.leaf_key_pem,
    rootPem: `${current.root_pem.trim()}\n`,
    source: 'own',
    expiresAt: new x509.X509Certificate(current.leaf_pem).notAfter,
  }
}

function fromOperator(supplied: {
  certificateChainPem: string
  privateKeyPem: string
}): DeploymentCertificate {
  const chain = x509.PemConverter.decode(supplied.certificateChainPem).map(
    (raw) => new x509.X509Certificate(raw),
  )
  const leaf = chain[0]
  const root = chain.at(-1)
  if (!leaf || !root)
    throw new TypeError('the certificate chain for Content Credentials holds no certificate')
  return {
    certificateChainPem: supplied.certificateChainPem,
    privateKeyPem: supplied.privateKeyPem,
    rootPem: `${root.toString('pem').trim()}\n`,
    source: 'operator',
    expiresAt: leaf.notAfter,
  }
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair
}

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')
}

async function issueBundle(organisation: string, now: Date): Promise<Bundle> {
  const rootKeys = await newKeys()
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: distinguishedName(organisation, 'Content Credentials root'),
    notBefore: now,
    notAfter: new Date(now.getTime() + rootDays * dayMs),
    signingAlgorithm: algorithm,
    keys: rootKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(rootKeys.publicKey, false),
    ],
  })
  const leaf = await issueLeaf(root, rootKeys, organisation, now)
  return {
    root_pem: root.toString('pem'),
    root_key_pem: await keyPem(rootKeys.privateKey),
    ...leaf,
  }
}

async function renewLeaf(current: Bundle, now: Date): Promise<Bundle> {
  const root = new x509.X509Certificate(current.root_pem)
  const privateKey = await webcrypto.subtle.importKey(
    'pkcs8',
    x509.PemConverter.decodeFirst(current.root_key_pem),
    algorithm,
    false,
    ['sign'],
  )
  const publicKey = await root.publicKey.export(algorithm, ['verify'])
  const organisation = root.subjectName.getField('O')[0] ?? 'Backlot'
  return { ...current, ...(await issueLeaf(root, { privateKey, publicKey }, organisation, now)) }
}

async function issueLeaf(
  root: x509.X509Certificate,
  rootKeys: webcrypto.CryptoKeyPair,
  organisation: string,
  now: Date,
): Promise<Pick<Bundle, 'leaf_pem' | 'leaf_key_pem'>> {
  const keys = await newKeys()
  const expiresAtMs = Math.min(now.getTime() + leafDays * dayMs, root.notAfter.getTime())
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: distinguishedName(organisation, 'Content Credentials'),
    issuer: root.subject,
    notBefore: now,
    notAfter: new Date(expiresAtMs),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: rootKeys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      // Signers refuse a certificate with no extended usage or with serverAuth; this one they all take.
      new x509.ExtendedKeyUsageExtension([emailProtection], false),
      await x509.AuthorityKeyIdentifierExtension.create(rootKeys.publicKey, false),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false),
    ],
  })
  return { leaf_pem: leaf.toString('pem'), leaf_key_pem: await keyPem(keys.privateKey) }
}

function distinguishedName(organisation: string, commonName: string): x509.JsonName {
  return [{ O: [organisation] }, { CN: [`${organisation} ${commonName}`.slice(0, 64)] }]
}

/** 16 random bytes, positive. */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16))
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return Buffer.from(bytes).toString('hex')
}
