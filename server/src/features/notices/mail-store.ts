import type { Queryable } from '../../platform/db/index.ts'

export async function insertMail(
  tx: Queryable,
  mail: { id: string; template: string; sealed: Buffer; state: 'queued' | 'unsent'; at: Date },
): Promise<void> {
  await tx.query(
    `insert into mails (id, template, sealed, state, next_attempt_at, created_at, finished_at)
     values ($1, $2, $3, $4, $5, $5, case when $4 = 'unsent' then $5::timestamptz end)`,
    [mail.id, mail.template, mail.sealed, mail.state, mail.at],
  )
}

export interface DueMail {
  id: string
  template: string
  sealed: Buffer
  attempts: number
}

/** Takes due mails for `leaseMs`; who dies meanwhile leaves them to the next. */
export async function claimDueMails(
  db: Queryable,
  claim: { now: Date; leaseMs: number; limit: number },
): Promise<DueMail[]> {
  return db.query<DueMail>(
    `update mails set attempts = attempts + 1, next_attempt_at = $2
     where id in (select id from mails where state = 'queued' and next_attempt_at <= $1
                  order by next_attempt_at limit $3 for update skip locked)
     returning id, template, sealed, attempts`,
    [claim.now, new Date(claim.now.getTime() + claim.leaseMs), claim.limit],
  )
}

/** The end of a mail's way. What was sent is not kept. */
export async function finishMail(
  db: Queryable,
  mail: { id: string; state: 'sent' | 'failed'; fault: string | null; at: Date },
): Promise<void> {
  await db.query(
    `update mails set state = $2, fault = $3, finished_at = $4, sealed = case when $2 = 'sent' then null else sealed end
     where id = $1`,
    [mail.id, mail.state, mail.fault, mail.at],
  )
}

export async function postponeMail(
  db: Queryable,
  mail: { id: string; fault: string; nextAttemptAt: Date },
): Promise<void> {
  await db.query('update mails set fault = $2, next_attempt_at = $3 where id = $1', [
    mail.id,
    mail.fault,
    mail.nextAttemptAt,
  ])
}

/** Mails that nobody got: unsent for want of a server, or given up. */
export async function selectUnsentMails(
  db: Queryable,
  page: { limit: number; after: string | null },
): Promise<{ id: string; sealed: Buffer; created_at: Date }[]> {
  return db.query(
    `select id, sealed, created_at from mails
     where state in ('unsent', 'failed') and sealed is not null and ($1::text is null or id < $1)
     order by id desc limit $2`,
    [page.after, page.limit],
  )
}

export async function deleteMailsBefore(db: Queryable, before: Date): Promise<number> {
  const rows = await db.query(`delete from mails where created_at < $1 returning id`, [before])
  return rows.length
}
