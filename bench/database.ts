import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startEmbeddedPostgres } from '../server/src/platform/db/embedded-postgres.ts'
import { openDatabase } from '../server/src/platform/db/index.ts'
import { silentLog } from '../server/src/platform/log.ts'
import type { TestDatabase } from '../server/test/database.ts'
import { createTemplate, databaseUrl, runOnServer } from '../server/test/template.ts'

export interface BenchDatabases {
  /** A folder for files; gone at the end. */
  readonly directory: string
  create(connectionsMax?: number): Promise<TestDatabase>
  close(): Promise<void>
}

/** The PostgreSQL that comes with Backlot, with the settings of a deployment: every commit reaches the disk. */
export async function startDatabases(): Promise<BenchDatabases> {
  const directory = await mkdtemp(path.join(tmpdir(), 'backlot-bench-'))
  await chmod(directory, 0o755)
  const postgres = await startEmbeddedPostgres({
    directory: path.join(directory, 'postgres'),
    log: silentLog,
    connectionsMax: 100,
  })
  await createTemplate(postgres.url, 'backlot_template')
  let count = 0
  return {
    directory,
    async create(connectionsMax = 12) {
      count += 1
      const name = `bench_${count}`
      await runOnServer(postgres.url, `create database ${name} template backlot_template`)
      const url = databaseUrl(postgres.url, name)
      const db = openDatabase({ url, log: silentLog, connectionsMax })
      return {
        db,
        url,
        async drop() {
          await db.close()
          await runOnServer(postgres.url, `drop database if exists ${name} with (force)`)
        },
      }
    },
    async close() {
      await postgres.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
