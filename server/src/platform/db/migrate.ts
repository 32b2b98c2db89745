import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Logger } from '../log.ts'
import type { Database } from './database.ts'

export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

export interface Migration {
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

// Any constant will do, as long as every Backlot process uses the same one.
const migrationLock = 727_350_918

/** The numbered SQL files of a folder, in order. */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(path.join(directory, name), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

/**
 * Brings the database up to the newest migration: forward only, one transaction a file, under an advisory lock, so
 * that any number of processes may start at once. Refuses a database that a newer Backlot has written, and one whose
 * applied migrations differ from the files.
 *
 * @returns how many migrations were applied now
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
  log: Logger,
): Promise<number> {
  const client = await database.pool.connect()
  try {
    await client.query('set statement_timeout = 0; set lock_timeout = 0')
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    await client.query(
      'create table if not exists migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
    )
    const applied = new Map(
      (
        await client.query<{ name: string; checksum: string }>('select name, checksum from migrations')
      ).rows.map((row) => [row.name, row.checksum]),
    )
    const known = new Map(migrations.map((migration) => [migration.name, migration]))
    for (const [name, checksum] of applied) {
      const migration = known.get(name)
      if (!migration) {
        throw new MigrationError(
          `The database was written by a newer Backlot (it has ${name}, which this version does not know). Start that version, or restore an older backup.`,
        )
      }
      if (migration.checksum !== checksum) {
        throw new MigrationError(
          `The migration ${name} differs from the one that this database was made with.`,
        )
      }
    }
    let count = 0
    for (const migration of migrations) {
      if (applied.has(migration.name)) continue
      await client.query('begin')
      try {
        await client.query(migration.sql)
        await client.query('insert into migrations (name, checksum) values ($1, $2)', [
          migration.name,
          migration.checksum,
        ])
        await client.query('commit')
      } catch (error) {
        await client.query('rollback')
        throw new MigrationError(`The migration ${migration.name} failed: ${(error as Error).message}`, {
          cause: error,
        })
      }
      count += 1
    }
    if (count > 0) log.info({ count }, 'the database was migrated')
    return count
  } finally {
    // The session is ended rather than reused: its settings and the lock go with it.
    client.release(true)
  }
}
