import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts'
import { manualClock } from '../../platform/clock.ts'
import { silentLog } from '../../platform/log.ts'
import { createCredits } from './credit-service.ts'
import { verifyLedger } from './credit-verify.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const start = new Date('2026-11-20T10:00:00Z')
const hourMs = 3_600_000
const accounts = ['acc_1', 'acc_2', 'acc_3', 'acc_4', 'acc_5']

/** Some accounts with every kind of row: open and closed holds, expired and restored credits, refunds. */
async function fill() {
  const { db } = database
  const clock = manualClock(start)
  const events = { append: async () => undefined }
  const credits = createCredits({ db, clock, log: silentLog, events, freeMonthly: () => 50 })
  for (const accountId of accounts) {
    await db.transaction(async (tx) => {
      const now = start
      const deadline = new Date(start.getTime() + hourMs)
      await credits.openAccount(tx, accountId, now)
      const common = { accountId, now, amount: 20 }
      await credits.grant(tx, { ...common, kind: 'pack', costClass: 'pack', sourceKey: 'p', expiresAt: null })
      const promo = { kind: 'promo', costClass: 'free', sourceKey: 'q', expiresAt: deadline } as const
      await credits.grant(tx, { ...common, ...promo })
      for (const [holdId, amount] of [
        ['a', 15],
        ['b', 9],
        ['c', 50],
      ] as const) {
        await credits.hold(tx, { accountId, holdId, amount, deadline, now })
      }
      const later = new Date(start.getTime() + 2 * hourMs)
      await credits.capture(tx, { accountId, holdId: 'a', amount: 11, now: later })
      await credits.release(tx, { accountId, holdId: 'b', cause: 'failure', now: later })
      await credits.refund(tx, { accountId, holdId: 'a', amount: 2, cause: 'failure', key: 'r', now: later })
      await credits.adjust(tx, { accountId, amount: -1, reason: 'a test', key: 's', now: later })
    })
  }
}

test('a sound ledger passes, in any number of steps', async () => {
  await fill()
  const whole = await verifyLedger(database.db)
  expect(whole).toMatchObject({ ok: true, accounts: 5, violation: null })
  const [row] = await database.db.query<{ count: number }>('select count(*) as count from credit_entries')
  expect(whole.entries).toBe(row?.count)
  for (const step of [1, 2, 5]) expect(await verifyLedger(database.db, step)).toEqual(whole)
})

const target = `account_id = 'acc_3'`
const openBucket = `${target} and id = (select min(id) from credit_buckets where ${target} and remaining > 0)`

/** What somebody could do to the books behind their back, and what it must be called. */
const corruptions: readonly { name: string; invariant: number; sql: string }[] = [
  {
    name: 'a bucket loses credits',
    invariant: 1,
    sql: `alter table credit_buckets drop constraint credit_buckets_conserve;
      update credit_buckets set remaining = remaining - 1 where ${openBucket}`,
  },
  {
    name: 'a bucket is below zero',
    invariant: 1,
    sql: `alter table credit_buckets drop constraint credit_buckets_positive;
      update credit_buckets set remaining = remaining + 1, spent = spent - 1 where ${target} and spent = 0`,
  },
  {
    name: 'a balance is raised',
    invariant: 2,
    sql: `update credit_accounts set available = available + 1 where id = 'acc_3'`,
  },
  {
    name: 'a bucket is filled up',
    invariant: 2,
    sql: `update credit_buckets set remaining = remaining + 1, amount = amount + 1 where ${openBucket}`,
  },
  {
    name: 'a hold disappears',
    invariant: 3,
    sql: `delete from credit_holds where ${target} and state = 'open'`,
  },
  {
    name: 'the number of open holds is wrong',
    invariant: 3,
    sql: `update credit_accounts set open_holds = 2 where id = 'acc_3'`,
  },
  {
    name: 'a hold stands on another bucket',
    invariant: 4,
    sql: `update credit_holds set bucket_ids[1] = bucket_ids[1] + 1000 where ${target} and state = 'open'`,
  },
  {
    name: 'balance and bucket are raised together',
    invariant: 5,
    sql: `update credit_accounts set available = available + 1 where id = 'acc_3';
      update credit_buckets set remaining = remaining + 1, amount = amount + 1 where ${openBucket}`,
  },
  {
    name: 'debt without an entry',
    invariant: 5,
    sql: `update credit_accounts set debt = 1 where id = 'acc_3'`,
  },
  {
    name: 'an entry states another balance',
    invariant: 5,
    sql: `update credit_entries set available_after = available_after + 1 where ${target} and seq = 2`,
  },
  {
    name: 'credits move between two buckets of an account',
    invariant: 5,
    sql: `update credit_buckets set spent = spent + 1, expired = expired - 1
      where ${target} and id = (select min(id) from credit_buckets where ${target} and expired > 0)`,
  },
  {
    name: 'a transfer between two codes that do not exist',
    invariant: 6,
    sql: `do $$ declare c record; begin
        for c in select conname from pg_constraint where conrelid = 'credit_entries'::regclass and contype = 'c' loop
          execute format('alter table credit_entries drop constraint %I', c.conname);
        end loop; end $$;
      update credit_entries set from_code = 99 where ${target} and kind = 'grant' and seq = 1`,
  },
  {
    name: 'numbers are missing between two entries',
    invariant: 7,
    sql: `update credit_entries set seq = seq + 1000 where ${target} and seq >= 3`,
  },
  {
    name: 'an account does not know its last entry',
    invariant: 7,
    sql: `update credit_accounts set seq = seq + 1 where id = 'acc_3'`,
  },
  {
    name: 'a debt below zero, with an entry to prove it',
    invariant: 8,
    sql: `alter table credit_accounts drop constraint credit_accounts_check;
      update credit_accounts set debt = -1, seq = seq + 1 where id = 'acc_3';
      insert into credit_entries
        select id, seq, 1, 'adjust', 80, 70, null, 1, null, null, available, held, last_at
        from credit_accounts where id = 'acc_3'`,
  },
  {
    name: 'credits that never expire without anybody noticing',
    invariant: 9,
    sql: `update credit_accounts set next_expiry = next_expiry + interval '1 day' where id = 'acc_3'`,
  },
  {
    name: 'expired credits can be spent',
    invariant: 10,
    sql: `update credit_buckets set expires_at = '2026-11-20T11:59:59Z' where ${openBucket};
      update credit_accounts set next_expiry = '2026-11-20T11:59:59Z' where id = 'acc_3'`,
  },
  {
    name: 'an empty bucket is open',
    invariant: 11,
    sql: `alter table credit_buckets drop constraint credit_buckets_open;
      update credit_buckets set open = true where ${target} and not open`,
  },
  {
    name: 'a closed hold that did not end in full',
    invariant: 14,
    sql: `update credit_holds set amounts[1] = amounts[1] + 1 where ${target} and state <> 'open'`,
  },
  {
    name: 'an entry is dated back',
    invariant: 26,
    sql: `update credit_entries set at = at - interval '1 day' where ${target} and seq = 4`,
  },
  {
    name: 'entries without an account',
    invariant: 0,
    sql: `update credit_entries set account_id = 'acc_35' where ${target};
      update credit_accounts set available = 0, held = 0, seq = 0, open_holds = 0 where id = 'acc_3';
      delete from credit_holds where ${target}; delete from credit_buckets where ${target}`,
  },
  {
    name: 'rows after the last account',
    invariant: 0,
    sql: `insert into credit_operations values ('acc_9', 'k', '', 1, '{}', null, now())`,
  },
]

test.each(corruptions)('$name: violates invariant $invariant', async ({ sql, invariant }) => {
  // In a transaction that is rolled back; `replica` switches the triggers off, as a meddler could.
  const { db } = database
  const found = await db
    .transaction(async (tx) => {
      await tx.query('set local session_replication_role = replica')
      for (const statement of statementsOf(sql)) await tx.query(statement)
      // The check's own transactions are this one: what it reads must be what was just planted.
      const inside = { ...db, transaction: (work: (inner: typeof tx) => unknown) => work(afterFirst(tx)) }
      throw new Planted(await verifyLedger(inside as typeof db, 2))
    })
    .catch((error: unknown) => {
      if (error instanceof Planted) return error.check
      throw error
    })
  expect(found.ok).toBe(false)
  expect(found.violation).toMatchObject({ invariant })
  expect(found.violation?.accountId).toMatch(/^acc_(3|35|9)$/)
  expect(await verifyLedger(db)).toMatchObject({ ok: true })
})

class Planted extends Error {
  readonly check: Awaited<ReturnType<typeof verifyLedger>>
  constructor(check: Awaited<ReturnType<typeof verifyLedger>>) {
    super('planted')
    this.check = check
  }
}

/** The isolation level cannot be set any more once a transaction has written. */
function afterFirst<Tx extends { query: (...rest: never[]) => unknown }>(tx: Tx): Tx {
  const query = ((text: string, ...rest: never[]) =>
    text.startsWith('set ') ? Promise.resolve([]) : tx.query(text as never, ...rest)) as Tx['query']
  return { ...tx, query }
}

function statementsOf(sql: string): string[] {
  return sql.startsWith('do $$')
    ? sql.split(/(?<=end \$\$);/)
    : sql.split(';').filter((statement) => statement.trim() !== '')
}

test('entries cannot be changed, removed or truncated', async () => {
  const { db } = database
  for (const sql of [
    'update credit_entries set amount = amount + 1',
    'delete from credit_entries',
    'update credit_entries_default set amount = amount + 1',
    'delete from credit_entries_default',
    'truncate credit_entries',
    'truncate credit_entries_default',
  ]) {
    await expect(db.query(sql)).rejects.toThrow('append-only')
  }
})

test('months get partitions of their own ahead of time, by any number of processes, and serve the statement', async () => {
  const fresh = await createTestDatabase()
  try {
    const { db } = fresh
    const clock = manualClock(start)
    const credits = createCredits({ db, clock, log: silentLog, events: { append: async () => undefined } })
    await Promise.all([1, 2, 3].map(() => credits.maintain(start)))
    const names = async () =>
      (
        await db.query<{ name: string }>(
          `select inhrelid::regclass::text as name from pg_inherits
           where inhparent = 'credit_entries'::regclass order by 1`,
        )
      ).map(({ name }) => name)
    const made = ['credit_entries_2026_11', 'credit_entries_2026_12', 'credit_entries_2027_01']
    expect(await names()).toEqual([...made, 'credit_entries_default'])
    await db.transaction(async (tx) => {
      await credits.openAccount(tx, 'acc_1', start)
      for (const month of ['2026-11-30T00:00:00Z', '2026-12-31T23:59:59Z', '2027-03-01T00:00:00Z']) {
        const grant = {
          accountId: 'acc_1',
          kind: 'pack',
          costClass: 'pack',
          amount: 1,
          expiresAt: null,
        } as const
        await credits.grant(tx, { ...grant, sourceKey: month, now: new Date(month) })
      }
    })
    const rows = await db.query<{ table: string }>(
      'select tableoid::regclass::text as table from credit_entries order by seq',
    )
    expect(rows.map(({ table }) => table)).toEqual([made[0], made[1], 'credit_entries_default'])
    expect((await credits.statement('acc_1', { limit: 10 })).data).toHaveLength(3)
    // A month that the default partition has begun stays there, and nothing fails.
    await credits.maintain(new Date('2027-02-01T00:00:00Z'))
    expect(await names()).toEqual([
      ...made,
      'credit_entries_2027_02',
      'credit_entries_2027_04',
      'credit_entries_default',
    ])
    await expect(db.query('delete from credit_entries_2026_11')).rejects.toThrow('append-only')
    await expect(db.query('truncate credit_entries_2027_02')).rejects.toThrow('append-only')
    expect(await credits.verify()).toMatchObject({ ok: true, entries: 3 })
  } finally {
    await fresh.drop()
  }
})
