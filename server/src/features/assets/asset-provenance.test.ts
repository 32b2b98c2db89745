import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AssetRow } from './asset.ts'
import { createProvenanceReader } from './asset-provenance.ts'
import type { AssetOptions } from './asset-room.ts'

let workDirectory: string
beforeAll(async () => {
  workDirectory = await mkdtemp(path.join(tmpdir(), 'backlot-provenance-'))
})
afterAll(() => rm(workDirectory, { recursive: true, force: true }))

const asset = (name: string) => ({ id: name, accountId: 'acc_1', sha256: name }) as AssetRow

function reader() {
  const seen = { copies: 0, atOnceMax: 0 }
  const options = {
    workDirectory,
    objects: {
      async copyToFile(_account: string, _key: string, target: string) {
        await writeFile(target, 'in the clear')
        seen.copies += 1
      },
    },
    media: {
      async readCredentials() {
        seen.atOnceMax = Math.max(seen.atOnceMax, (await readdir(workDirectory)).length)
        return { state: 'unavailable' as const }
      },
    },
  } as unknown as AssetOptions
  return { read: createProvenanceReader(options), seen }
}

test('however many are asked for at once, two lie in the clear at most, and none afterwards', async () => {
  const { read, seen } = reader()
  await Promise.all(Array.from({ length: 12 }, (_, index) => read(asset(`ast_${index}`))))
  expect(seen.copies).toBe(12)
  expect(seen.atOnceMax).toBeLessThanOrEqual(2)
  expect(await readdir(workDirectory)).toEqual([])
})

test('the same bytes asked for at the same time are read once', async () => {
  const { read, seen } = reader()
  const answers = await Promise.all([read(asset('ast_a')), read(asset('ast_a')), read(asset('ast_a'))])
  expect(answers.map((answer) => answer.state)).toEqual(['unavailable', 'unavailable', 'unavailable'])
  expect(seen.copies).toBe(1)
})
