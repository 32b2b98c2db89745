import { afterEach, expect, test } from 'vitest'
import { until } from '../../../test/until.ts'
import type { Database } from '../db/index.ts'
import { createApi } from '../http/index.ts'
import { silentLog } from '../log.ts'
import { eventRoutes } from './event-routes.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** An outbox of `count` events of one account, counted from 1. */
function lot(count = 0) {
  const watching = new Set<string>()
  let served = 0
  const db = {
    async query(text: string, values: readonly unknown[] = []) {
      if (!text.includes('from events')) return [{ transaction_id: '1' }]
      const after = values[1] === '0' ? Number(values[2]) : count
      const rows = Array.from({ length: Math.min(Number(values[3]), count - after) }, (_, index) => ({
        transaction_id: '0',
        id: after + index + 1,
        account_id: 'acc_1',
        type: 'generation.queued',
        subject_id: 'gen_1',
        at: new Date(0),
      }))
      served += rows.length
      return rows
    },
  } as unknown as Database
  const api = createApi({
    log: silentLog,
    authenticate: async () => ({
      kind: 'session',
      userId: 'usr_1',
      accountId: 'acc_1',
      role: 'creator',
      sessionId: 'ses_1',
      keyId: null,
      scopes: [],
    }),
    publicOrigin: 'http://localhost',
    trustedProxies: [],
    socketAddress: () => '127.0.0.1',
  })
  const feed = {
    watch(accountId: string) {
      watching.add(accountId)
      return () => watching.delete(accountId)
    },
    close() {},
  }
  const streams = eventRoutes(api, { db, feed, stillAllowed: async () => true })
  closers.push(streams.closeAll)
  return {
    watching,
    served: () => served,
    ask: async (method = 'GET', path = '/v1/events') => api.app.request(path, { method }),
  }
}

test('thirty at the same time are twenty, and one that ends makes room', async () => {
  const { ask, watching } = lot()
  const answers = await Promise.all(Array.from({ length: 30 }, () => ask()))
  const taken = answers.filter((answer) => answer.status === 200)
  expect(taken).toHaveLength(20)
  expect((await ask()).status).toBe(429)
  await taken[0]?.body?.cancel()
  expect((await ask()).status).toBe(200)
  expect(watching.size).toBe(1)
})

test('a HEAD opens no stream that nobody will ever end', async () => {
  const { ask, watching } = lot()
  for (let asked = 0; asked < 25; asked += 1) expect((await ask('HEAD')).status).toBe(200)
  expect(watching.size).toBe(0)
})

test('a client that reads nothing is not sent the whole outbox; one that reads gets all of it', async () => {
  const count = 20_000
  const { ask, served } = lot(count)
  const answer = await ask('GET', '/v1/events?after=0.0')
  const reader = answer.body?.pipeThrough<string>(new TextDecoderStream()).getReader()
  let last = (await reader?.read())?.value ?? ''
  let got = 0
  // It stops by itself: nothing is fetched between two looks any more.
  let before = -1
  await until(async () => {
    const still = served() === before
    before = served()
    await new Promise((resolve) => setImmediate(resolve))
    return still
  }, 'the outbox to wait')
  expect(served()).toBeLessThan(count / 2)
  while (!last.startsWith(`id: 0.${count}\n`)) {
    last = (await reader?.read())?.value ?? ''
    got += 1
  }
  expect(got).toBe(count)
  await reader?.cancel()
})
