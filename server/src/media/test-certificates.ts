// For tests only: a root and a leaf that may sign Content Credentials.
import { webcrypto } from 'node:crypto'
import 'reflect-metadata'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const documentSigning = '1.3.6.1.5.5.7.3.36'

/** A fresh root and leaf as PEM text. */
export async function makeTestSigner(): Promise<{ chainPem: string; keyPem: string; rootPem: string }> {
  const notBefore = new Date(Date.now() - 3600_000)
  const notAfter = new Date(Date.now() + 3600_000)
  const rootKeys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const leafKeys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const root = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=Test root,O=Backlot tests',
    keys: rootKeys,
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(rootKeys.publicKey),
    ],
  })
  const leaf = await X509CertificateGenerator.create({
    subject: 'CN=Test leaf,O=Backlot tests',
    issuer: root.subject,
    publicKey: leafKeys.publicKey,
    signingKey: rootKeys.privateKey,
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([documentSigning], false),
      await AuthorityKeyIdentifierExtension.create(rootKeys.publicKey),
    ],
  })
  const key = await webcrypto.subtle.exportKey('pkcs8', leafKeys.privateKey)
  return {
    chainPem: `${leaf.toString('pem')}\n${root.toString('pem')}\n`,
    keyPem: PemConverter.encode(key, 'PRIVATE KEY'),
    rootPem: root.toString('pem'),
  }
}
