import { execFileSync, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { silentLog } from '../log.ts'
import { isRunning, processesIn, waitUntil } from '../running-process.ts'
import { type EmbeddedPostgres, findEmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts'

let root: string
let directory: string
const started: EmbeddedPostgres[] = []

// A server that was started and stopped once; copying it is quicker than making another.
let pristine: string

beforeAll(async () => {
  pristine = await mkdtemp(path.join(tmpdir(), 'backlot launcher '))
  directory = path.join(pristine, 'postgres')
  await (await start()).stop()
})

afterAll(() => rm(pristine, { recursive: true, force: true }))

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'backlot launcher '))
  directory = path.join(root, 'postgres')
})

function haveStartedBefore(): void {
  execFileSync('cp', ['-a', path.join(pristine, 'postgres'), root])
}

afterEach(async () => {
  for (const postgres of started.splice(0)) await postgres.stop()
  await rm(root, { recursive: true, force: true })
})

async function start(): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ directory, log: silentLog, connectionsMax: 10 })
  started.push(postgres)
  return postgres
}

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

/** A second program that starts the server for `directory` and prints where it is. */
async function startInChild(): Promise<{ pid: number; postgresPid: number; url: string }> {
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(path.join(import.meta.dirname, 'embedded-postgres.ts'))}
    import { silentLog } from ${JSON.stringify(path.join(import.meta.dirname, '..', 'log.ts'))}
    const postgres = await startEmbeddedPostgres({ directory: ${JSON.stringify(directory)}, log: silentLog })
    process.stdout.write(JSON.stringify({ postgresPid: postgres.pid(), url: postgres.url }) + '\\n')
    setInterval(() => undefined, 1000)`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data) => resolve(String(data)))
    child.once('exit', () => reject(new Error('the child ended before it was ready')))
  })
  return { pid: child.pid ?? 0, ...(JSON.parse(line) as { postgresPid: number; url: string }) }
}

describe('the embedded PostgreSQL', () => {
  test('starts in an empty folder, keeps data over a stop, and leaves no process', async () => {
    const first = await start()
    expect(first.adopted).toBe(false)
    const [settings] = await query<Record<string, string>>(
      first.url,
      `select current_setting('jit') jit, current_setting('fsync') fsync, current_setting('listen_addresses') listen,
        pg_encoding_to_char(encoding) encoding, current_database() name from pg_database where datname = current_database()`,
    )
    expect(settings).toEqual({
      jit: 'off',
      fsync: 'on',
      listen: '127.0.0.1',
      encoding: 'UTF8',
      name: 'backlot',
    })
    await query(first.url, 'create table kept as select 42 as answer')
    const pid = first.pid()
    await first.stop()
    expect(isRunning(pid)).toBe(false)
    expect(processesIn(path.join(directory, 'data'))).toEqual([])

    const second = await start()
    expect(second.adopted).toBe(false)
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test('keeps its password private, and another password is refused', async () => {
    haveStartedBefore()
    const { url } = await start()
    expect((await stat(path.join(directory, 'connection.json'))).mode & 0o777).toBe(0o600)
    expect(await readdir(directory)).not.toContainEqual(expect.stringMatching(/^password/))
    const wrong = new URL(url)
    wrong.password = 'password'
    await expect(query(wrong.toString(), 'select 1')).rejects.toMatchObject({ code: '28P01' })
  })

  test('adopts the server that a killed process left running, and loses nothing', async () => {
    haveStartedBefore()
    const child = await startInChild()
    await query(child.url, 'create table kept as select 7 as answer')
    process.kill(child.pid, 'SIGKILL')
    expect(await waitUntil(() => !isRunning(child.pid), 5000)).toBe(true)
    expect(isRunning(child.postgresPid)).toBe(true)
    expect(await findEmbeddedPostgres(directory)).toBe(child.url)

    const adopted = await start()
    expect(adopted).toMatchObject({ adopted: true, url: child.url })
    expect(adopted.pid()).toBe(child.postgresPid)
    expect(await query(adopted.url, 'select answer from kept')).toEqual([{ answer: 7 }])
    await adopted.stop()
    expect(isRunning(child.postgresPid)).toBe(false)
    expect(await findEmbeddedPostgres(directory)).toBeUndefined()
  })

  test('recovers when both were killed', async () => {
    haveStartedBefore()
    const child = await startInChild()
    await query(child.url, 'create table kept as select 7 as answer')
    process.kill(child.pid, 'SIGKILL')
    process.kill(child.postgresPid, 'SIGKILL')
    const recovered = await start()
    expect(recovered.adopted).toBe(false)
    expect(await query(recovered.url, 'select answer from kept')).toEqual([{ answer: 7 }])
  })

  test('comes back on the same address when the server is killed under us', async () => {
    haveStartedBefore()
    const postgres = await start()
    await query(postgres.url, 'create table kept as select 7 as answer')
    const killed = postgres.pid()
    process.kill(killed, 'SIGKILL')
    expect(
      await waitUntil(
        async () => postgres.pid() !== killed && (await findEmbeddedPostgres(directory)) !== undefined,
        20_000,
      ),
    ).toBe(true)
    expect(await query(postgres.url, 'select answer from kept')).toEqual([{ answer: 7 }])
  })

  test('is not fooled by a lock file whose number belongs to another program', async () => {
    haveStartedBefore()
    await writeFile(
      path.join(directory, 'data', 'postmaster.pid'),
      [process.pid, path.join(directory, 'data'), 1, 5432, '', '127.0.0.1', '', 'ready', ''].join('\n'),
    )
    const second = await start()
    expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('takes another port when its own is taken', async () => {
    haveStartedBefore()
    const { port } = JSON.parse(await readFile(path.join(directory, 'connection.json'), 'utf8'))
    const taken = createServer().listen(port, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    try {
      const second = await start()
      expect(new URL(second.url).port).not.toBe(String(port))
    } finally {
      taken.close()
    }
  })

  test('clears away what an interrupted first start left', async () => {
    await mkdir(path.join(directory, 'initializing.0123abcd', 'global'), { recursive: true })
    await writeFile(path.join(directory, 'password.0123abcd'), 'secret')
    await start()
    expect((await readdir(directory)).sort()).toEqual(['connection.json', 'data', 'postgres.log'])
  })

  test.each([
    ['another major version', 'PG_VERSION', '14\n', 'postgres_version', /made by PostgreSQL 14/],
    ['a damaged directory', 'PG_VERSION', '', 'postgres_data_corrupt', /is damaged/],
  ])('refuses %s in one sentence', async (_name, file, text, code, message) => {
    haveStartedBefore()
    await writeFile(path.join(directory, 'data', file), text)
    await expect(start()).rejects.toMatchObject({
      name: 'StartupError',
      code,
      message: expect.stringMatching(message),
    })
  })

  test('writes no statement and no value to its log', async () => {
    haveStartedBefore()
    const { url } = await start()
    await expect(query(url, `select 'canary-of-the-log'::int`)).rejects.toMatchObject({ code: '22P02' })
    await expect(
      query(url, `create table one (name text primary key); insert into one values ('canary'), ('canary')`),
    ).rejects.toMatchObject({ code: '23505' })
    const log = await readFile(path.join(directory, 'postgres.log'), 'utf8')
    expect(log).toContain('duplicate key value')
    expect(log).not.toContain("('canary')")
    expect(log).not.toContain('insert into')
  })
})
