import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type DataDirectory, type DataDirectoryOptions, openDataDirectory } from './data-directory.ts'
import { isRunning, waitUntil } from './running-process.ts'

let parent: string
let directory: string
const opened: DataDirectory[] = []

beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'backlot data '))
  directory = path.join(parent, 'deep', 'data')
})

afterEach(async () => {
  for (const one of opened.splice(0)) await one.release()
  await rm(parent, { recursive: true, force: true })
})

async function open(options: Partial<DataDirectoryOptions> = {}): Promise<DataDirectory> {
  const found = await openDataDirectory({
    directory,
    masterKey: null,
    kind: 'server',
    exclusive: true,
    waitMs: 50,
    ...options,
  })
  opened.push(found)
  return found
}

async function refusal(
  options: Partial<DataDirectoryOptions> = {},
): Promise<{ code: string; message: string }> {
  try {
    await open(options)
  } catch (error) {
    expect(error).toMatchObject({ name: 'StartupError' })
    const { code, message } = error as Error & { code: string }
    expect(message).toMatch(/^[A-Z][^\n]*\.$/)
    return { code, message }
  }
  throw new Error('it was opened')
}

describe('the data directory', () => {
  test('is made whole, for its owner only, with a key that stays', async () => {
    const first = await open()
    expect((await readdir(directory)).sort()).toEqual([
      'backlot.json',
      'keys',
      'lock.json',
      'objects',
      'work',
    ])
    for (const name of ['.', 'keys', 'objects', 'work'])
      expect((await stat(path.join(directory, name))).mode & 0o777).toBe(0o700)
    expect((await stat(path.join(directory, 'keys', 'master.key'))).mode & 0o777).toBe(0o600)
    await first.release()
    const second = await open()
    expect(second.masterKey).toEqual(first.masterKey)
    expect(second.masterKey).toHaveLength(32)
  })

  test('is closed to others when it was open', async () => {
    await mkdir(directory, { recursive: true })
    await chmod(directory, 0o777)
    await open()
    expect((await stat(directory)).mode & 0o007).toBe(0)
  })

  test('the manifest says which key, and never the key', async () => {
    const { masterKey } = await open()
    const text = await readFile(path.join(directory, 'backlot.json'), 'utf8')
    expect(text).not.toContain(masterKey.toString('base64').slice(0, 20))
    expect(text).not.toContain(masterKey.toString('hex').slice(0, 20))
  })

  test('tells a second server that it is in use, and lets a command in beside it', async () => {
    await open()
    const { code, message } = await refusal()
    expect(code).toBe('data_directory_in_use')
    expect(message).toContain(`process ${process.pid}`)
    expect((await open({ kind: 'command' })).besideServer).toBe(true)
  })

  test('a server waits for a command to end', async () => {
    const command = await open({ kind: 'command' })
    expect((await refusal()).code).toBe('data_directory_in_use')
    const server = open({ waitMs: 20_000 })
    await command.release()
    expect((await server).besideServer).toBe(false)
  })

  test('with the database elsewhere, servers share it', async () => {
    const [one, two] = await Promise.all([open({ exclusive: false }), open({ exclusive: false })])
    expect(one.masterKey).toEqual(two.masterKey)
  })

  test('a lock whose process was killed is taken over', async () => {
    const script = `
      import { openDataDirectory } from ${JSON.stringify(path.join(import.meta.dirname, 'data-directory.ts'))}
      await openDataDirectory({ directory: ${JSON.stringify(directory)}, masterKey: null, kind: 'server', exclusive: true })
      process.stdout.write('ready')
      setInterval(() => undefined, 1000)`
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await new Promise((resolve) => child.stdout.once('data', resolve))
    expect((await refusal()).message).toContain(`process ${child.pid}`)
    child.kill('SIGKILL')
    await waitUntil(() => !isRunning(child.pid ?? 0), 5000)
    expect((await open()).besideServer).toBe(false)
  })

  test('a lock whose number belongs to another process by now is taken over', async () => {
    const first = await open()
    const lock = path.join(directory, 'lock.json')
    const content = JSON.parse(await readFile(lock, 'utf8'))
    await writeFile(lock, JSON.stringify({ ...content, birth: '1' }))
    await open()
    await first.release()
    expect((await refusal()).code).toBe('data_directory_in_use')
  })

  test('of many at once, one gets it', async () => {
    await (await open()).release()
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => open()))
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
  })

  test('refuses what cannot be a directory', async () => {
    await writeFile(path.join(parent, 'file'), '')
    expect(await refusal({ directory: path.join(parent, 'file') })).toEqual({
      code: 'data_directory_unusable',
      message: `The data directory ${path.join(parent, 'file')} cannot be used: a file is in its place.`,
    })
    expect((await refusal({ directory: path.join(parent, 'file', 'below') })).code).toBe(
      'data_directory_unusable',
    )
    if (process.platform === 'linux')
      expect((await refusal({ directory: '/proc/backlot' })).code).toBe('data_directory_unusable')
  })

  test('refuses a directory with other things in it, and leaves it as it was', async () => {
    await writeFile(path.join(parent, 'diary.txt'), 'dear diary')
    expect((await refusal({ directory: parent })).code).toBe('data_directory_foreign')
    expect(await readdir(parent)).toEqual(['diary.txt'])
  })

  test.each([
    ['half a manifest', '{"format":', 'data_directory_corrupt'],
    ['a manifest of something else', '[]', 'data_directory_corrupt'],
    ['no format', '{"master_key_id":"x"}', 'data_directory_corrupt'],
    ['a newer format', '{"format":2,"unheard_of":true}', 'data_directory_newer'],
    ['another master key', '{"format":1,"master_key_id":"0123456789abcdef"}', 'master_key_wrong'],
  ])('refuses %s', async (_name, text, code) => {
    await (await open()).release()
    await writeFile(path.join(directory, 'backlot.json'), text)
    expect((await refusal()).code).toBe(code)
    await writeFile(path.join(directory, 'backlot.json'), text)
    expect((await refusal()).code).toBe(code)
  })

  test('refuses to start over when the key or the manifest is lost', async () => {
    await (await open()).release()
    await rm(path.join(directory, 'keys', 'master.key'))
    expect((await refusal()).code).toBe('master_key_missing')
    await mkdir(path.join(directory, 'postgres'))
    await rm(path.join(directory, 'backlot.json'))
    expect((await refusal()).code).toBe('data_directory_corrupt')
  })

  test('a given master key is used and never written', async () => {
    const masterKey = Buffer.alloc(32, 7)
    await (await open({ masterKey })).release()
    expect(await readdir(path.join(directory, 'keys'))).toEqual([])
    expect((await refusal({ masterKey: Buffer.alloc(32, 8) })).code).toBe('master_key_wrong')
    expect((await open({ masterKey })).masterKey).toEqual(masterKey)
  })
})
