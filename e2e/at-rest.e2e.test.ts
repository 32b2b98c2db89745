import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BacklotError } from '../client/src/index.ts'
import { findEmbeddedPostgres } from '../server/src/platform/db/embedded-postgres.ts'
import { type Database, openDatabase } from '../server/src/platform/db/index.ts'
import { silentLog } from '../server/src/platform/log.ts'
import { createSearch, fileNeedles, filesBelow, type Needle, textNeedles } from './byte-search.ts'
import { client, makeOperator, operatorEmail } from './operator.ts'
import { type RunningServer, startServer, temporaryDataFolder } from './server.ts'

// Words that nothing else on this machine has: whatever is found of them was left there by the program.
const word = () => `zq${randomBytes(12).toString('hex')}`
const words = [word(), word()]
const prompt = `${words[0]} a “heron” over\tthe Øresund, "quoted" — 黄昏の港 ${words[1]}`
const blocked = `${word()} hardcore porn, explicit sex`
const fileName = `${word()} smörgås.png`
const marker = 'the marker'

const texts = [
  ...textNeedles('the prompt', prompt),
  ...textNeedles('the last word of the prompt', words[1] ?? ''),
  ...textNeedles('the blocked prompt', blocked),
  ...textNeedles('the file name', fileName),
  // An e-mail address is what a sign-in looks up, so it stands in the clear: finding it proves the search.
  ...textNeedles(marker, operatorEmail),
]

let dataFolder: string
let server: RunningServer
let database: Database
let media: Needle[]

beforeAll(async () => {
  dataFolder = await temporaryDataFolder()
  server = await startServer({ dataFolder, environment: { LOG_LEVEL: 'trace' } })
  const { key } = await makeOperator(server)
  const backlot = client(server, key)
  const noise = randomBytes(320 * 180 * 3)
  const image = await sharp(noise, { raw: { width: 320, height: 180, channels: 3 } })
    .png()
    .toBuffer()
  const reference = await backlot.upload(new Blob([new Uint8Array(image)], { type: 'image/png' }), fileName)
  expect(reference.file_name).toBe(fileName)
  const made = await backlot.generate({
    model: 'draft',
    prompt,
    seconds: 2,
    resolution: '480p',
    reference_asset_id: reference.id,
  })
  const end = await backlot.wait(made.id, { deadlineMs: 90_000 })
  expect(end).toMatchObject({ state: 'delivered', prompt })
  const refusal = await backlot
    .generate({ model: 'draft', prompt: blocked, seconds: 2 })
    .catch((error: BacklotError) => error)
  expect(refusal).toMatchObject({ code: 'prompt_blocked' })

  const [output] = end.outputs
  if (!output) throw new Error('nothing was delivered')
  const bytesAt = async (url: string | null) =>
    Buffer.from(await (await fetch(new URL(url ?? '', server.origin))).arrayBuffer())
  media = [
    { name: 'the uploaded image', bytes: image },
    { name: 'the stored image', bytes: await bytesAt(reference.urls.content) },
    { name: 'the video', bytes: await bytesAt(output.urls.content) },
    { name: 'its web version', bytes: await bytesAt(output.urls.web) },
    { name: 'its preview', bytes: await bytesAt(output.urls.preview) },
    { name: 'its poster', bytes: await bytesAt(output.urls.poster) },
  ]
  const url = await findEmbeddedPostgres(path.join(dataFolder, 'postgres'))
  if (!url) throw new Error('the database of the server cannot be found')
  database = openDatabase({ url, log: silentLog, connectionsMax: 1 })
  // Everything that is still only in the server's memory goes to its files.
  await database.query('checkpoint')
})

afterAll(async () => {
  if (database && !database.pool.ended) await database.close()
  await server?.dispose()
  await rm(dataFolder, { recursive: true, force: true })
})

/** Where the marker was found, and where anything else was. */
async function searchFiles(): Promise<{ found: string[]; marked: string[]; files: number }> {
  const search = createSearch([...texts, ...media.flatMap(({ name, bytes }) => fileNeedles(name, bytes))])
  const result = { found: [] as string[], marked: [] as string[], files: 0 }
  for await (const { name: file, bytes } of filesBelow(dataFolder)) {
    result.files += 1
    for (const what of search(bytes)) {
      if (what === marker) result.marked.push(file)
      else result.found.push(`${what} in ${file}`)
    }
  }
  return result
}

describe('the search', () => {
  test('finds each form of a text, at any place', () => {
    const search = createSearch(textNeedles('it', prompt))
    const forms = [
      Buffer.from(`x${prompt}y`),
      Buffer.from(`x${prompt}`, 'utf16le'),
      Buffer.from(JSON.stringify({ prompt })),
      Buffer.from(`/search?q=${encodeURIComponent(prompt)}`),
      Buffer.from(Buffer.from(prompt).toString('hex')),
      ...[0, 1, 2].map((shift) =>
        Buffer.from(Buffer.from(`${'x'.repeat(shift)}${prompt}!`).toString('base64')),
      ),
      Buffer.from(prompt.slice(0, 24)),
    ]
    expect(forms.map(search)).toEqual(forms.map(() => ['it']))
    expect(search(Buffer.from(`another prompt, ${words[1]}`))).toEqual([])
  })

  test('finds any stretch of a file', () => {
    const file = randomBytes(5_000)
    const search = createSearch(fileNeedles('it', file))
    const stretch = file.subarray(1_001, 1_001 + 128)
    expect(search(Buffer.concat([randomBytes(333), stretch, randomBytes(77)]))).toEqual(['it'])
    expect(search(randomBytes(100_000))).toEqual([])
  })
})

test('the data directory of a running server holds neither prompt nor file name nor media in the clear', async () => {
  expect(media.every(({ bytes }) => bytes.length > 1_000)).toBe(true)
  const { found, marked, files } = await searchFiles()
  expect(found).toEqual([])
  expect(files).toBeGreaterThan(100)
  expect(marked.some((file) => file.includes('pg_wal'))).toBe(true)
  expect(marked.some((file) => file.includes(`base${path.sep}`))).toBe(true)
})

test('no table holds them, queue, events and log included', async () => {
  const tables = await database.query<{ schema: string; name: string }>(
    `select schemaname as schema, tablename as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema') order by 1, 2`,
  )
  const names = tables.map(({ schema, name }) => `${schema}.${name}`)
  expect(names).toEqual(expect.arrayContaining(['public.generations', 'public.events', 'pgboss.job']))
  // Bytes are hexadecimal digits in the text of a row.
  const digits = media.flatMap(({ name, bytes }) =>
    fileNeedles(name, Buffer.from(bytes.toString('hex')), 128),
  )
  const search = createSearch([...texts, ...digits])
  const found: string[] = []
  let rowsRead = 0
  for (const { schema, name } of tables) {
    const rows = await database.query<{ line: string }>(
      `select one::text as line from "${schema}"."${name}" one`,
    )
    rowsRead += rows.length
    const dump = Buffer.from(rows.map((row) => row.line).join('\n'))
    found.push(...search(dump).map((what) => `${what} in ${name}`))
  }
  expect(found.filter((place) => !place.startsWith(marker))).toEqual([])
  expect(found.length).toBeGreaterThan(0)
  expect(rowsRead).toBeGreaterThan(50)
})

test('the program says none of it, even at its most talkative', () => {
  const output = Buffer.from(server.output())
  expect(output.includes('answered')).toBe(true)
  expect(createSearch(texts)(output).filter((what) => what !== marker)).toEqual([])
})

test('after a stop nothing of it is left either', async () => {
  await database.close()
  await server.stop()
  const { found, marked } = await searchFiles()
  expect(found).toEqual([])
  expect(marked.length).toBeGreaterThan(0)
})
