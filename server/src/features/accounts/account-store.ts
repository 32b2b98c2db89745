import type { Queryable } from '../../platform/db/index.ts'

export interface UserRow {
  id: string
  name: string
  email: string
  email_verified: boolean
  role: 'creator' | 'operator'
  two_factor_enabled: boolean
  created_at: Date
}

export interface PersonRow extends UserRow {
  account_id: string | null
  suspended_at: Date | null
}

const userColumns = 'u.id, u.name, u.email, u.email_verified, u.role, u.two_factor_enabled, u.created_at'

export async function insertUser(
  tx: Queryable,
  user: { id: string; name: string; email: string; role: 'creator' | 'operator'; at: Date },
): Promise<void> {
  await tx.query(
    `insert into users (id, name, email, role, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)`,
    [user.id, user.name, user.email, user.role, user.at],
  )
}

export async function insertPasswordMethod(
  tx: Queryable,
  method: { id: string; userId: string; passwordHash: string; at: Date },
): Promise<void> {
  await tx.query(
    `insert into sign_in_methods (id, user_id, provider_id, provider_user_id, password, created_at, updated_at)
     values ($1, $2, 'credential', $2, $3, $4, $4)`,
    [method.id, method.userId, method.passwordHash, method.at],
  )
}

export async function selectPasswordHash(db: Queryable, userId: string): Promise<string | null> {
  const [row] = await db.query<{ password: string | null }>(
    `select password from sign_in_methods where user_id = $1 and provider_id = 'credential'`,
    [userId],
  )
  return row?.password ?? null
}

export async function updatePasswordHash(
  tx: Queryable,
  change: { userId: string; passwordHash: string; at: Date },
): Promise<boolean> {
  const rows = await tx.query(
    `update sign_in_methods set password = $2, updated_at = $3
     where user_id = $1 and provider_id = 'credential' returning id`,
    [change.userId, change.passwordHash, change.at],
  )
  return rows.length > 0
}

/** Locks the user's row, so that only one caller at a time gives them an account. */
export async function lockUser(tx: Queryable, userId: string): Promise<boolean> {
  return (await tx.query('select 1 from users where id = $1 for update', [userId])).length > 0
}

export async function selectMembership(db: Queryable, userId: string): Promise<string | null> {
  const [row] = await db.query<{ account_id: string }>(
    'select account_id from members where user_id = $1 order by created_at limit 1',
    [userId],
  )
  return row?.account_id ?? null
}

export async function insertAccount(
  tx: Queryable,
  account: { id: string; userId: string; at: Date },
): Promise<void> {
  await tx.query('insert into accounts (id, created_at) values ($1, $2)', [account.id, account.at])
  await tx.query(`insert into members (account_id, user_id, role, created_at) values ($1, $2, 'owner', $3)`, [
    account.id,
    account.userId,
    account.at,
  ])
}

const people = `from users u left join members m on m.user_id = u.id left join accounts a on a.id = m.account_id`

export async function selectPerson(db: Queryable, userId: string): Promise<PersonRow | null> {
  const [row] = await db.query<PersonRow>(
    `select ${userColumns}, a.id as account_id, a.suspended_at ${people} where u.id = $1`,
    [userId],
  )
  return row ?? null
}

export async function selectPersonByEmail(db: Queryable, email: string): Promise<PersonRow | null> {
  const [row] = await db.query<PersonRow>(
    `select ${userColumns}, a.id as account_id, a.suspended_at ${people} where u.email = lower($1)`,
    [email],
  )
  return row ?? null
}

export async function selectPersonByAccount(db: Queryable, accountId: string): Promise<PersonRow | null> {
  const [row] = await db.query<PersonRow>(
    `select ${userColumns}, a.id as account_id, a.suspended_at ${people} where a.id = $1 order by m.created_at limit 1`,
    [accountId],
  )
  return row ?? null
}

export async function updateEmailVerified(tx: Queryable, userId: string, at: Date): Promise<void> {
  await tx.query('update users set email_verified = true, updated_at = $2 where id = $1', [userId, at])
}

/** One setup at a time, in all processes, until the transaction ends. */
export async function lockSetup(tx: Queryable): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('backlot.setup'))`)
}

export async function operatorExists(db: Queryable): Promise<boolean> {
  return (await db.query(`select 1 from users where role = 'operator' limit 1`)).length > 0
}

/** Operators whose password alone lets them in. */
export async function countOperatorsWithoutSecondFactor(db: Queryable): Promise<number> {
  const rows = await db.query<{ count: number }>(
    `select count(*) from users u where role = 'operator' and not two_factor_enabled
      and not exists (select 1 from passkeys p where p.user_id = u.id)`,
  )
  return rows[0]?.count ?? 0
}

export async function insertTermsAcceptance(
  tx: Queryable,
  acceptance: {
    userId: string
    version: string
    minimumAge: number
    source: 'setup' | 'sign_up' | 'interstitial' | 'operator'
    at: Date
  },
): Promise<void> {
  await tx.query(
    'insert into terms_acceptances (user_id, version, minimum_age, source, at) values ($1, $2, $3, $4, $5)',
    [acceptance.userId, acceptance.version, acceptance.minimumAge, acceptance.source, acceptance.at],
  )
}

export async function selectAcceptedTerms(db: Queryable, userId: string): Promise<string | null> {
  const [row] = await db.query<{ version: string }>(
    'select version from terms_acceptances where user_id = $1 order by id desc limit 1',
    [userId],
  )
  return row?.version ?? null
}

/**
 * For a user whose address was never proven: everything that somebody else may have planted before its owner came.
 * The password stays; the caller replaces it.
 */
export async function deleteUnprovenAccess(tx: Queryable, userId: string, at: Date): Promise<void> {
  await tx.query('delete from passkeys where user_id = $1', [userId])
  await tx.query('delete from second_factors where user_id = $1', [userId])
  await tx.query(`delete from sign_in_methods where user_id = $1 and provider_id <> 'credential'`, [userId])
  await tx.query('delete from known_devices where user_id = $1', [userId])
  await tx.query('update api_keys set revoked_at = $2 where user_id = $1 and revoked_at is null', [
    userId,
    at,
  ])
  await tx.query('update users set two_factor_enabled = false, updated_at = $2 where id = $1', [userId, at])
}
