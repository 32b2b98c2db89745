import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import path from 'node:path'
import type { Keyring } from '../../platform/keyring/index.ts'
import { readOrCreateSealed } from './sealed-file.ts'

/** The Ed25519 key that signs heads of the generation log; made at first start, sealed with the master key. */
export async function loadLogSigningKey(options: {
  keysDirectory: string
  keyring: Keyring
}): Promise<KeyObject> {
  const pem = await readOrCreateSealed(
    path.join(options.keysDirectory, 'log-signing-key.sealed'),
    'records.log-signing-key',
    options.keyring,
    () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  )
  return createPrivateKey(pem)
}
