import { existsSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const repository = path.join(import.meta.dirname, '..', '..')
const read = (file: string) => readFile(path.join(repository, file), 'utf8')

const documents: string[] = []
for await (const file of glob(['*.md', 'docs/**/*.md', 'server/src/**/README.md'], { cwd: repository }))
  documents.push(file)

describe.each(documents.sort())('%s', (file) => {
  test('links to what exists', async () => {
    const text = await read(file)
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '')
    const broken = links
      .filter((link) => !/^(https?:|mailto:|#)/.test(link))
      .filter((link) => !existsSync(path.join(repository, path.dirname(file), link.replace(/#.*$/, ''))))
    expect(broken).toEqual([])
  })
})

test('the README repeats the configuration word for word', async () => {
  const reference = (await read('docs/configuration.md')).split('\n')
  const rows = (await read('README.md')).split('\n').filter((line) => /^\| `[A-Z_]+`/.test(line))
  expect(rows.length).toBeGreaterThan(4)
  expect(reference).toEqual(expect.arrayContaining(rows))
})

test('every decision has its number, and the four parts', async () => {
  const files = documents.filter((file) => file.startsWith('docs/decisions/'))
  const numbers = files.map((file) => path.basename(file).slice(0, 4))
  expect(numbers).toEqual(numbers.map((_, index) => String(index + 1).padStart(4, '0')))
  for (const file of files) {
    const text = await read(file)
    expect(text, file).toMatch(new RegExp(`^# ${path.basename(file).slice(0, 4)} `))
    expect([...text.matchAll(/^## (\w+)$/gm)].map((match) => match[1])).toEqual([
      'Context',
      'Decision',
      'Alternatives',
      'Consequences',
    ])
  }
})

test('scripts that the documents name exist', async () => {
  const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> }
  const named = new Set<string>()
  for (const file of documents) {
    for (const [, name = ''] of (await read(file)).matchAll(/\bnpm run ([a-z][a-z:]*)/g)) named.add(name)
  }
  expect(named.size).toBeGreaterThan(3)
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining([...named]))
})

test('the default profile is where the documents say, and is readable', async () => {
  expect(parse(await read('profiles/default.yaml'))).toHaveProperty('contacts')
})
