import { createHash } from 'node:crypto'
import { AppError } from '../../platform/app-error.ts'
import type { Identity } from '../../platform/http/index.ts'
import { ensureAccount } from './create-account.ts'
import type { Standing } from './identity-cache.ts'
import { isKeySecret, secretHash } from './key-secret.ts'
import { selectKeyStanding, touchKey } from './key-store.ts'
import type { Room } from './room.ts'
import { cookieNames, readCookie, verifyCookieValue } from './session-cookie.ts'
import { selectSessionStanding, touchSession } from './session-store.ts'

const seenEveryMs = 5 * 60_000

/** What somebody may reach who is suspended or has not accepted the terms yet: the way in, out, and forward. */
const openPaths =
  /^\/v1\/(service|setup|sign-up|sign-in|sign-out|sessions|me|terms|email|password)(\/|$)|^\/(?!v1\/)/

/** An address with an escape in it is never open: the router would read `/%761/…` as `/v1/…`. */
function isOpen(pathname: string): boolean {
  return !pathname.includes('%') && openPaths.test(pathname)
}

/**
 * Finds out who asks. A bearer key wins over a cookie; a cookie is looked at only when its signature is ours.
 *
 * @returns null for a stranger, for an ended session and for a revoked key
 * @throws AppError `account_suspended` or `terms_not_accepted`, except where those must still get through
 */
export async function authenticate(room: Room, request: Request): Promise<Identity | null> {
  const standing = await findStanding(room, request)
  if (!standing) return null
  const { pathname } = new URL(request.url)
  if (standing.suspended) {
    if (isOpen(pathname) && pathname !== '/v1/me') return null
    throw new AppError('account_suspended', 'The account is suspended. Write to the operator to ask why.')
  }
  if (!standing.termsAccepted && !isOpen(pathname)) {
    throw new AppError('terms_not_accepted', 'Accept the terms and confirm your age first.')
  }
  return standing.identity
}

async function findStanding(room: Room, request: Request): Promise<Standing | null> {
  const authorization = request.headers.get('authorization')
  if (authorization !== null) {
    const secret = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
    return secret !== undefined && isKeySecret(secret) ? keyStanding(room, secret) : null
  }
  const signed = readCookie(request.headers.get('cookie'), cookieNames(room.publicOrigin).session)
  if (signed === null) return null
  const token = verifyCookieValue(signed, room.secret)
  return token === null ? null : sessionStanding(room, token)
}

async function sessionStanding(room: Room, token: string): Promise<Standing | null> {
  const now = room.clock.now()
  const proof = `session:${createHash('sha256').update(token).digest('base64')}`
  const cached = room.cache.get(proof, now)
  if (cached) return cached
  const { generation } = room.cache
  const row = await selectSessionStanding(room.db, token)
  if (!row || row.expires_at <= now) return null
  if (now.getTime() - row.updated_at.getTime() > seenEveryMs) {
    room.inBackground(touchSession(room.db, row.session_id, now))
  }
  const standing: Standing = {
    identity: {
      kind: 'session',
      userId: row.user_id,
      accountId: row.account_id ?? (await ensureAccount(room, row.user_id)),
      role: row.role,
      sessionId: row.session_id,
      keyId: null,
      scopes: [],
    },
    suspended: row.suspended_at !== null,
    termsAccepted: row.terms_accepted,
    expiresAt: row.expires_at,
  }
  // Something was ended while the query ran: it may have been this session.
  if (generation === room.cache.generation) room.cache.set(proof, standing, now)
  return standing
}

async function keyStanding(room: Room, secret: string): Promise<Standing | null> {
  const now = room.clock.now()
  const hash = secretHash(secret)
  const proof = `key:${hash.toString('base64')}`
  const cached = room.cache.get(proof, now)
  if (cached) return cached
  const { generation } = room.cache
  const row = await selectKeyStanding(room.db, hash)
  if (!row) return null
  if (!row.last_used_at || now.getTime() - row.last_used_at.getTime() > seenEveryMs) {
    room.inBackground(touchKey(room.db, row.key_id, now))
  }
  const standing: Standing = {
    identity: {
      kind: 'key',
      userId: row.user_id,
      accountId: row.account_id,
      role: row.role,
      sessionId: null,
      keyId: row.key_id,
      scopes: row.scopes,
    },
    suspended: row.suspended_at !== null,
    termsAccepted: true,
    expiresAt: null,
  }
  if (generation === room.cache.generation) room.cache.set(proof, standing, now)
  return standing
}
