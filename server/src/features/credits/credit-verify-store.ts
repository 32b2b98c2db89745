import type { Queryable } from '../../platform/db/index.ts'

/** A stretch of account ids: after `after`, up to and including `upTo` (null: to the end). */
export interface AccountRange {
  readonly after: string
  readonly upTo: string | null
}

export interface InvariantCheck {
  /** Number in the list of `README.md`; 0 for a row that belongs to no account. */
  readonly invariant: number
  readonly name: string
  /** Answers at most one row (account_id, detail): the first violation in the range. */
  readonly sql: string
}

const within = (column: string) => `${column} > $1 and ($2::text is null or ${column} <= $2)`

const openSlices = `select h.account_id, s.bucket_id, s.amount from credit_holds h,
  unnest(h.bucket_ids, h.amounts) as s(bucket_id, amount) where ${within('h.account_id')} and h.state = 'open'`

/** What came in on a code less what went out, over the entries of a group. */
const net = (code: number) =>
  `coalesce(sum(case when to_code = ${code} then amount when from_code = ${code} then -amount end), 0)`

export const invariantChecks: readonly InvariantCheck[] = [
  {
    invariant: 0,
    name: 'every row belongs to an account',
    sql: `select r.account_id, r.what || ' without an account' as detail from (
        select distinct account_id, 'bucket' as what from credit_buckets where ${within('account_id')}
        union all select distinct account_id, 'hold' from credit_holds where ${within('account_id')}
        union all select distinct account_id, 'entry' from credit_entries where ${within('account_id')}
        union all select distinct account_id, 'operation' from credit_operations where ${within('account_id')}
      ) r where not exists (select from credit_accounts a where a.id = r.account_id) limit 1`,
  },
  {
    invariant: 1,
    name: 'a bucket conserves its amount',
    sql: `select account_id, 'bucket ' || id as detail from credit_buckets
      where ${within('account_id')} and (amount <> remaining + held + frozen + spent + expired + revoked
        or least(remaining, held, frozen, spent, expired, revoked) < 0) limit 1`,
  },
  {
    invariant: 2,
    name: 'the balance is the sum of the buckets',
    sql: `select a.id as account_id, format('available %s, held %s, frozen %s; buckets have %s, %s, %s',
        a.available, a.held, a.frozen, b.remaining, b.held, b.frozen) as detail
      from credit_accounts a cross join lateral (
        select coalesce(sum(remaining), 0) as remaining, coalesce(sum(held), 0) as held,
          coalesce(sum(frozen), 0) as frozen
        from credit_buckets where account_id = a.id) b
      where ${within('a.id')} and (a.available, a.held, a.frozen) <> (b.remaining, b.held, b.frozen) limit 1`,
  },
  {
    invariant: 3,
    name: 'what is held is the sum of the open holds',
    sql: `select a.id as account_id, format('held %s in %s holds; open are %s in %s', a.held, a.open_holds, h.amount,
        h.count) as detail
      from credit_accounts a cross join lateral (
        select coalesce(sum(amount), 0) as amount, count(*) as count
        from credit_holds where account_id = a.id and state = 'open') h
      where ${within('a.id')} and (a.held, a.open_holds) <> (h.amount, h.count) limit 1`,
  },
  {
    invariant: 4,
    name: 'what a bucket has held is the sum of its slices in open holds',
    sql: `with slices as (
        select account_id, bucket_id, sum(amount) as amount from (${openSlices}) s group by account_id, bucket_id),
      buckets as (select account_id, id, held from credit_buckets where ${within('account_id')} and held <> 0)
      select coalesce(b.account_id, s.account_id) as account_id, format('bucket %s has %s held; slices sum to %s',
        coalesce(b.id, s.bucket_id), coalesce(b.held, 0), coalesce(s.amount, 0)) as detail
      from buckets b full join slices s on s.account_id = b.account_id and s.bucket_id = b.id
      where coalesce(b.held, 0) <> coalesce(s.amount, 0) limit 1`,
  },
  {
    invariant: 5,
    name: 'the entries add up to the balance',
    sql: `select a.id as account_id, format('available %s, held %s, frozen %s, debt %s; entries give %s, %s, %s, %s',
        a.available, a.held, a.frozen, a.debt, e.available, e.held, e.frozen, e.debt) as detail
      from credit_accounts a cross join lateral (
        select ${net(10)} as available, ${net(20)} as held, ${net(25)} as frozen, -${net(70)} as debt
        from credit_entries where account_id = a.id) e
      where ${within('a.id')} and (a.available, a.held, a.frozen, a.debt) <> (e.available, e.held, e.frozen, e.debt)
      limit 1`,
  },
  {
    invariant: 5,
    name: 'each entry states the balance after it',
    sql: `select account_id, format('entry %s.%s says available %s, held %s; the replay gives %s, %s', seq, ord,
        available_after, held_after, available, held) as detail
      from (
        select account_id, seq, ord, available_after, held_after,
          sum(case when to_code = 10 then amount when from_code = 10 then -amount else 0 end) over running as available,
          sum(case when to_code = 20 then amount when from_code = 20 then -amount else 0 end) over running as held
        from credit_entries where ${within('account_id')}
        window running as (partition by account_id order by seq, ord rows unbounded preceding)) r
      where available_after <> available or held_after <> held limit 1`,
  },
  {
    invariant: 5,
    name: 'the entries add up to each bucket',
    sql: `with replay as (
        select account_id, bucket_id, ${net(10)} as remaining, ${net(20)} as held, ${net(25)} as frozen,
          ${net(30)} as spent, ${net(40)} as expired, ${net(50)} as revoked
        from credit_entries where ${within('account_id')} and bucket_id is not null group by account_id, bucket_id),
      buckets as (select * from credit_buckets where ${within('account_id')})
      select coalesce(b.account_id, r.account_id) as account_id,
        format('bucket %s differs from its entries', coalesce(b.id, r.bucket_id)) as detail
      from buckets b full join replay r on r.account_id = b.account_id and r.bucket_id = b.id
      where (b.remaining, b.held, b.frozen, b.spent, b.expired, b.revoked)
        is distinct from (r.remaining, r.held, r.frozen, r.spent, r.expired, r.revoked) limit 1`,
  },
  {
    invariant: 6,
    name: 'every entry is a balanced transfer between two known codes',
    sql: `select account_id, format('entry %s.%s moves %s from %s to %s', seq, ord, amount, from_code, to_code) as detail
      from credit_entries where ${within('account_id')} and (amount <= 0 or from_code = to_code
        or from_code not in (10, 20, 25, 30, 40, 50, 60, 61, 62, 70, 80)
        or to_code not in (10, 20, 25, 30, 40, 50, 60, 61, 62, 70, 80)) limit 1`,
  },
  {
    invariant: 7,
    name: 'posting groups are numbered without gaps',
    sql: `select account_id, format('entry %s.%s follows %s.%s', seq, ord, previous_seq, previous_ord) as detail from (
        select account_id, seq, ord, lag(seq, 1, 0) over numbered as previous_seq,
          lag(ord::integer, 1, 0) over numbered as previous_ord
        from credit_entries where ${within('account_id')}
        window numbered as (partition by account_id order by seq, ord)) e
      where not (seq = previous_seq and ord = previous_ord + 1 or seq = previous_seq + 1 and ord = 1) limit 1`,
  },
  {
    invariant: 7,
    name: 'an account knows the number of its last posting group',
    sql: `select a.id as account_id, format('seq %s; the last entry has %s', a.seq, e.seq) as detail
      from credit_accounts a cross join lateral (
        select coalesce(max(seq), 0) as seq from credit_entries where account_id = a.id) e
      where ${within('a.id')} and a.seq <> e.seq limit 1`,
  },
  {
    invariant: 8,
    name: 'nothing is below zero',
    sql: `select id as account_id, format('available %s, held %s, frozen %s, debt %s', available, held, frozen, debt)
        as detail
      from credit_accounts where ${within('id')} and least(available, held, frozen, debt, open_holds) < 0 limit 1`,
  },
  {
    invariant: 9,
    name: 'the next expiry is the earliest one',
    sql: `select a.id as account_id, format('next expiry %s; the earliest is %s', a.next_expiry, b.earliest) as detail
      from credit_accounts a cross join lateral (
        select least(a.next_drip, min(expires_at)) as earliest
        from credit_buckets where account_id = a.id and open and remaining > 0) b
      where ${within('a.id')} and a.next_expiry <> b.earliest limit 1`,
  },
  {
    invariant: 10,
    name: 'nothing that has expired can be spent',
    sql: `select b.account_id, format('bucket %s expired at %s, the last operation was at %s', b.id, b.expires_at,
        a.last_at) as detail
      from credit_buckets b join credit_accounts a on a.id = b.account_id
      where ${within('b.account_id')} and b.remaining > 0 and b.expires_at <= a.last_at limit 1`,
  },
  {
    invariant: 11,
    name: 'a bucket is open while something is in it',
    sql: `select account_id, format('bucket %s', id) as detail from credit_buckets
      where ${within('account_id')} and open <> (remaining + held + frozen > 0) limit 1`,
  },
  {
    invariant: 14,
    name: 'a hold is made of its slices and ends in full',
    sql: `select h.account_id, 'hold ' || h.id as detail from credit_holds h cross join lateral (
        select sum(amount) as amount, min(amount) as least from unnest(h.amounts) as s(amount)) s
      where ${within('h.account_id')} and (s.amount is distinct from h.amount or s.least <= 0
        or cardinality(h.bucket_ids) <> cardinality(h.amounts)
        or (h.state = 'open') <> (h.captured + h.released = 0)
        or (h.state <> 'open' and h.captured + h.released <> h.amount)
        or h.refunded not between 0 and h.captured) limit 1`,
  },
  {
    invariant: 26,
    name: 'time never goes backwards',
    sql: `select e.account_id, format('entry %s.%s is older than the one before it, or newer than its account', e.seq,
        e.ord) as detail
      from (select account_id, seq, ord, at, lag(at) over (partition by account_id order by seq, ord) as previous_at
        from credit_entries where ${within('account_id')}) e
      join credit_accounts a on a.id = e.account_id
      where e.at < e.previous_at or e.at > a.last_at limit 1`,
  },
]

/** The end of the next stretch of `size` accounts and how many accounts and entries lie in it. */
export async function selectRange(
  tx: Queryable,
  after: string,
  size: number,
): Promise<{ upTo: string | null; accounts: number }> {
  const [row] = await tx.query<{ up_to: string | null; accounts: number }>(
    `select max(id) as up_to, count(*) as accounts
     from (select id from credit_accounts where id > $1 order by id limit $2) a`,
    [after, size],
  )
  const accounts = row?.accounts ?? 0
  return { upTo: accounts < size ? null : (row?.up_to ?? null), accounts }
}

export async function countEntries(tx: Queryable, range: AccountRange): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `select count(*) as count from credit_entries where ${within('account_id')}`,
    [range.after, range.upTo],
  )
  return row?.count ?? 0
}

export async function firstViolation(
  tx: Queryable,
  check: InvariantCheck,
  range: AccountRange,
): Promise<{ account_id: string; detail: string } | null> {
  const [row] = await tx.query<{ account_id: string; detail: string }>(check.sql, [range.after, range.upTo])
  return row ?? null
}

/** Every statement of the transaction sees the same moment, and none may write. Must come first. */
export async function readOneMoment(tx: Queryable): Promise<void> {
  await tx.query('set transaction isolation level repeatable read, read only')
  await tx.query('set local statement_timeout = 0')
}
