import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { SMTPServer } from 'smtp-server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts'
import { manualClock } from '../../platform/clock.ts'
import { createKeyring } from '../../platform/keyring/index.ts'
import { createLog, silentLog } from '../../platform/log.ts'
import { createSmtpTransport, type MailTransport } from '../../platform/mail/index.ts'
import { createNotices, type Notice } from './index.ts'

let database: TestDatabase
const closing: (() => Promise<void> | void)[] = []
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  await database.drop()
})

interface Received {
  to: string[]
  text: string
}

/** A real mail server on loopback. `answer` may refuse recipients. */
async function startMailServer(answer: (to: string) => number | null = () => null) {
  const received: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo(address, _session, callback) {
      const code = answer(address.address)
      callback(code === null ? null : Object.assign(new Error('refused'), { responseCode: code }))
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map((address) => address.address)
        received.push({ to, text: Buffer.concat(chunks).toString() })
        callback()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(() => resolve())))
  const { port } = server.server.address() as AddressInfo
  const transport = createSmtpTransport({
    host: '127.0.0.1',
    port,
    tls: 'none',
    user: null,
    password: null,
    from: 'Testlot <mail@testlot.example>',
  })
  closing.push(() => transport.close())
  return { received, transport }
}

function open(transport: MailTransport | null, log = silentLog) {
  const clock = manualClock(new Date('2026-11-20T12:00:00Z'))
  const { db } = database
  const keyring = createKeyring({ masterKey: randomBytes(32), keyId: 'test', db })
  const notices = createNotices({ db, keyring, clock, log, serviceName: 'Testlot', transport, keptDays: 7 })
  const queue = (notice: Partial<Notice> = {}) =>
    db.transaction((tx) =>
      notices.queue(tx, {
        to: 'ada@example.com',
        template: 'verify_email',
        values: { link: 'https://testlot.example/verify-email?token=secret-token' },
        at: clock.now(),
        ...notice,
      }),
    )
  const states = async () =>
    (
      await db.query<{ state: string; attempts: number }>('select state, attempts from mails order by id')
    ).map((row) => `${row.state} ${row.attempts}`)
  return { clock, notices, queue, states }
}

describe('notices', () => {
  it('go out through the mail server once, and are not kept', async () => {
    const { received, transport } = await startMailServer()
    const { clock, notices, queue, states } = open(transport)
    await queue()
    expect(await notices.deliverDue(clock.now())).toBe(1)
    expect(await notices.deliverDue(clock.now())).toBe(0)
    expect(received).toHaveLength(1)
    expect(received[0]?.to).toEqual(['ada@example.com'])
    expect(received[0]?.text).toMatch(/^Subject: Verify your e-mail address for Testlot/m)
    expect(received[0]?.text.replaceAll('=\r\n', '')).toContain('verify-email?token=3Dsecret-token')
    expect(await states()).toEqual(['sent 1'])
    expect(await database.db.query('select 1 from mails where sealed is not null')).toEqual([])
  })

  it('go out only when the transaction that queued them commits', async () => {
    const { received, transport } = await startMailServer()
    const { clock, notices } = open(transport)
    const failing = database.db.transaction(async (tx) => {
      await notices.queue(tx, {
        to: 'ada@example.com',
        template: 'verify_email',
        values: {},
        at: clock.now(),
      })
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    expect(await notices.deliverDue(clock.now())).toBe(0)
    expect(received).toEqual([])
  })

  it('are tried again with growing pauses while the server is away, and given up after eight times', async () => {
    const away = createSmtpTransport({
      host: '127.0.0.1',
      port: 9,
      tls: 'none',
      user: null,
      password: null,
      from: 'mail@testlot.example',
    })
    const { clock, notices, queue, states } = open(away)
    await queue()
    const pauses: number[] = []
    let waited = 0
    for (let minute = 0; minute < 300; minute += 1) {
      if ((await notices.deliverDue(clock.now())) === 1) {
        pauses.push(waited)
        waited = 0
      }
      clock.advance(60_000)
      waited += 1
    }
    expect(pauses).toEqual([0, 1, 2, 4, 8, 16, 32, 64])
    expect(await states()).toEqual(['failed 8'])
    // The operator can still read it.
    expect((await notices.listUnsent({ limit: 10 })).data).toHaveLength(1)
  })

  it('are not tried again when the server refuses for good; one bad address stops nobody', async () => {
    const { received, transport } = await startMailServer((to) => (to.startsWith('gone') ? 550 : null))
    const { clock, notices, queue, states } = open(transport)
    await queue({ to: 'gone@example.com', at: new Date(clock.now().getTime() - 1000) })
    await queue()
    await notices.deliverDue(clock.now())
    expect(await states()).toEqual(['failed 1', 'sent 1'])
    expect(received.map((mail) => mail.to)).toEqual([['ada@example.com']])
  })

  it('are sent once by several workers', async () => {
    const { received, transport } = await startMailServer()
    const { clock, notices, queue } = open(transport)
    for (let index = 0; index < 5; index += 1) await queue({ to: `p${index}@example.com` })
    await Promise.all([1, 2, 3, 4].map(() => notices.deliverDue(clock.now())))
    expect(received.map((mail) => mail.to[0]).sort()).toEqual(
      [0, 1, 2, 3, 4].map((index) => `p${index}@example.com`),
    )
  })

  it('without a mail server: the link stands in the log, the mail sealed for the operator, for seven days', async () => {
    const lines: string[] = []
    const destination = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(chunk.toString())
        done()
      },
    })
    const { clock, notices, queue, states } = open(null, createLog({ level: 'info', destination }))
    await queue()
    await queue({ template: 'password_changed', values: { at: clock.now().toISOString() } })
    expect(lines.join('')).toContain('https://testlot.example/verify-email?token=secret-token')
    expect(lines.join('')).not.toContain('ada@example.com')
    expect(await states()).toEqual(['unsent 0', 'unsent 0'])
    expect(await notices.deliverDue(clock.now())).toBe(0)

    const [first] = (await notices.listUnsent({ limit: 1 })).data
    const page = await notices.listUnsent({ limit: 1, after: first?.id })
    expect([first, ...page.data].map((mail) => mail?.to)).toEqual(['ada@example.com', 'ada@example.com'])
    expect(page.next).toBeNull()
    const rows = await database.db.query<{ sealed: Buffer }>('select sealed from mails')
    expect(rows.some((row) => row.sealed.includes('secret-token'))).toBe(false)

    clock.advance(6 * 86_400_000)
    expect(await notices.sweep(clock.now())).toBe(0)
    clock.advance(2 * 86_400_000)
    expect(await notices.sweep(clock.now())).toBe(2)
  })
})
