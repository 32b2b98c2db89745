import { createHash } from 'node:crypto'
import { newId } from '@backlot/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts'
import { isAppError } from '../../platform/app-error.ts'
import { manualClock } from '../../platform/clock.ts'
import type { Queryable, Transaction } from '../../platform/db/index.ts'
import { silentLog } from '../../platform/log.ts'
import * as ledger from './credit-model.ts'
import { monthlyPeriod } from './credit-periods.ts'
import { type CostClass, costClasses, type ReturnCause } from './credit-rules.ts'
import { createCredits } from './credit-service.ts'
import { verifyRange } from './credit-verify.ts'

// BACKLOT_LONG=1 runs for minutes instead of seconds.
const long = process.env['BACKLOT_LONG'] === '1'
const seed = long ? undefined : 20261120

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase({ connectionsMax: 10 })
})
afterAll(() => database.drop())

const hourMs = 3_600_000
const dayMs = 24 * hourMs
// Noon, so that steps of half a day land on the very moment at which grants end.
const start = new Date('2026-01-31T12:00:00Z')
const restoreForMs = 7 * dayMs
const openHoldsMax = 3

type Command =
  | { do: 'wait'; ms: number }
  | {
      do: 'grant'
      key: number
      kind: 'pack' | 'promo' | 'subscription'
      cost: CostClass
      amount: number
      days: number | null
    }
  | { do: 'hold'; hold: number; amount: number }
  | { do: 'capture'; hold: number; amount: number }
  | { do: 'release'; hold: number; cause: ReturnCause }
  | { do: 'refund'; hold: number; amount: number; key: number; cause: ReturnCause }
  | { do: 'takeBack'; amount: number; key: number }
  | { do: 'settle' }

const cause = fc.constantFrom<ReturnCause>('failure', 'canceled', 'blocked')
const holdIndex = fc.nat({ max: 5 })
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      // Backwards too: machines disagree about the time.
      ms: fc.constantFrom(-2 * hourMs, 1, hourMs, 12 * hourMs, dayMs, dayMs, 3 * dayMs, 31 * dayMs),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('grant' as const),
      key: fc.nat({ max: 7 }),
      kind: fc.constantFrom('pack' as const, 'promo' as const, 'subscription' as const),
      cost: fc.constantFrom<CostClass>('free', 'subscription', 'pack'),
      amount: fc.integer({ min: 1, max: 30 }),
      // Whole days, so that some fall together, and soon, so that they are over while they are held.
      days: fc.constantFrom(null, null, 1, 1, 2, 3, 40),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      hold: holdIndex,
      amount: fc.integer({ min: 0, max: 16 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('capture' as const),
      hold: holdIndex,
      amount: fc.integer({ min: 0, max: 20 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('release' as const), hold: holdIndex, cause }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('refund' as const),
      hold: holdIndex,
      amount: fc.integer({ min: 1, max: 10 }),
      key: fc.nat({ max: 5 }),
      cause,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('takeBack' as const),
      amount: fc.integer({ min: 1, max: 10 }),
      key: fc.nat({ max: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
)

const expiryOf = (now: Date, days: number | null) =>
  days === null ? null : new Date(Math.floor(now.getTime() / dayMs + days) * dayMs)

/** An account of its own in the real ledger, and what to do with it. */
async function setUp(freeMonthly: number) {
  const { db } = database
  const clock = manualClock(start)
  const credits = createCredits({
    db,
    clock,
    log: silentLog,
    freeMonthly: () => freeMonthly,
    restoreForMs,
    events: { append: async () => undefined },
  })
  const accountId = newId('acc')
  await db.transaction((tx) => credits.openAccount(tx, accountId, start))

  async function run(tx: Transaction, { now }: { now: Date }, step: Command): Promise<unknown> {
    switch (step.do) {
      case 'wait':
        return undefined
      case 'grant':
        return credits.grant(tx, {
          accountId,
          kind: step.kind,
          costClass: step.cost,
          amount: step.amount,
          sourceKey: `grant:${step.key}`,
          expiresAt: expiryOf(now, step.days),
          now,
        })
      case 'hold':
        return credits.hold(tx, {
          accountId,
          holdId: `hold:${step.hold}`,
          amount: step.amount,
          deadline: new Date(now.getTime() + hourMs),
          openHoldsMax,
          now,
        })
      case 'capture':
        return credits.capture(tx, { accountId, holdId: `hold:${step.hold}`, amount: step.amount, now })
      case 'release':
        return credits.release(tx, { accountId, holdId: `hold:${step.hold}`, cause: step.cause, now })
      case 'refund':
        return credits.refund(tx, {
          accountId,
          holdId: `hold:${step.hold}`,
          amount: step.amount,
          cause: step.cause,
          key: `key:${step.key}`,
          now,
        })
      case 'takeBack':
        return credits.adjust(tx, {
          accountId,
          amount: -step.amount,
          reason: 'a test',
          key: `key:${step.key}`,
          now,
        })
      case 'settle':
        return credits.balance(accountId, now)
    }
  }
  return { db, clock, credits, accountId, run }
}

function runOnModel(model: ledger.Model, freeMonthly: number, now: Date, step: Command): void {
  const how = (cause: ReturnCause) => ({ cause, restoreForMs })
  const dripIfDue = () => {
    const atMs = ledger.begin(model, now)
    if (ledger.isDripDue(model, atMs)) {
      ledger.drip(model, freeMonthly, monthlyPeriod(start, new Date(atMs)), now)
    }
  }
  switch (step.do) {
    case 'wait':
      return
    case 'grant':
      ledger.grant(
        model,
        {
          kind: step.kind,
          sourceKey: `grant:${step.key}`,
          parentId: null,
          amount: step.amount,
          costClass: costClasses[step.cost],
          expiresAt: expiryOf(now, step.days),
        },
        now,
      )
      return
    case 'hold': {
      const id = `hold:${step.hold}`
      if (step.amount > 0 && !model.holds.some((hold) => hold.id === id)) dripIfDue()
      ledger.hold(model, id, step.amount, openHoldsMax, now)
      return
    }
    case 'capture':
      ledger.close(model, `hold:${step.hold}`, step.amount, how('unused'), now)
      return
    case 'release':
      ledger.close(model, `hold:${step.hold}`, 0, how(step.cause), now)
      return
    case 'refund':
      ledger.refund(model, `hold:${step.hold}`, step.amount, `key:${step.key}`, how(step.cause), now)
      return
    case 'takeBack':
      ledger.takeBack(model, step.amount, `key:${step.key}`, now)
      return
    case 'settle':
      dripIfDue()
  }
}

/** What an operation was refused for, in the model's words. */
function refusal(error: unknown): string {
  if (error instanceof ledger.Refusal) return error.code
  if (isAppError(error)) return error.code
  if (error instanceof RangeError) return 'expired'
  if (error instanceof Error && error.message.includes('nothing is held')) return 'missing'
  throw error
}

async function attempt(work: () => unknown): Promise<string> {
  try {
    await work()
    return 'done'
  } catch (error) {
    return refusal(error)
  }
}

async function readReal(accountId: string) {
  const { db } = database
  const [account] = await db.query<{ seq: number; available: number; held: number; next_drip: Date }>(
    'select seq, available, held, next_drip from credit_accounts where id = $1',
    [accountId],
  )
  const buckets = await db.query(
    `select id, kind, source_key as "sourceKey", parent_id as "parentId", amount, remaining, held, spent, expired,
       revoked, nullif(expires_at, 'infinity') as "expiresAt", cost_class as "costClass", rank
     from credit_buckets where account_id = $1 order by id`,
    [accountId],
  )
  const holds = await db.query<{ id: string; bucket_ids: string[]; amounts: string[] }>(
    `select id, amount, captured, released, refunded, bucket_ids::text[] as bucket_ids, amounts::text[] as amounts
     from credit_holds where account_id = $1 order by taken_at, id`,
    [accountId],
  )
  return {
    seq: account?.seq,
    available: account?.available,
    held: account?.held,
    nextDripMs: account?.next_drip.getTime(),
    buckets,
    holds: holds
      .map(({ bucket_ids, amounts, ...hold }) => ({
        ...hold,
        slices: bucket_ids.map((id, index) => ({ bucketId: Number(id), amount: Number(amounts[index]) })),
      }))
      .sort((left, right) => left.id.localeCompare(right.id)),
  }
}

function readModel(model: ledger.Model) {
  return {
    seq: model.seq,
    available: ledger.available(model),
    held: ledger.held(model),
    nextDripMs: model.nextDripMs,
    buckets: model.buckets,
    holds: [...model.holds].sort((left, right) => left.id.localeCompare(right.id)),
  }
}

/** True when something that was held or spent came back to a bucket whose time was over. */
function lostWhileAway(before: ledger.Model, after: ledger.Model): boolean {
  return before.buckets.some((bucket, index) => {
    const now = after.buckets[index]
    return now && now.expired > bucket.expired && now.held + now.spent < bucket.held + bucket.spent
  })
}

function restored(before: ledger.Model, after: ledger.Model): boolean {
  return after.buckets.slice(before.buckets.length).some(({ kind }) => kind === 'restored')
}

/** The account alone: the id before it in the order is cut off its end. */
async function violation(accountId: string) {
  // Prepared, since the same checks run after every step; over a whole ledger each stretch deserves a plan of its own.
  const prepared: Queryable = {
    query: (text, values) => database.db.query(text, values, createHash('md5').update(text).digest('hex')),
  }
  return verifyRange(prepared, { after: accountId.slice(0, -1), upTo: accountId })
}

test(
  'the ledger does what the model does, and every invariant holds after every step',
  async () => {
    const seen = new Map<string, number>()
    const property = fc.asyncProperty(
      fc.constantFrom(0, 10),
      fc.array(command, { minLength: 20, maxLength: 60, size: 'max' }),
      async (freeMonthly, commands) => {
        const { db, clock, accountId, run } = await setUp(freeMonthly)
        let model = ledger.emptyModel(start)
        ledger.drip(model, freeMonthly, monthlyPeriod(start, start), start)
        for (const step of commands) {
          if (step.do === 'wait') {
            clock.advance(step.ms)
            continue
          }
          const now = clock.now()
          const before = structuredClone(model)
          const expected = await attempt(() => runOnModel(model, freeMonthly, now, step))
          // A refusal is thrown out of the transaction, so it writes nothing at all.
          if (expected !== 'done') model = before
          const actual = await attempt(() => db.transaction((tx) => run(tx, { now }, step)))
          expect({ step, result: actual }).toEqual({ step, result: expected })
          expect(await readReal(accountId)).toEqual(readModel(model))
          expect(await violation(accountId)).toBeNull()
          const reached = [`${step.do} ${actual}`]
          if (lostWhileAway(before, model)) {
            reached.push(`${step.do} to an expired bucket, ${restored(before, model) ? '' : 'not '}restored`)
          }
          for (const name of reached) seen.set(name, (seen.get(name) ?? 0) + 1)
        }
      },
    )
    await fc.assert(property, { numRuns: long ? 600 : 18, seed })
    // The commands reach what they are meant to reach.
    expect([...seen.keys()]).toEqual(
      expect.arrayContaining([
        'grant done',
        'grant idempotency_conflict',
        'hold done',
        'hold credits_insufficient',
        'hold idempotency_conflict',
        'hold too_many_outstanding',
        'capture done',
        'capture missing',
        'capture to an expired bucket, restored',
        'release done',
        'release to an expired bucket, restored',
        'release to an expired bucket, not restored',
        'refund done',
        'refund state_conflict',
        'refund to an expired bucket, restored',
        'takeBack done',
        'takeBack credits_insufficient',
        'settle done',
      ]),
    )
  },
  long ? 1_200_000 : 120_000,
)

test(
  'the same commands from eight connections leave the books in order',
  async () => {
    const property = fc.asyncProperty(
      fc.array(command, { minLength: 60, maxLength: 120, size: 'max' }),
      async (commands) => {
        const accounts = await Promise.all([setUp(10), setUp(0)])
        const queue = commands.flatMap((step) => accounts.map((account) => ({ step, account })))
        async function work(): Promise<void> {
          for (let next = queue.shift(); next; next = queue.shift()) {
            const { account, step } = next
            if (step.do === 'wait') account.clock.advance(step.ms)
            const now = account.clock.now()
            await attempt(() => account.db.transaction((tx) => account.run(tx, { now }, step)))
          }
        }
        await Promise.all(Array.from({ length: 8 }, work))
        for (const { accountId } of accounts) expect(await violation(accountId)).toBeNull()
      },
    )
    await fc.assert(property, { numRuns: long ? 60 : 4, seed })
    expect(await accountsChecked()).toMatchObject({ ok: true, violation: null })
  },
  long ? 1_200_000 : 120_000,
)

async function accountsChecked() {
  const { credits } = await setUp(0)
  return credits.verify()
}
