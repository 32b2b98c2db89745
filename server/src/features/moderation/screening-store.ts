import type { Queryable } from '../../platform/db/index.ts'

export interface Screening {
  readonly id: string
  readonly accountId: string
  readonly at: Date
  readonly decision: 'allow' | 'block'
  readonly category: string | null
  readonly rule: string | null
  readonly lexiconVersion: string
}

export async function insertScreening(
  tx: Queryable,
  screening: Screening,
  promptSealed: Buffer | null,
): Promise<void> {
  await tx.query(
    `insert into screenings (id, account_id, at, decision, category, rule, lexicon_version, prompt_sealed)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      screening.id,
      screening.accountId,
      screening.at,
      screening.decision,
      screening.category,
      screening.rule,
      screening.lexiconVersion,
      promptSealed,
    ],
  )
}

export async function findScreening(
  db: Queryable,
  id: string,
): Promise<{ screening: Screening; promptSealed: Buffer | null } | null> {
  const rows = await db.query<{
    id: string
    account_id: string
    at: Date
    decision: 'allow' | 'block'
    category: string | null
    rule: string | null
    lexicon_version: string
    prompt_sealed: Buffer | null
  }>('select * from screenings where id = $1', [id])
  const row = rows[0]
  if (!row) return null
  const { id: found, account_id, at, decision, category, rule, lexicon_version, prompt_sealed } = row
  return {
    screening: {
      id: found,
      accountId: account_id,
      at,
      decision,
      category,
      rule,
      lexiconVersion: lexicon_version,
    },
    promptSealed: prompt_sealed,
  }
}

export async function countBlockedSince(db: Queryable, accountId: string, since: Date): Promise<number> {
  const rows = await db.query<{ count: number }>(
    "select count(*) as count from screenings where account_id = $1 and at >= $2 and decision = 'block'",
    [accountId, since],
  )
  return rows[0]?.count ?? 0
}

/** Forgets prompts, keeps decisions. At most `limit` at once. */
export async function clearPromptsBefore(db: Queryable, before: Date, limit: number): Promise<number> {
  const rows = await db.query<{ id: string }>(
    `update screenings set prompt_sealed = null
      where id in (select id from screenings where prompt_sealed is not null and at < $1 order by at limit $2)
      returning id`,
    [before, limit],
  )
  return rows.length
}
