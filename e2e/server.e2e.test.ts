import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { findProcesses } from './processes.ts'
import { freePort, runBacklot, startServer, temporaryDataFolder } from './server.ts'

describe('the program as the tests run it', () => {
  test('starts on a free port, answers, and leaves no process and no data behind', async () => {
    const server = await startServer()
    try {
      expect((await fetch(`${server.origin}/healthz`)).status).toBe(200)
      expect((await fetch(`${server.origin}/readyz`)).status).toBe(200)
      // The program itself and its PostgreSQL, at least.
      expect((await server.processes()).length).toBeGreaterThan(2)
      expect(server.setupToken()).toBeNull()
      await server.stop()
      expect(await server.processes()).toEqual([])
      expect(existsSync(server.dataFolder)).toBe(false)
      await expect(fetch(`${server.origin}/healthz`)).rejects.toThrow()
    } finally {
      await server.dispose()
    }
  })

  test('what a crash leaves behind is found, and the next start takes it over', async () => {
    const dataFolder = await temporaryDataFolder()
    const first = await startServer({ dataFolder })
    await first.crash()
    expect((await first.processes()).join('\n')).toMatch(/postgres/)
    const second = await startServer({ dataFolder })
    try {
      expect((await fetch(`${second.origin}/readyz`)).status).toBe(200)
      await second.stop()
      expect(await first.processes()).toEqual([])
    } finally {
      await second.dispose()
      await first.dispose()
      await rm(dataFolder, { recursive: true, force: true })
    }
  })

  test('a start that fails says what the program printed', async () => {
    const port = await freePort()
    await expect(startServer({ port, environment: { LOG_LEVEL: 'shouting' } })).rejects.toThrow(/LOG_LEVEL/)
  })

  test('a command runs to its end', async () => {
    const { code, stdout } = await runBacklot(['--version'])
    expect({ code, stdout: stdout.trim() }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+/),
    })
  })
})

describe.runIf(process.platform === 'linux')('looking for processes', () => {
  test('one is found by its mark, by its folder or by its group, and by nothing else', async () => {
    const child = spawn('sleep', ['60'], {
      env: { ...process.env, E2E_MARK: 'abc' },
      cwd: '/usr',
      detached: true,
    })
    try {
      await once(child, 'spawn')
      const pid = child.pid ?? -1
      const nothing = { mark: 'none', folder: '/nowhere', group: -1 }
      const find = async (traces: Partial<typeof nothing>) =>
        (await findProcesses({ ...nothing, ...traces })).map((found) => found.pid)
      expect(await find({ mark: 'abc' })).toContain(pid)
      expect(await find({ folder: '/usr' })).toContain(pid)
      expect(await find({ group: pid })).toEqual([pid])
      expect(await find({ mark: 'ab', folder: '/us' })).not.toContain(pid)
    } finally {
      child.kill('SIGKILL')
    }
    await once(child, 'close')
    expect(await findProcesses({ mark: 'abc', folder: '/nowhere', group: child.pid ?? -1 })).toEqual([])
  })
})
