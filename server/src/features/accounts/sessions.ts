import type { Session } from '@backlot/contract'
import { AppError } from '../../platform/app-error.ts'
import type { Identity } from '../../platform/http/index.ts'
import { deviceInWords } from './devices.ts'
import type { Room } from './room.ts'
import { cookieNames, makeCookie } from './session-cookie.ts'
import { deleteSession, deleteSessionsExcept, selectSessions } from './session-store.ts'

export async function listSessions(room: Room, identity: Identity): Promise<Session[]> {
  const rows = await selectSessions(room.db, identity.userId, room.clock.now())
  return rows.map((row) => ({
    id: row.id,
    current: row.id === identity.sessionId,
    device: deviceInWords(row.user_agent),
    ip_address: row.ip_address || null,
    created_at: row.created_at.toISOString(),
    last_seen_at: row.updated_at.toISOString(),
  }))
}

/** @throws AppError `not_found` when the user has no such session */
export async function endSession(room: Room, identity: Identity, sessionId: string): Promise<void> {
  const ended = await deleteSession(room.db, identity.userId, sessionId)
  room.cache.forget((cached) => cached.sessionId === sessionId)
  if (!ended) throw new AppError('not_found', 'There is no such session.')
}

export async function endOtherSessions(room: Room, userId: string, keptId: string | null): Promise<void> {
  await deleteSessionsExcept(room.db, userId, keptId)
  room.cache.forget((cached) => cached.userId === userId && cached.sessionId !== keptId)
}

/** Ends the caller's own session. @returns the cookie that clears theirs */
export async function signOut(room: Room, identity: Identity | null): Promise<string> {
  if (identity?.sessionId) {
    await deleteSession(room.db, identity.userId, identity.sessionId)
    room.cache.forget((cached) => cached.sessionId === identity.sessionId)
  }
  return makeCookie(room.publicOrigin, cookieNames(room.publicOrigin).session, '', 0)
}
