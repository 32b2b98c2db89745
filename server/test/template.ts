import path from 'node:path'
import pg from 'pg'
import { migrate, openDatabase, readMigrations } from '../src/platform/db/index.ts'
import { silentLog } from '../src/platform/log.ts'

export const migrationsDirectory = path.join(import.meta.dirname, '..', 'migrations')

export async function createTemplate(serverUrl: string, name: string): Promise<void> {
  await runOnServer(serverUrl, `create database ${name}`)
  const db = openDatabase({ url: databaseUrl(serverUrl, name), log: silentLog, connectionsMax: 1 })
  await migrate(db, await readMigrations(migrationsDirectory), silentLog)
  await db.close()
}

export function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.toString()
}

export async function runOnServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
