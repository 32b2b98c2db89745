import { PgBoss } from 'pg-boss'
import type { Queryable } from '../db/index.ts'
import type { Logger } from '../log.ts'

/**
 * One kind of background work. It may run twice, on any process, and is retried with back-off; payloads carry ids,
 * never content.
 */
export interface Task {
  readonly name: string
  /** Runs by itself on this schedule (UTC), once over all processes. */
  readonly cron?: string
  /** Seconds after which a run counts as lost and is tried again. */
  readonly expireInSeconds: number
  run(payload: Readonly<Record<string, string | number>>): Promise<void>
}

export interface Tasks {
  start(): Promise<void>
  /** Enqueues in the caller's transaction: it happens exactly when that commits. */
  enqueue(tx: Queryable, name: string, payload?: Readonly<Record<string, string | number>>): Promise<void>
  stop(graceMs: number): Promise<void>
}

const retries = 5

/** Every background task but the generations' own line is pg-boss beside our tables, without LISTEN/NOTIFY. */
export function createTasks(options: { url: string; log: Logger; tasks: readonly Task[] }): Tasks {
  const { log } = options
  const boss = new PgBoss({
    connectionString: options.url,
    application_name: 'backlot tasks',
    max: 2,
    useListenNotify: false,
  })
  boss.on('error', (error: Error) => log.warn({ err: error.message }, 'the task queue had a fault'))
  let started = false

  return {
    async start() {
      await boss.start()
      started = true
      for (const task of options.tasks) {
        await boss.createQueue(task.name, {
          expireInSeconds: task.expireInSeconds,
          retryLimit: retries,
          retryDelay: 5,
          retryBackoff: true,
          retentionSeconds: 24 * 3600,
          deleteAfterSeconds: 24 * 3600,
        })
        await boss.work<Record<string, string | number>>(
          task.name,
          { batchSize: 1, pollingIntervalSeconds: 2 },
          async ([job]) => {
            if (!job) return
            try {
              await task.run(job.data ?? {})
            } catch (error) {
              log.warn({ task: task.name, jobId: job.id, err: (error as Error).message }, 'a task failed')
              throw error
            }
          },
        )
        if (task.cron) await boss.schedule(task.name, task.cron, {}, { tz: 'UTC' })
      }
    },

    async enqueue(tx, name, payload = {}) {
      await boss.send(name, payload, {
        db: {
          executeSql: async (text: string, values?: unknown[]) => ({ rows: await tx.query(text, values) }),
        },
      })
    },

    async stop(graceMs) {
      if (!started) return
      await boss.stop({ graceful: true, close: true, timeout: Math.max(1_000, graceMs) })
    },
  }
}
