import type { Queryable } from '../platform/db/index.ts'

export interface CheckResult {
  readonly state: 'passed' | 'failed'
  readonly checked: number
  readonly detail: string
  readonly at: Date
}

export async function upsertCheck(db: Queryable, name: string, result: CheckResult): Promise<void> {
  await db.query(
    `insert into checks (name, state, checked, detail, at) values ($1, $2, $3, $4, $5)
     on conflict (name) do update set state = excluded.state, checked = excluded.checked, detail = excluded.detail,
       at = excluded.at`,
    [name, result.state, result.checked, result.detail, result.at],
  )
}

export async function selectCheck(db: Queryable, name: string): Promise<CheckResult | undefined> {
  const [row] = await db.query<CheckResult>('select state, checked, detail, at from checks where name = $1', [
    name,
  ])
  return row
}
