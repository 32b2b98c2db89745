import { afterAll, beforeAll, expect, test } from 'vitest'
import { tryBodies } from './bad-input/bodies.ts'
import { tryEveryRoute } from './bad-input/every-route.ts'
import { tryGenerations } from './bad-input/generations.ts'
import { tryMediaAddresses } from './bad-input/media-addresses.ts'
import { before, closeSite, count, generation, key, openSite, server } from './bad-input/site.ts'
import { tryUploads } from './bad-input/uploads.ts'
import { client, succeed } from './operator.ts'

beforeAll(openSite)
afterAll(closeSite)

tryGenerations()
tryBodies()
tryEveryRoute()
tryMediaAddresses()
tryUploads()

test('afterwards nothing was written, nothing charged, and the server is well', async () => {
  expect(await count()).toEqual(before)
  const balance = await client(server, key).credits()
  const granted = balance.grants.reduce((sum, grant) => sum + grant.amount, 0)
  expect(balance).toMatchObject({ held: 0, available: granted - generation.credits.charged })
  expect((await fetch(`${server.origin}/readyz`)).status).toBe(200)
  expect(server.output()).not.toMatch(/failed unexpectedly/)
  await succeed(['ledger', 'verify'], server.dataFolder)
})
