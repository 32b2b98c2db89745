import type { Providers } from './compose-providers.ts'
import type { Config } from './config/index.ts'
import type { Accounts } from './features/accounts/index.ts'
import type { Assets } from './features/assets/index.ts'
import type { Credits } from './features/credits/index.ts'
import {
  createWorker,
  forgetGenerations,
  type Room,
  sweepCollects,
  sweepGenerations,
} from './features/generations/index.ts'
import type { Moderation } from './features/moderation/index.ts'
import type { Notices } from './features/notices/index.ts'
import type { Profile } from './features/policy/index.ts'
import type { Records } from './features/records/index.ts'
import type { MediaEngine } from './media/index.ts'
import type { Checks } from './overview/checks.ts'
import type { Clock } from './platform/clock.ts'
import type { Database } from './platform/db/index.ts'
import { deleteEventsBefore } from './platform/events/index.ts'
import type { Logger } from './platform/log.ts'
import { createTasks, createTicker, type Task, type Ticker } from './platform/queue/index.ts'

export interface WorkerRooms {
  readonly config: Config
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  readonly accounts: Accounts
  readonly assets: Assets
  readonly checks: Checks
  readonly credits: Credits
  readonly media: MediaEngine
  readonly moderation: Moderation
  readonly notices: Notices
  readonly profile: Profile
  readonly providers: Providers
  readonly records: Records
  readonly room: Room
}

const dayMs = 86_400_000
const eventsKeptDays = 30
/** Turns with generations that one process takes at the same time; almost all of them are waits for upstreams. */
const concurrency = 64

/** Everything that happens without being asked: the line, the periodic work, the scheduled tasks. */
export function composeWorkers(rooms: WorkerRooms): {
  start(): Promise<void>
  stop(graceMs: number): Promise<void>
} {
  const { config, db, clock, log } = rooms
  const worker = createWorker(rooms.room, { leaseMs: config.leaseMs, concurrency })
  const tasks = createTasks({ url: db.url, log, tasks: scheduled(rooms) })
  let tickers: Ticker[] = []

  return {
    async start() {
      await rooms.credits.maintain(clock.now())
      await rooms.media.sweep(clock.now())
      await rooms.assets.sweepWork(clock.now())
      await sweepCollects(rooms.room, clock.now())
      await rooms.providers.sweep(clock.now())
      await worker.start()
      await tasks.start()
      const every = (name: string, everyMs: number, run: () => Promise<unknown>) =>
        createTicker({ name, everyMs, log, run })
      tickers = [
        every('seal the log', 2_000, () => rooms.records.sealPending()),
        every('deliver mails', 3_000, () => rooms.notices.deliverDue(clock.now())),
        every('sweep generations', config.sweepMs, () => sweepGenerations(rooms.room)),
        every('expire credits', config.sweepMs, () => rooms.credits.expireDue(clock.now(), 500)),
        every('sweep media', config.sweepMs, () => rooms.assets.sweepExpired(clock.now(), 200)),
      ]
    },
    async stop(graceMs) {
      await Promise.all([
        ...tickers.map((ticker) => ticker.stop()),
        worker.stop(graceMs),
        tasks.stop(graceMs),
      ])
      tickers = []
      // Nothing of this process stays unsigned.
      await rooms.records.sealPending()
      await rooms.records.checkpoint()
    },
  }
}

function scheduled({
  db,
  clock,
  accounts,
  assets,
  checks,
  credits,
  moderation,
  notices,
  profile,
  providers,
  records,
  room,
}: WorkerRooms): Task[] {
  return [
    { name: 'check-ledger', cron: '17 * * * *', expireInSeconds: 1800, run: () => checks.run('ledger') },
    { name: 'check-log', cron: '37 * * * *', expireInSeconds: 1800, run: () => checks.run('log') },
    {
      name: 'sweep-orphans',
      cron: '7 * * * *',
      expireInSeconds: 1800,
      async run() {
        await assets.sweepOrphans(clock.now(), 10_000)
      },
    },
    {
      name: 'housekeeping',
      cron: '*/10 * * * *',
      expireInSeconds: 900,
      async run() {
        const now = clock.now()
        await credits.maintain(now)
        await accounts.sweep(now)
        await notices.sweep(now)
        await moderation.sweep(1_000)
        await forgetGenerations(room, profile.retention.failed_prompts_days)
        await records.sweep(1_000)
        await providers.sweep(now)
        await deleteEventsBefore(db, new Date(now.getTime() - eventsKeptDays * dayMs), 10_000)
      },
    },
  ]
}
