import { execFileSync } from 'node:child_process'
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { findEmbeddedPostgres } from '../src/platform/db/embedded-postgres.ts'
import { isRunning, waitUntil } from '../src/platform/running-process.ts'
import {
  descendants,
  type Program,
  type ProgramOptions,
  processesAt,
  runProgram,
  startProgram,
} from './program.ts'

// The real program in its own process. Linux only: children are listed through /proc.
describe.runIf(process.platform === 'linux')('the program', { timeout: 100_000 }, () => {
  let folder: string
  let data: string
  const running: Program[] = []

  async function makeFolder(): Promise<void> {
    folder = await mkdtemp(path.join(tmpdir(), 'backlot run time '))
    data = path.join(folder, 'data')
  }

  async function removeFolder(): Promise<void> {
    for (const program of running.splice(0)) program.child.kill('SIGTERM')
    await waitUntil(() => processesAt(folder).length === 0, 20_000)
    for (const pid of processesAt(folder)) process.kill(pid, 'SIGKILL')
    await waitUntil(() => processesAt(folder).length === 0, 20_000)
    await rm(folder, { recursive: true, force: true })
  }

  function environment(more: Record<string, string> = {}): Record<string, string> {
    return { BACKLOT_DATA_DIR: data, BACKLOT_STOP_DEADLINE_SECONDS: '5', ...more }
  }

  async function start(options: ProgramOptions = {}) {
    const program = await startProgram({ ...options, env: environment(options.env) })
    running.push(program)
    return program
  }

  async function command(args: string[], options: ProgramOptions = {}) {
    const ended = await runProgram(args, { ...options, env: environment(options.env) }).ended()
    return { ...ended, json: () => JSON.parse(ended.stdout) as Record<string, unknown> }
  }

  async function isHealthy(address: string): Promise<boolean> {
    return fetch(`${address}/readyz`).then(
      (response) => response.ok,
      () => false,
    )
  }

  describe('from the first start to the last', () => {
    beforeAll(makeFolder)
    afterAll(removeFolder)
    let server: Awaited<ReturnType<typeof start>>
    let secret: string
    const person = ['--email', 'ada@example.org', '--password', 'correct horse battery']

    test('a first start prints one address, and it answers', async () => {
      server = await start()
      const lines = server.stdout().trim().split('\n')
      expect(lines.filter((line) => line.includes('http'))).toHaveLength(1)
      expect(await isHealthy(server.address)).toBe(true)
    })

    test('a second start on the same data says so', async () => {
      const second = await command(['start'])
      expect(second).toMatchObject({ code: 1, stdout: '' })
      expect(second.stderr).toBe(
        `Backlot already runs on the data directory ${data} (process ${server.pid}); stop it first, or give this one another BACKLOT_DATA_DIR.\n`,
      )
      expect(await isHealthy(server.address)).toBe(true)
    })

    test('commands work beside it', async () => {
      const [operator, account] = await Promise.all([
        command(['operator', 'create', '--email', 'op@example.org', '--password', '-', '--json'], {
          input: 'a long enough password\n',
        }),
        command(['accounts', 'create', ...person, '--json']),
      ])
      expect(operator.json()).toMatchObject({ email: 'op@example.org', role: 'operator' })
      expect(account.json()).toMatchObject({ email: 'ada@example.org', role: 'creator' })
      const key = await command([
        'keys',
        'create',
        '--account',
        'ada@example.org',
        '--name',
        'script',
        '--json',
      ])
      secret = key.json()['key'] as string
      const models = await fetch(`${server.address}/v1/models`, {
        headers: { authorization: `Bearer ${secret}` },
      })
      expect(models.status).toBe(200)
    })

    test('what is wrong with a command has a stable code and one sentence', async () => {
      const [taken, nobody, missing] = await Promise.all([
        command(['accounts', 'create', ...person, '--json']),
        command([
          ...['credits', 'grant', '--account', 'x@example.org', '--amount', '5', '--reason', 'a gift'],
        ]),
        command(['keys', 'create', '--json']),
      ])
      expect(taken).toMatchObject({ code: 1, stderr: '' })
      expect(taken.json()).toMatchObject({ error: { code: 'email_taken' } })
      expect(nobody).toMatchObject({
        code: 1,
        stdout: '',
        stderr: 'There is no account for x@example.org.\n',
      })
      expect(missing.code).toBe(2)
      expect(missing.json()).toMatchObject({ error: { code: 'usage' } })
    })

    test('a database that is killed comes back by itself', async () => {
      const postgres = await postmasterPid()
      process.kill(postgres, 'SIGKILL')
      expect(await waitUntil(async () => (await postmasterPid()) !== postgres, 20_000)).toBe(true)
      expect(await waitUntil(() => isHealthy(server.address), 20_000)).toBe(true)
    })

    test('after kill -9 the next start takes over what still runs', async () => {
      const postgres = await postmasterPid()
      process.kill(server.pid, 'SIGKILL')
      await server.ended()
      expect(isRunning(postgres)).toBe(true)
      server = await start()
      expect(await postmasterPid()).toBe(postgres)
      expect(await isHealthy(server.address)).toBe(true)
    })

    test('after kill -9 of the server and the database, the next start recovers', async () => {
      const postgres = await postmasterPid()
      process.kill(server.pid, 'SIGKILL')
      process.kill(postgres, 'SIGKILL')
      await server.ended()
      server = await start()
      const taken = await command(['accounts', 'create', ...person, '--json'])
      expect(taken.json()).toMatchObject({ error: { code: 'email_taken' } })
    })

    test('SIGTERM drains, ends live connections and leaves no process', async () => {
      const live = await fetch(`${server.address}/v1/events`, {
        headers: { authorization: `Bearer ${secret}` },
      })
      expect(live.status).toBe(200)
      const read = live.text()
      const below = descendants(server.pid)
      expect(below.length).toBeGreaterThan(0)
      server.child.kill('SIGTERM')
      expect(await server.ended()).toMatchObject({ code: 0, signal: null })
      expect(typeof (await read)).toBe('string')
      expect(below.filter(isRunning)).toEqual([])
      expect(processesAt(folder)).toEqual([])
    })

    test('commands work without a server and leave no process', async () => {
      const granted = await command([
        ...[
          'credits',
          'grant',
          '--account',
          'ada@example.org',
          '--amount',
          '25',
          '--reason',
          'a gift',
          '--json',
        ],
      ])
      expect(granted.json()).toMatchObject({ amount: 25, email: 'ada@example.org' })
      expect(processesAt(folder)).toEqual([])
    })

    test('checks and prices work beside a server, which Ctrl-C ends', async () => {
      server = await start()
      const [price, ledger, log, doctor] = await Promise.all([
        command(['models', 'price', 'draft', '--credits-per-second', '2.5', '--json']),
        command(['ledger', 'verify', '--json']),
        command(['log', 'verify', '--json']),
        command(['doctor', '--json']),
      ])
      expect(price.json()).toMatchObject({ id: 'draft', price: { credits_per_second: 2.5 } })
      expect((await command(['models', 'list'])).stdout).toMatch(/^draft +Draft +on +2\.5$/m)
      expect(ledger).toMatchObject({ code: 0 })
      expect(ledger.json()).toMatchObject({ ok: true, violation: null })
      expect(log.json()).toMatchObject({ ok: true, fault: null })
      expect(doctor.json()).toMatchObject({ ready_for_public: false, server_is_running: true })
      server.child.kill('SIGINT')
      expect(await server.ended()).toMatchObject({ code: 0, signal: null })
      expect(processesAt(folder)).toEqual([])
    })

    test('npm start ends with npm, though its shell passes no signal on', async () => {
      const npm = await start({ npm: true, env: { HOME: folder } })
      await writeFutureMigration()
      const below = descendants(npm.pid)
      npm.child.kill('SIGTERM')
      await npm.ended()
      expect(below.filter(isRunning)).toEqual([])
      expect(processesAt(folder)).toEqual([])
    })

    test('a database that a newer version wrote is refused', async () => {
      const refused = await command(['start'])
      expect(refused).toMatchObject({ code: 1, stdout: '' })
      expect(refused.stderr).toMatch(
        /^The database was written by a newer Backlot \(it has 9999_future\.sql[^\n]*\.$/m,
      )
      expect(processesAt(folder)).toEqual([])
    })

    /** What the last test finds. */
    async function writeFutureMigration(): Promise<void> {
      const url = await findEmbeddedPostgres(path.join(data, 'postgres'))
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      await client.query(`insert into migrations (name, checksum) values ('9999_future.sql', 'x')`)
      await client.end()
    }

    async function postmasterPid(): Promise<number> {
      const text = await readFile(path.join(data, 'postgres', 'data', 'postmaster.pid'), 'utf8').catch(
        () => '0',
      )
      return Number.parseInt(text, 10)
    }
  })

  describe('where it cannot start', () => {
    beforeEach(makeFolder)
    afterEach(removeFolder)

    async function refusal(env: Record<string, string>): Promise<string> {
      const ended = await command(['start'], { env })
      expect(ended).toMatchObject({ code: 1, stdout: '' })
      expect(processesAt(folder)).toEqual([])
      return ended.stderr
    }

    test('a busy port', async () => {
      const other = createServer().listen(0, '127.0.0.1')
      await new Promise((resolve) => other.once('listening', resolve))
      const { port } = other.address() as { port: number }
      expect(await refusal({ PORT: String(port) })).toBe(
        `Backlot cannot listen on 127.0.0.1:${port}: the port is taken by another program; stop it, or set PORT to another one.\n`,
      )
      other.close()
    })

    test('a file in the place of the data directory', async () => {
      await writeFile(data, '')
      expect(await refusal({})).toBe(`The data directory ${data} cannot be used: a file is in its place.\n`)
    })

    test('a place where nothing can be written', async () => {
      expect(await refusal({ BACKLOT_DATA_DIR: '/proc/backlot' })).toMatch(
        /^The data directory \/proc\/backlot cannot be used: [^\n]+\.\n$/,
      )
    })

    test('every fault of the configuration, together', async () => {
      const said = await refusal({
        PORT: 'abc',
        BACKLOT_ROLES: 'cook',
        BACKLOT_PUBLIC_URI: 'https://video.example.org',
        DATABASE_URL: 'mysql://me:planted@localhost/x',
      })
      expect(said.trim().split('\n').slice(1).sort()).toEqual([
        '  BACKLOT_PUBLIC_URI is not known (did you mean BACKLOT_PUBLIC_URL?).',
        '  BACKLOT_ROLES must be api, worker, or both by a comma.',
        '  DATABASE_URL must be an address such as postgres://user:password@host/name.',
        '  PORT must be a whole number.',
      ])
    })

    test('a database that lets us not in, without telling its password', async () => {
      const url = new URL(inject('postgres').url)
      url.password = 'planted'
      const said = await refusal({ DATABASE_URL: url.toString() })
      expect(said).toMatch(/^The database of DATABASE_URL cannot be used: [^\n]+\.\n$/)
      expect(said).not.toContain('planted')
    })

    test('a profile with faults', async () => {
      const profile = path.join(folder, 'profile.yaml')
      await writeFile(profile, 'name: 7\n')
      expect(await refusal({ BACKLOT_PROFILE: profile })).toMatch(/^The profile .* cannot be used:\n {2}- /m)
    })
  })

  describe('as another user, on another Node', () => {
    beforeEach(makeFolder)
    afterEach(removeFolder)
    const olderNode = findOlderNode()
    const isRoot = process.getuid?.() === 0

    test.runIf(isRoot || olderNode)(
      'a normal user with an older Node runs it, and signals pass',
      async () => {
        const user = { uid: 65534, gid: 65534 }
        if (isRoot) await chown(folder, user.uid, user.gid)
        const options = { ...(isRoot ? { user } : {}), ...(olderNode ? { node: olderNode } : {}) }
        expect(await command(['doctor', '--no-such-option'], options)).toMatchObject({ code: 2 })
        const server = await start(options)
        expect(await isHealthy(server.address)).toBe(true)
        const below = descendants(server.pid)
        server.child.kill('SIGTERM')
        expect(await server.ended()).toMatchObject({ code: 0, signal: null })
        expect(below.filter(isRunning)).toEqual([])
      },
    )
  })
})

/** A Node on this machine that cannot run TypeScript, where there is one. */
function findOlderNode(): string | undefined {
  for (const file of ['/usr/local/bin/node', '/usr/bin/node']) {
    try {
      const version = execFileSync(file, ['-p', 'process.versions.node'], {
        encoding: 'utf8',
        timeout: 10_000,
      })
      const [major = 0, minor = 0] = version.split('.').map(Number)
      if (major >= 18 && (major < 22 || (major === 22 && minor < 18))) return file
    } catch {
      // There is none.
    }
  }
  return undefined
}
