// Reading ranges of sealed media, beside plain files through the same HTTP stack.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { newId } from '@backlot/contract'
import { getRequestListener } from '@hono/node-server'
import { fileNameContext } from '../server/src/features/assets/asset.ts'
import { assetRoutes, createAssets } from '../server/src/features/assets/index.ts'
import { createMediaEngine } from '../server/src/media/index.ts'
import { systemClock } from '../server/src/platform/clock.ts'
import { createEvents, localHints } from '../server/src/platform/events/index.ts'
import { createApi, parseTrustedProxies } from '../server/src/platform/http/index.ts'
import { createKeyring } from '../server/src/platform/keyring/index.ts'
import { silentLog } from '../server/src/platform/log.ts'
import { openDiskStore } from '../server/src/platform/object-store/index.ts'
import type { BenchDatabases } from './database.ts'
import { median, type Result, ratio } from './figures.ts'

const fileBytes = 64 * 1024 * 1024
const readers = 2
const sliceMs = 1_000
const rounds = 3

export async function measureRangeRead(databases: BenchDatabases): Promise<Result> {
  const database = await databases.create()
  const workDirectory = path.join(databases.directory, 'range-work')
  await mkdir(workDirectory)
  const keyring = createKeyring({ masterKey: randomBytes(32), keyId: 'bench', db: database.db })
  const objects = await openDiskStore({ directory: path.join(databases.directory, 'range-store'), keyring })
  const assets = createAssets({
    db: database.db,
    objects,
    keyring,
    events: createEvents(localHints()),
    clock: systemClock,
    log: silentLog,
    media: createMediaEngine({ workDirectory, log: silentLog }),
    retention: { outputsDays: null, uploadsDays: null },
    uploadBytesMax: fileBytes,
    workDirectory,
    urlTtlSeconds: 3_600,
  })
  const plainFile = path.join(databases.directory, 'plain.mp4')
  await writeFile(plainFile, randomBytes(fileBytes))
  const sealed = await storeSealed()

  const api = createApi({
    log: silentLog,
    publicOrigin: 'http://localhost',
    trustedProxies: parseTrustedProxies([]),
    socketAddress: () => '127.0.0.1',
    authenticate: async () => null,
  })
  assetRoutes(api, assets)
  api.app.get('/plain', (context) => {
    const [, start = '0', end = ''] = /bytes=(\d+)-(\d+)/.exec(context.req.header('range') ?? '') ?? []
    const stream = createReadStream(plainFile, { start: Number(start), end: Number(end) })
    return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array>, { status: 206 })
  })
  const server = createServer(getRequestListener(api.app.fetch))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const rows: string[][] = []
  for (const [name, rangeBytes] of [
    ['64 kB', 64 * 1024],
    ['1 MB', 1024 * 1024],
    ['8 MB', 8 * 1024 * 1024],
  ] as const) {
    const rates: { sealed: number[]; plain: number[] } = { sealed: [], plain: [] }
    for (let round = 0; round < rounds; round += 1) {
      rates.sealed.push(await slice(`${origin}${sealed}`, rangeBytes))
      rates.plain.push(await slice(`${origin}/plain`, rangeBytes))
    }
    const [fast, base] = [median(rates.sealed), median(rates.plain)]
    rows.push([name, `${Math.round(fast)} MB/s`, `${Math.round(base)} MB/s`, ratio(fast / base)])
  }
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await assets.settle()
  await database.drop()
  return {
    title: 'Ranges of sealed media',
    command: 'npm run bench range-read',
    about: `${readers} readers at once at random places of a file of 64 MB, slices of ${sliceMs} ms in turn, ${rounds} each; medians. Sealed: the signed address, the row, the key, decryption and authentication of each segment. Plain: a stream of the file through the same router and server. The readers are a process of their own.`,
    rows: [['range', 'sealed', 'plain', 'sealed ÷ plain'], ...rows],
    aim: null,
    notes: [
      'The rows are of small ranges where looking up the asset counts, and of large ones where the cipher does.',
    ],
  }

  async function storeSealed(): Promise<string> {
    const accountId = newId('acc')
    const assetId = newId('ast')
    await keyring.createAccountKey(database.db, accountId)
    const objectKey = `${assetId}.original`
    const stored = await objects.put(accountId, objectKey, plainFile)
    await database.db.transaction(async (tx) => {
      await assets.insertOutput(tx, {
        accountId,
        assetId,
        kind: 'video',
        source: 'output',
        generationId: newId('gen'),
        outputIndex: 0,
        fileName: await keyring.seal(accountId, fileNameContext(assetId), 'bench.mp4'),
        mimeType: 'video/mp4',
        ...stored,
        streamSha256: null,
        width: 1280,
        height: 720,
        durationMs: 4_000,
        frameRate: 24,
        videoCodec: 'avc',
        audioCodec: null,
        bitrate: null,
        credentials: 'unsigned',
        renditions: {},
      })
    })
    return (await assets.get(accountId, assetId)).urls.content
  }
}

/** @returns megabytes per second over all readers, who are another process */
async function slice(address: string, rangeBytes: number): Promise<number> {
  const script = path.join(import.meta.dirname, 'range-reader.ts')
  const numbers = [fileBytes, rangeBytes, sliceMs, readers].map(String)
  const { stdout } = await promisify(execFile)(process.execPath, [script, address, ...numbers], {
    timeout: 60_000,
  })
  return Number(stdout)
}
