import type { Queryable } from '../../platform/db/index.ts'

export type TokenPurpose = 'verify_email' | 'reset_password'

export async function insertToken(
  tx: Queryable,
  token: { hash: Buffer; purpose: TokenPurpose; userId: string; email: string; at: Date; expiresAt: Date },
): Promise<void> {
  await tx.query(
    `insert into email_tokens (token_hash, purpose, user_id, email, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)`,
    [token.hash, token.purpose, token.userId, token.email, token.at, token.expiresAt],
  )
}

/**
 * Uses a token up: of any number of callers exactly one gets it. It counts only while the user still has the address
 * that it was sent to.
 */
export async function redeemToken(
  tx: Queryable,
  use: { hash: Buffer; purpose: TokenPurpose; at: Date },
): Promise<{ userId: string } | null> {
  const [row] = await tx.query<{ user_id: string }>(
    `update email_tokens t set used_at = $3 from users u
     where t.token_hash = $1 and t.purpose = $2 and t.used_at is null and t.expires_at > $3
       and u.id = t.user_id and u.email = t.email
     returning t.user_id`,
    [use.hash, use.purpose, use.at],
  )
  return row ? { userId: row.user_id } : null
}

/** Makes all open tokens of that purpose useless. */
export async function expireTokens(
  tx: Queryable,
  userId: string,
  purpose: TokenPurpose,
  at: Date,
): Promise<void> {
  await tx.query(
    'update email_tokens set used_at = $3 where user_id = $1 and purpose = $2 and used_at is null',
    [userId, purpose, at],
  )
}
