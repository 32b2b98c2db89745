import type { Queryable } from '../../platform/db/index.ts'

export interface SessionStandingRow {
  session_id: string
  user_id: string
  role: 'creator' | 'operator'
  account_id: string | null
  suspended_at: Date | null
  expires_at: Date
  updated_at: Date
  terms_accepted: boolean
}

/** All that a request with a session cookie needs to know, in one query. */
export async function selectSessionStanding(
  db: Queryable,
  token: string,
): Promise<SessionStandingRow | null> {
  const [row] = await db.query<SessionStandingRow>(
    `select s.id as session_id, s.user_id, u.role, m.account_id, a.suspended_at, s.expires_at, s.updated_at,
       exists (select 1 from terms_acceptances t where t.user_id = s.user_id) as terms_accepted
     from sessions s
     join users u on u.id = s.user_id
     left join members m on m.user_id = s.user_id
     left join accounts a on a.id = m.account_id
     where s.token = $1
     order by m.created_at limit 1`,
    [token],
    'select-session-standing',
  )
  return row ?? null
}

export async function touchSession(db: Queryable, sessionId: string, at: Date): Promise<void> {
  await db.query('update sessions set updated_at = $2 where id = $1', [sessionId, at])
}

export interface SessionRow {
  id: string
  ip_address: string | null
  user_agent: string | null
  created_at: Date
  updated_at: Date
}

export async function selectSessions(db: Queryable, userId: string, now: Date): Promise<SessionRow[]> {
  return db.query<SessionRow>(
    `select id, ip_address, user_agent, created_at, updated_at from sessions
     where user_id = $1 and expires_at > $2 order by updated_at desc, id limit 200`,
    [userId, now],
  )
}

/** @returns whether the user had such a session */
export async function deleteSession(db: Queryable, userId: string, sessionId: string): Promise<boolean> {
  const rows = await db.query('delete from sessions where user_id = $1 and id = $2 returning id', [
    userId,
    sessionId,
  ])
  return rows.length > 0
}

export async function deleteSessionsExcept(
  db: Queryable,
  userId: string,
  keptId: string | null,
): Promise<void> {
  await db.query('delete from sessions where user_id = $1 and id is distinct from $2', [userId, keptId])
}

export async function selectSessionByToken(
  db: Queryable,
  token: string,
): Promise<{ id: string; user_id: string } | null> {
  const [row] = await db.query<{ id: string; user_id: string }>(
    'select id, user_id from sessions where token = $1',
    [token],
  )
  return row ?? null
}

/** @returns false when the user has not signed in with that device before */
export async function touchDevice(
  tx: Queryable,
  device: { userId: string; hash: Buffer; at: Date },
): Promise<boolean> {
  const rows = await tx.query<{ known: boolean }>(
    `insert into known_devices (user_id, device_hash, first_seen_at, last_seen_at) values ($1, $2, $3, $3)
     on conflict (user_id, device_hash) do update set last_seen_at = excluded.last_seen_at
     returning xmax <> 0 as known`,
    [device.userId, device.hash, device.at],
  )
  return rows[0]?.known ?? false
}

export async function countDevices(db: Queryable, userId: string): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    'select count(*)::int as count from known_devices where user_id = $1',
    [userId],
  )
  return row?.count ?? 0
}

export async function deviceBelongsTo(db: Queryable, email: string, hash: Buffer): Promise<boolean> {
  const rows = await db.query(
    `select 1 from known_devices d join users u on u.id = d.user_id where u.email = lower($1) and d.device_hash = $2`,
    [email, hash],
  )
  return rows.length > 0
}

/** @returns false when the user has used that code within the last minutes */
export async function useCode(
  db: Queryable,
  use: { userId: string; code: string; at: Date },
): Promise<boolean> {
  const rows = await db.query(
    `insert into used_codes (user_id, code, at) values ($1, $2, $3)
     on conflict (user_id, code) do update set at = excluded.at
       where used_codes.at < excluded.at - interval '5 minutes'
     returning user_id`,
    [use.userId, use.code, use.at],
  )
  return rows.length > 0
}

/** Removes what has run out. Devices are forgotten after a year without a sign-in. */
export async function deleteExpiredSignIns(db: Queryable, now: Date): Promise<void> {
  await db.query('delete from sessions where expires_at <= $1', [now])
  await db.query('delete from verifications where expires_at <= $1', [now])
  await db.query(`delete from email_tokens where expires_at <= $1::timestamptz - interval '7 days'`, [now])
  await db.query(`delete from used_codes where at <= $1::timestamptz - interval '1 hour'`, [now])
  await db.query(`delete from sign_in_attempts where at <= $1::timestamptz - interval '1 day'`, [now])
  await db.query(`delete from known_devices where last_seen_at <= $1::timestamptz - interval '365 days'`, [
    now,
  ])
}
