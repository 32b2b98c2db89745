import type { Queryable } from '../../platform/db/index.ts'

export interface InvitationRow {
  id: string
  email: string | null
  created_at: Date
  expires_at: Date
  used_at: Date | null
}

export async function insertInvitation(
  tx: Queryable,
  invitation: {
    id: string
    tokenHash: Buffer
    email: string | null
    createdBy: string
    at: Date
    expiresAt: Date
  },
): Promise<void> {
  await tx.query(
    `insert into invitations (id, token_hash, email, created_by, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)`,
    [
      invitation.id,
      invitation.tokenHash,
      invitation.email,
      invitation.createdBy,
      invitation.at,
      invitation.expiresAt,
    ],
  )
}

/** Uses an invitation up, once. @returns whether it was good for that address */
export async function redeemInvitation(
  tx: Queryable,
  use: { tokenHash: Buffer; email: string; at: Date },
): Promise<boolean> {
  const rows = await tx.query(
    `update invitations set used_at = $3, used_by = $2
     where token_hash = $1 and (email is null or email = $2) and used_at is null and revoked_at is null and expires_at > $3
     returning id`,
    [use.tokenHash, use.email, use.at],
  )
  return rows.length > 0
}

/** The same for somebody whose provider vouches for the address that was invited. */
export async function redeemInvitationOfEmail(tx: Queryable, email: string, at: Date): Promise<boolean> {
  const rows = await tx.query(
    `update invitations set used_at = $2, used_by = $1 where id = (
       select id from invitations where email = $1 and used_at is null and revoked_at is null and expires_at > $2
       order by id limit 1 for update skip locked) returning id`,
    [email, at],
  )
  return rows.length > 0
}

export async function selectInvitations(
  db: Queryable,
  page: { limit: number; after: string | null },
): Promise<InvitationRow[]> {
  return db.query<InvitationRow>(
    `select id, email, created_at, expires_at, used_at from invitations
     where revoked_at is null and ($1::text is null or id < $1) order by id desc limit $2`,
    [page.after, page.limit],
  )
}

export async function revokeInvitation(db: Queryable, id: string, at: Date): Promise<boolean> {
  const rows = await db.query(
    'update invitations set revoked_at = $2 where id = $1 and used_at is null and revoked_at is null returning id',
    [id, at],
  )
  return rows.length > 0
}
