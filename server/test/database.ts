import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { type Database, openDatabase } from '../src/platform/db/index.ts'
import { silentLog } from '../src/platform/log.ts'
import { databaseUrl, runOnServer } from './template.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the PostgreSQL that the test run started, and its template database. */
    postgres: { url: string; template: string }
  }
}

export interface TestDatabase {
  db: Database
  url: string
  drop(): Promise<void>
}

/** A database of its own, cloned from the migrated template in some tens of milliseconds. Drop it when done. */
export async function createTestDatabase(options: { connectionsMax?: number } = {}): Promise<TestDatabase> {
  const { url: serverUrl, template } = inject('postgres')
  const name = `test_${randomBytes(6).toString('hex')}`
  await runOnServer(serverUrl, `create database ${name} template ${template}`)
  const url = databaseUrl(serverUrl, name)
  const db = openDatabase({ url, log: silentLog, connectionsMax: options.connectionsMax ?? 6 })
  return {
    db,
    url,
    async drop() {
      await db.close()
      await runOnServer(serverUrl, `drop database if exists ${name} with (force)`)
    },
  }
}
