import type { Queryable } from '../../platform/db/index.ts'

export interface KeyStandingRow {
  key_id: string
  account_id: string
  user_id: string
  role: 'creator' | 'operator'
  scopes: string[]
  suspended_at: Date | null
  last_used_at: Date | null
}

export async function selectKeyStanding(db: Queryable, secretHash: Buffer): Promise<KeyStandingRow | null> {
  const [row] = await db.query<KeyStandingRow>(
    `select k.id as key_id, k.account_id, k.user_id, u.role, k.scopes, a.suspended_at, k.last_used_at
     from api_keys k join accounts a on a.id = k.account_id join users u on u.id = k.user_id
     where k.secret_hash = $1 and k.revoked_at is null`,
    [secretHash],
    'select-key-standing',
  )
  return row ?? null
}

export async function touchKey(db: Queryable, keyId: string, at: Date): Promise<void> {
  await db.query('update api_keys set last_used_at = $2 where id = $1', [keyId, at])
}

export async function insertKey(
  tx: Queryable,
  key: {
    id: string
    accountId: string
    userId: string
    sealedName: Buffer
    prefix: string
    secretHash: Buffer
    scopes: readonly string[]
    at: Date
  },
): Promise<void> {
  await tx.query(
    `insert into api_keys (id, account_id, user_id, sealed_name, prefix, secret_hash, scopes, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [key.id, key.accountId, key.userId, key.sealedName, key.prefix, key.secretHash, key.scopes, key.at],
  )
}

export interface KeyRow {
  id: string
  sealed_name: Buffer
  prefix: string
  scopes: string[]
  created_at: Date
  last_used_at: Date | null
}

export async function selectKeys(
  db: Queryable,
  accountId: string,
  page: { limit: number; after: string | null },
): Promise<KeyRow[]> {
  return db.query<KeyRow>(
    `select id, sealed_name, prefix, scopes, created_at, last_used_at from api_keys
     where account_id = $1 and revoked_at is null and ($2::text is null or id < $2) order by id desc limit $3`,
    [accountId, page.after, page.limit],
  )
}

export async function countKeys(db: Queryable, accountId: string): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    'select count(*)::int as count from api_keys where account_id = $1 and revoked_at is null',
    [accountId],
  )
  return row?.count ?? 0
}

/** @returns whether the account had such a key */
export async function revokeKey(
  db: Queryable,
  key: { id: string; accountId: string; at: Date },
): Promise<boolean> {
  const rows = await db.query(
    `update api_keys set revoked_at = $3 where id = $1 and account_id = $2 and revoked_at is null returning id`,
    [key.id, key.accountId, key.at],
  )
  return rows.length > 0
}
