import { type ApiKey, type CreatedKey, type KeyScope, newId, type Page } from '@backlot/contract'
import { AppError } from '../../platform/app-error.ts'
import { cutPage } from '../../platform/http/index.ts'
import { selectPersonByAccount } from './account-store.ts'
import { newKeySecret, secretHash } from './key-secret.ts'
import { countKeys, insertKey, type KeyRow, revokeKey, selectKeys } from './key-store.ts'
import type { Room } from './room.ts'

const keysMax = 100
const nameContext = (keyId: string) => `api_key.name:${keyId}`

/**
 * Makes an API key. The answer holds the secret, which is stored nowhere.
 *
 * @throws AppError `not_found` for an unknown account, `state_conflict` when it has too many keys
 */
export async function createApiKey(
  room: Room,
  input: { accountId: string; userId?: string; name: string; scopes: readonly KeyScope[] },
): Promise<CreatedKey> {
  const { accountId, name, scopes } = input
  const at = room.clock.now()
  const userId = input.userId ?? (await selectPersonByAccount(room.db, accountId))?.id
  if (userId === undefined) throw new AppError('not_found', 'There is no such account.')
  if ((await countKeys(room.db, accountId)) >= keysMax) {
    throw new AppError('state_conflict', `An account may have ${keysMax} keys. Revoke one first.`)
  }
  const id = newId('key', at.getTime())
  const key = newKeySecret()
  const prefix = key.slice(0, 9)
  const sealedName = await room.keyring.seal(accountId, nameContext(id), name)
  await insertKey(room.db, {
    id,
    accountId,
    userId,
    sealedName,
    prefix,
    secretHash: secretHash(key),
    scopes,
    at,
  })
  return { id, name, prefix, scopes: [...scopes], created_at: at.toISOString(), last_used_at: null, key }
}

export async function listApiKeys(
  room: Room,
  accountId: string,
  query: { limit: number; after?: string | undefined },
): Promise<Page<ApiKey>> {
  const rows = await selectKeys(room.db, accountId, { limit: query.limit + 1, after: query.after ?? null })
  const { shown, next } = cutPage(rows, query.limit, (row) => row.id)
  return {
    data: await Promise.all(shown.map((row) => present(room, accountId, row))),
    next,
  }
}

async function present(room: Room, accountId: string, row: KeyRow): Promise<ApiKey> {
  return {
    id: row.id,
    name: await room.keyring.open(accountId, nameContext(row.id), row.sealed_name),
    prefix: row.prefix,
    scopes: row.scopes,
    created_at: row.created_at.toISOString(),
    last_used_at: row.last_used_at?.toISOString() ?? null,
  }
}

/** @throws AppError `not_found` when the account has no such key */
export async function revokeApiKey(room: Room, accountId: string, keyId: string): Promise<void> {
  const revoked = await revokeKey(room.db, { id: keyId, accountId, at: room.clock.now() })
  room.cache.forget((identity) => identity.keyId === keyId)
  if (!revoked) throw new AppError('not_found', 'There is no such key.')
}
