import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { StartupError } from '../startup-error.ts'

const versionMin = 15
const notYet = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ECONNRESET', '57P03'])

/**
 * Waits for the operator's database, which may start beside us, and checks its version.
 *
 * @throws StartupError in one sentence, without the address, which holds a password
 */
export async function checkExternalDatabase(url: string, waitMs: number): Promise<void> {
  const deadline = Date.now() + waitMs
  for (;;) {
    const fault = await tryOnce(url)
    if (fault === undefined) return
    if (!notYet.has(fault.code) || Date.now() >= deadline)
      throw new StartupError(
        'database_unreachable',
        `The database of DATABASE_URL cannot be used: ${fault.message}.`,
      )
    await delay(250)
  }
}

async function tryOnce(url: string): Promise<{ code: string; message: string } | undefined> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    query_timeout: 10_000,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ number: string }>(
      `select current_setting('server_version_num') number`,
    )
    const major = Math.floor(Number(rows[0]?.number) / 10_000)
    if (major < versionMin)
      return { code: 'old', message: `it is PostgreSQL ${major}, and Backlot needs ${versionMin} or newer` }
    return undefined
  } catch (error) {
    const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error
    const { code = '', message } = first as NodeJS.ErrnoException
    return { code, message: message.replace(/\.$/, '') }
  } finally {
    await client.end().catch(() => undefined)
  }
}
