import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { environment } from '../../server/src/config/environment.ts'
import { copyOf, readDockerfile, stagesOf } from './dockerfile.ts'

// There may be no container engine where the tests run; what can be wrong without one is checked here.
const repository = path.join(import.meta.dirname, '..', '..')
const read = (file: string) => readFile(path.join(repository, file), 'utf8')

describe('the image', async () => {
  const instructions = readDockerfile(await read('deploy/Dockerfile'))
  const stages = stagesOf(instructions)
  const last = stages.at(-1)

  test('every stage starts from Debian with a pinned major version', () => {
    expect(stages.length).toBeGreaterThan(1)
    for (const stage of stages) expect(stage.image).toMatch(/^node:24[\w.]*-bookworm-slim$/)
  })

  test('copies only what exists, here or in an earlier stage', () => {
    stages.forEach((stage, place) => {
      for (const instruction of stage.instructions.filter((each) => each.name === 'COPY')) {
        const { from, sources } = copyOf(instruction)
        expect(sources.length).toBeGreaterThan(0)
        if (from) expect(stages.slice(0, place).map((each) => each.name)).toContain(from)
        else
          for (const source of sources) expect(existsSync(path.join(repository, source)), source).toBe(true)
      }
    })
  })

  test('knows every workspace before it installs, or npm ci would call the lockfile out of date', async () => {
    const { workspaces } = JSON.parse(await read('package.json')) as { workspaces: string[] }
    for (const stage of stages.slice(0, -1)) {
      const install = stage.instructions.findIndex((each) => each.words.join(' ').startsWith('npm ci'))
      const copied = stage.instructions
        .slice(0, install)
        .filter((each) => each.name === 'COPY')
        .flatMap((each) => copyOf(each).sources)
      expect(copied).toEqual(expect.arrayContaining(workspaces.map((name) => `${name}/package.json`)))
      expect(copied).toEqual(expect.arrayContaining(['package.json', 'package-lock.json', '.npmrc']))
    }
  })

  test('never leaves out optional packages: the media binaries are among them', () => {
    const commands = instructions.filter((each) => each.name === 'RUN').map((each) => each.words.join(' '))
    expect(commands.join('\n')).not.toMatch(/--omit[= ]optional/)
  })

  test('runs as somebody who may do little, under an init, with a health check', () => {
    const byName = (name: string) => last?.instructions.filter((each) => each.name === name) ?? []
    expect(byName('USER').at(-1)?.words).toEqual(['backlot'])
    expect(byName('ENTRYPOINT').at(-1)?.words.join(' ')).toContain('tini')
    expect(byName('HEALTHCHECK').at(-1)?.words.join(' ')).toContain('/readyz')
    expect(byName('CMD').at(-1)?.words.join(' ')).toBe('["node", "server/bin/backlot.js", "start"]')
    expect(existsSync(path.join(repository, 'server/bin/backlot.js'))).toBe(true)
  })

  test('sets only what the configuration knows', () => {
    const set = last?.instructions.filter((each) => each.name === 'ENV').flatMap((each) => each.words) ?? []
    const names = set.map((word) => word.split('=')[0] ?? '').filter((name) => name !== 'NODE_ENV')
    expect(names.length).toBeGreaterThan(0)
    for (const name of names) expect(Object.keys(environment.shape)).toContain(name)
  })
})

interface ComposeFile {
  services: Record<string, ComposeService>
  volumes: Record<string, unknown>
}

interface ComposeService {
  image: string
  build?: { context: string; dockerfile: string }
  profiles?: string[]
  environment?: Record<string, string>
  volumes?: string[]
  ports?: string[]
  depends_on?: Record<string, { condition: string }>
  healthcheck?: unknown
}

describe('the compose file', async () => {
  const compose = parse(await read('deploy/compose.yaml')) as ComposeFile
  const services = Object.entries(compose.services)

  test('has Backlot, PostgreSQL and an S3 server, of which the last starts only when asked for', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['backlot', 'postgres', 's3'])
    expect(compose.services['postgres']?.image).toMatch(/^postgres:18(-|$)/)
    expect(services.filter(([, service]) => service.profiles).map(([name]) => name)).toEqual(['s3'])
  })

  test('pins its images and keeps its ports on this machine', () => {
    for (const [name, service] of services) {
      expect(service.image, name).toMatch(/^[\w./-]+:(?!latest)[\w.-]+$/)
      for (const port of service.ports ?? []) expect(port, name).toMatch(/^127\.0\.0\.1:/)
    }
  })

  test('names only volumes, services and files that exist', () => {
    for (const [name, service] of services) {
      for (const volume of service.volumes ?? []) {
        expect(Object.keys(compose.volumes), name).toContain(volume.split(':')[0])
      }
      for (const [needed, { condition }] of Object.entries(service.depends_on ?? {})) {
        if (condition === 'service_healthy') expect(compose.services[needed]?.healthcheck).toBeDefined()
      }
      if (service.build) {
        const context = path.join(repository, 'deploy', service.build.context)
        expect(existsSync(path.join(context, service.build.dockerfile))).toBe(true)
      }
    }
  })

  test('holds no password and sets only what the configuration knows', async () => {
    const settings = compose.services['backlot']?.environment ?? {}
    for (const name of Object.keys(settings)) expect(Object.keys(environment.shape)).toContain(name)
    expect(settings['DATABASE_URL']).toMatch(/^postgres:\/\/backlot:\$\{POSTGRES_PASSWORD:\?/)
    expect(compose.services['postgres']?.environment?.['POSTGRES_PASSWORD']).toMatch(
      /^\$\{POSTGRES_PASSWORD:\?/,
    )
  })
})

test('the reader of Dockerfiles joins lines and skips comments', () => {
  const text = '# syntax\nFROM a:1 AS one\nRUN x \\\n  # why\n  && y\nCOPY --from=one a b /c\n'
  const instructions = readDockerfile(text)
  expect(instructions).toEqual([
    { name: 'FROM', words: ['a:1', 'AS', 'one'], line: 2 },
    { name: 'RUN', words: ['x', '&&', 'y'], line: 3 },
    { name: 'COPY', words: ['--from=one', 'a', 'b', '/c'], line: 6 },
  ])
  expect(instructions.slice(-1).map(copyOf)).toEqual([{ from: 'one', sources: ['a', 'b'] }])
})
