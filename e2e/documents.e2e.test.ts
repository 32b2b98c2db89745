import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningServer, repository, runBacklot, startServer } from './server.ts'

// What the documents tell a developer to type is typed here, word for word but for the address.
const run = promisify(execFile)
const account = 'you@example.org'
let server: RunningServer
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'backlot-documents-'))
  server = await startServer()
  const made = await runBacklot(
    ['operator', 'create', '--email', account, '--password', 'a long enough password'],
    {
      dataFolder: server.dataFolder,
    },
  )
  expect(made).toMatchObject({ code: 0 })
})

afterAll(async () => {
  await server?.stop().finally(() => server.dispose())
  await rm(folder, { recursive: true, force: true })
})

/** The code blocks of a document in one language. */
async function blocks(file: string, language: string): Promise<string[]> {
  const text = await readFile(path.join(repository, file), 'utf8')
  return [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)]
    .filter((match) => match[1] === language)
    .map((match) => (match[2] ?? '').replaceAll('http://localhost:8787', server.origin))
}

function environment(more: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, BACKLOT_DATA_DIR: server.dataFolder, ...more }
}

test('the first API call of the README is accepted, with its price held', async () => {
  const shell = await blocks('README.md', 'sh')
  const key = shell.find((block) => block.startsWith('KEY='))
  const call = shell.find((block) => block.startsWith('curl'))
  expect([key, call]).not.toContain(undefined)
  const { stdout } = await run('bash', ['-c', `set -e\n${key}\n${call}\necho; echo "$KEY"`], {
    cwd: repository,
    env: environment({}),
    timeout: 60_000,
  })
  const [answer = '', secret = ''] = stdout.trim().split('\n')
  const accepted = JSON.parse(answer) as { id: string }
  expect(accepted).toMatchObject({
    id: expect.stringMatching(/^gen_/),
    model: 'draft',
    seconds: 4,
    credits: { quoted: 4, held: 4, charged: 0 },
  })
  // So that the next test need not wait for a video that nobody looks at.
  const stopped = await fetch(`${server.origin}/v1/generations/${accepted.id}/cancel`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}` },
  })
  expect(stopped.status).toBe(200)
})

test('the program of the developers’ guide makes a video and saves it', async () => {
  const [program] = await blocks('docs/developers.md', 'js')
  await writeFile(path.join(folder, 'lighthouse.mjs'), program ?? '')
  const created = await runBacklot(['keys', 'create', '--account', account, '--name', 'guide', '--json'], {
    dataFolder: server.dataFolder,
  })
  const { key } = JSON.parse(created.stdout) as { key: string }
  const { stdout } = await run(process.execPath, ['lighthouse.mjs'], {
    cwd: folder,
    env: environment({ BACKLOT_KEY: key }),
    timeout: 100_000,
  })
  expect(stdout).toMatch(/^costs 4, leaves \d+$/m)
  const video = await readFile(path.join(folder, 'lighthouse.mp4'))
  expect(video.subarray(4, 8).toString()).toBe('ftyp')
})
