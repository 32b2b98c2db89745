import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Logger } from '../log.ts'

/** Anything that can run SQL: the pool or one open transaction. */
export interface Queryable {
  /** Runs one statement. `name` makes it a prepared statement of that name on each connection. */
  query<Row = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
    name?: string,
  ): Promise<Row[]>
}

export interface Transaction extends Queryable {
  /** Runs once the transaction has committed; never when it rolled back. For hints, not for truth. */
  afterCommit(action: () => void): void
}

export interface Database extends Queryable {
  /**
   * Runs `work` in one READ COMMITTED transaction. Serialisation failures, deadlocks and lock time-outs are tried
   * again, three times at most, so `work` must have no effect outside the database.
   */
  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>
  /** Query builder for lists and filters. It runs outside transactions. */
  readonly kysely: Kysely<Record<string, Record<string, unknown>>>
  readonly pool: pg.Pool
  readonly url: string
  close(): Promise<void>
}

const retryableStates = new Set(['40001', '40P01', '55P03'])
const attemptsMax = 4

const int8 = 20
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === int8 && format !== 'binary') return parseSafeInteger
    return pg.types.getTypeParser(oid, format as 'text')
  }) as pg.CustomTypesConfig['getTypeParser'],
}

/** bigint columns arrive as numbers; one that a number cannot hold is refused rather than rounded. */
function parseSafeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a number`)
  return value
}

function queryable(client: { query(config: pg.QueryConfig): Promise<pg.QueryResult> }): Queryable {
  return {
    async query<Row>(text: string, values: readonly unknown[] = [], name?: string) {
      const config: pg.QueryConfig = { text, values: [...values] }
      if (name !== undefined) config.name = name
      const result = await client.query(config)
      return result.rows as Row[]
    },
  }
}

export function sqlState(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined
}

/** True when `error` is a violated unique constraint (of that name, when one is given). */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (sqlState(error) !== '23505') return false
  return constraint === undefined || (error as { constraint?: string }).constraint === constraint
}

export function openDatabase(options: { url: string; log: Logger; connectionsMax?: number }): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connectionsMax ?? 12,
    types,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    application_name: 'backlot',
    // Every wait has a deadline; money paths would rather fail than hang.
    options:
      '-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=30s -c timezone=UTC',
  })
  // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
  let closed = false
  pool.on('error', (error) => {
    // The server may stop before it has read our goodbyes.
    if (!closed) options.log.warn({ err: error.message }, 'an idle database connection broke')
  })
  // One that breaks in use fails its query or its next one, which is answer enough; but between two statements of a
  // transaction nobody listens, and there too an unheard error would end the process.
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
  })

  const kysely = new Kysely<Record<string, Record<string, unknown>>>({
    dialect: new PostgresDialect({ pool }),
  })

  async function attempt<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const client = await pool.connect()
    const actions: (() => void)[] = []
    let broken = false
    try {
      await client.query('begin')
      const result = await work({
        ...queryable(client),
        afterCommit: (action) => {
          actions.push(action)
        },
      })
      await client.query('commit')
      for (const action of actions) action()
      return result
    } catch (error) {
      await client.query('rollback').catch(() => {
        broken = true
      })
      throw error
    } finally {
      client.release(broken)
    }
  }

  return {
    ...queryable(pool),
    async transaction(work) {
      for (let tried = 1; ; tried += 1) {
        try {
          return await attempt(work)
        } catch (error) {
          if (tried >= attemptsMax || !retryableStates.has(sqlState(error) ?? '')) throw error
          await new Promise((resolve) => setTimeout(resolve, 10 * tried + Math.random() * 20))
        }
      }
    },
    kysely,
    pool,
    url: options.url,
    async close() {
      closed = true
      await pool.end()
    },
  }
}
