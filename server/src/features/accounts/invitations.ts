import { type Invitation, newId, type Page } from '@backlot/contract'
import { AppError } from '../../platform/app-error.ts'
import { cutPage } from '../../platform/http/index.ts'
import {
  type InvitationRow,
  insertInvitation,
  revokeInvitation as markRevoked,
  selectInvitations,
} from './invitation-store.ts'
import { newLinkToken } from './link-token.ts'
import type { Room } from './room.ts'

const validMs = 14 * 86_400_000

/** Makes an invitation, for anybody who has its link or for one address, which then gets a mail. */
export async function createInvitation(
  room: Room,
  input: { email?: string | undefined; byUserId: string },
): Promise<Invitation> {
  const at = room.clock.now()
  const { token, hash } = newLinkToken()
  const id = newId('inv', at.getTime())
  const expiresAt = new Date(at.getTime() + validMs)
  const email = input.email ?? null
  const url = `${room.publicOrigin}/sign-up?invitation=${token}`
  await room.db.transaction(async (tx) => {
    await insertInvitation(tx, { id, tokenHash: hash, email, createdBy: input.byUserId, at, expiresAt })
    if (email === null) return
    await room.notices.queue(tx, { to: email, template: 'invitation', values: { link: url }, at })
  })
  return present({ id, email, created_at: at, expires_at: expiresAt, used_at: null }, url)
}

export async function listInvitations(
  room: Room,
  query: { limit: number; after?: string | undefined },
): Promise<Page<Invitation>> {
  const rows = await selectInvitations(room.db, { limit: query.limit + 1, after: query.after ?? null })
  const { shown, next } = cutPage(rows, query.limit, (row) => row.id)
  return {
    data: shown.map((row) => present(row, null)),
    next,
  }
}

/** @throws AppError `not_found` when there is none that is still open */
export async function revokeInvitation(room: Room, id: string): Promise<void> {
  if (!(await markRevoked(room.db, id, room.clock.now()))) {
    throw new AppError('not_found', 'There is no such invitation, or it was used.')
  }
}

function present(row: InvitationRow, url: string | null): Invitation {
  return {
    id: row.id,
    url,
    email: row.email,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    used_at: row.used_at?.toISOString() ?? null,
  }
}
