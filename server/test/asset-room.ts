import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { newId } from '@backlot/contract'
import { getRequestListener } from '@hono/node-server'
import { type AssetOptions, assetRoutes, createAssets } from '../src/features/assets/index.ts'
import { createMediaEngine } from '../src/media/index.ts'
import { type Clock, manualClock } from '../src/platform/clock.ts'
import { createEvents, localHints } from '../src/platform/events/index.ts'
import { createApi, parseTrustedProxies } from '../src/platform/http/index.ts'
import { createKeyring } from '../src/platform/keyring/index.ts'
import { silentLog } from '../src/platform/log.ts'
import { openDiskStore } from '../src/platform/object-store/index.ts'
import { createTestDatabase } from './database.ts'

/** Assets on a real database, real files, the real media engine and a real HTTP server; accounts are a header. */
export async function createAssetRoom(overrides: Partial<AssetOptions> = {}) {
  const database = await createTestDatabase()
  const { db } = database
  const directory = await mkdtemp(path.join(tmpdir(), 'backlot-assets-'))
  const workDirectory = path.join(directory, 'work')
  await mkdir(workDirectory)
  const clock = manualClock(new Date())
  const keyring = createKeyring({ masterKey: randomBytes(32), keyId: 'k1', db })
  const objects = await openDiskStore({ directory: path.join(directory, 'store'), keyring })
  const options: AssetOptions = {
    db,
    objects,
    keyring,
    events: createEvents(localHints()),
    clock: clock as Clock,
    log: silentLog,
    media: createMediaEngine({ workDirectory, log: silentLog }),
    retention: { outputsDays: 30, uploadsDays: 7 },
    uploadBytesMax: 2_000_000,
    workDirectory,
    urlTtlSeconds: 900,
    ...overrides,
  }
  const assets = createAssets(options)

  const api = createApi({
    log: silentLog,
    publicOrigin: 'http://localhost',
    trustedProxies: parseTrustedProxies([]),
    socketAddress: () => '127.0.0.1',
    authenticate: async (request) => {
      const accountId = request.headers.get('x-account')
      if (!accountId) return null
      const nobody = {
        userId: 'usr_x',
        role: 'creator',
        sessionId: 'ses_x',
        keyId: null,
        scopes: [],
      } as const
      return { kind: 'session', accountId, ...nobody }
    },
  })
  assetRoutes(api, assets)
  const server = createServer(getRequestListener(api.app.fetch))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function createAccount(): Promise<string> {
    const id = newId('acc')
    await keyring.createAccountKey(db, id)
    return id
  }

  return {
    ...options,
    options,
    assets,
    clock,
    origin,
    directory,
    createAccount,
    fetch: (address: string, accountId: string | null, init: RequestInit = {}) =>
      fetch(`${origin}${address}`, {
        ...init,
        headers: { ...(accountId ? { 'x-account': accountId } : {}), ...init.headers },
      }),
    /** Every stored object, as `account/key`. */
    async stored(): Promise<string[]> {
      const names: string[] = []
      for await (const { accountId, key } of objects.list()) names.push(`${accountId}/${key}`)
      return names.sort()
    },
    /** What rests in the work directory: nothing, when everything has ended. */
    working: () => readdir(workDirectory),
    async eventsOf(accountId: string): Promise<string[]> {
      const rows = await db.query<{ type: string; subject_id: string }>(
        'select type, subject_id from events where account_id = $1 order by id',
        [accountId],
      )
      return rows.map((row) => `${row.type} ${row.subject_id}`)
    },
    async close(): Promise<void> {
      await assets.settle()
      await closeServer(server)
      await database.drop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

export type AssetRoom = Awaited<ReturnType<typeof createAssetRoom>>

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
