// How much an account with 2,000 waiting generations delays another's single one.
import type { BenchDatabases } from './database.ts'
import { median, ms, type Result, ratio } from './figures.ts'
import { type Moments, openLot } from './studio-lot.ts'

const waitingMin = 2_000
const repetitions = 7
const slots = 8
const runMs = 600
const aimMax = 1.5

interface Sample {
  readonly times: { readonly idle: Moments[]; readonly busy: Moments[] }
  /** The fewest that the other account ever had waiting. */
  readonly waitingLeast: number
}

async function sample(databases: BenchDatabases, simultaneousMax: number): Promise<Sample> {
  const idle = await openLot(databases, { slots, simultaneousMax, runMs })
  const busy = await openLot(databases, { slots, simultaneousMax, runMs })
  const [alone, crowd, single] = [
    await idle.world.account(10_000),
    await busy.world.account(100_000),
    await busy.world.account(10_000),
  ]
  const enqueue = async (count: number) => {
    let left = count
    const press = async () => {
      while (left > 0) {
        left -= 1
        await busy.world.generations.create(crowd, busy.world.request(), null)
      }
    }
    await Promise.all(Array.from({ length: 10 }, press))
  }
  const waiting = async () => {
    const [row] = await busy.database.db.query<{ count: number }>(
      `select count(*) from generations where account_id = $1 and state = 'queued'`,
      [crowd.accountId],
    )
    return row?.count ?? 0
  }

  const times: { idle: Moments[]; busy: Moments[] } = { idle: [], busy: [] }
  let waitingLeast = Number.POSITIVE_INFINITY
  await enqueue(waitingMin + 50)
  // One is warmed up on each side and not counted.
  for (let turn = 0; turn <= repetitions; turn += 1) {
    for (const [name, lot, who] of [
      ['idle', idle, alone],
      ['busy', busy, single],
    ] as const) {
      const worker = lot.world.worker()
      await worker.start()
      if (name === 'busy') {
        const short = waitingMin + 20 - (await waiting())
        if (short > 0) await enqueue(short)
        // The crowd's own slots are full when the single one presses, at another moment of their runs each time.
        while (lot.provider.running() < simultaneousMax)
          await new Promise((resolve) => setTimeout(resolve, 5))
        await new Promise((resolve) => setTimeout(resolve, (runMs * turn) / repetitions))
        waitingLeast = Math.min(waitingLeast, await waiting())
      }
      const moments = await lot.watchOne(who)
      if (turn > 0) times[name].push(moments)
      await worker.stop(5_000)
    }
  }
  await idle.close()
  await busy.close()
  return { times, waitingLeast }
}

const spans = {
  'accepted to provider start': (one: Moments) => one.startedMs - one.acceptedMs,
  'pressed to provider start': (one: Moments) => one.startedMs - one.pressedMs,
  'pressed to delivered': (one: Moments) => one.deliveredMs - one.pressedMs,
}

function figures({ times }: Sample) {
  return Object.entries(spans).map(([name, span]) => {
    const [alone, crowded] = [median(times.idle.map(span)), median(times.busy.map(span))]
    return { name, alone, crowded, ratio: crowded / alone }
  })
}

export async function measureFairness(databases: BenchDatabases): Promise<Result> {
  const half = await sample(databases, slots / 2)
  const full = await sample(databases, slots)
  const rows = [
    ...figures(half).map((one) => ({ ...one, cap: `${slots / 2} of ${slots}` })),
    ...figures(full).map((one) => ({ ...one, cap: `all ${slots}` })),
  ]
  const delivered = rows.filter((row) => row.name === 'pressed to delivered').map((row) => row.ratio)
  return {
    title: 'Fairness: one account with 2,000 waiting, another with one',
    command: 'npm run bench fairness',
    about: `One lane of ${slots} slots, runs of ${runMs} ms; one account may use half of the slots, or all of them. The single generation is measured ${repetitions} times in turn: on an idle lot, and on one where another account has at least ${waitingMin} waiting and its own slots full. Medians.`,
    rows: [
      ['slots for one account', 'span', 'idle', 'beside 2,000', 'ratio'],
      ...rows.map((row) => [row.cap, row.name, ms(row.alone), ms(row.crowded), ratio(row.ratio)]),
    ],
    aim: {
      text: `pressed to delivered at most ${aimMax} × idle, either way`,
      isMet: delivered.every((one) => one <= aimMax),
    },
    notes: [
      `The other account never had fewer than ${Math.min(half.waitingLeast, full.waitingLeast)} waiting.`,
      'Where one account may fill every slot of a lane, whoever comes next also waits for the first run that ends, because runs are not interrupted: the more slots and the less their runs keep step, the sooner; with a single slot, as `draft` has on a machine of two cores, up to one whole run.',
    ],
  }
}
