// Generations accepted per second, beside plain transactions of four statements over the same driver.
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import type { TestDatabase } from '../server/test/database.ts'
import type { BenchDatabases } from './database.ts'
import { median, type Result, ratio } from './figures.ts'
import { openLot } from './studio-lot.ts'

const clients = 8
const sliceMs = 1_500
const rounds = 4
const accounts = 20

export async function measureAcceptRate(databases: BenchDatabases): Promise<Result> {
  const lot = await openLot(databases, { slots: 4, simultaneousMax: 4, runMs: 1 })
  const plain = await databases.create()
  await prepare(plain)
  const people = await Promise.all(Array.from({ length: accounts }, () => lot.world.account(1_000_000)))

  const accept = (client: number, turn: number) =>
    lot.world.generations.create(
      people[(client + turn * clients) % accounts] ?? { accountId: '', userId: '' },
      lot.world.request(),
      null,
    )
  const transact = () =>
    plain.db.transaction(async (tx) => {
      const account = 1 + Math.floor(Math.random() * 10_000)
      const delta = Math.floor(Math.random() * 1_000)
      await tx.query('update bench_accounts set balance = balance + $1 where id = $2', [delta, account], 'b1')
      await tx.query('select balance from bench_accounts where id = $1', [account], 'b2')
      await tx.query(
        'update bench_tellers set balance = balance + $1 where id = $2',
        [delta, account % 100],
        'b3',
      )
      await tx.query(
        'insert into bench_history (account, delta, at) values ($1, $2, now())',
        [account, delta],
        'b4',
      )
    })
  const rates: { accept: number[]; transact: number[]; pgbench: number[] } = {
    accept: [],
    transact: [],
    pgbench: [],
  }
  await slice(accept)
  await slice(transact)
  for (let round = 0; round < rounds; round += 1) {
    rates.accept.push(await slice(accept))
    rates.transact.push(await slice(transact))
    const rate = await pgbench(plain, databases.directory)
    if (rate !== null) rates.pgbench.push(rate)
  }
  await lot.close()
  await plain.drop()

  const accepted = median(rates.accept)
  const transactions = median(rates.transact)
  const row = (name: string, rate: number) => [name, `${Math.round(rate)} /s`, ratio(accepted / rate)]
  return {
    title: 'Accepted generations per second',
    command: 'npm run bench accept-rate',
    about: `${clients} clients at once, ${accounts} accounts, slices of ${sliceMs} ms in turn, ${rounds} each; medians. Accepting is the whole of it: quote, screening stub, sealing, hold, row, place in the line, log entry, events, commit to the disk, and reading the answer back.`,
    rows: [
      ['what', 'rate', 'accepted ÷ this'],
      row('generations accepted', accepted),
      row('transactions of four statements, same driver', transactions),
      ...(rates.pgbench.length > 0
        ? [row('the same four statements by pgbench', median(rates.pgbench))]
        : []),
    ],
    aim: null,
    notes:
      rates.pgbench.length > 0
        ? ['The pgbench of this machine was found and used; the embedded PostgreSQL brings none.']
        : ['There is no pgbench on this machine, and the embedded PostgreSQL brings none.'],
  }
}

/** Runs `work` with all clients for one slice. @returns completions per second */
async function slice(work: (client: number, turn: number) => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  let done = 0
  const run = async (_: unknown, client: number) => {
    for (let turn = 0; performance.now() - begin < sliceMs; turn += 1) {
      await work(client, turn)
      done += 1
    }
  }
  await Promise.all(Array.from({ length: clients }, run))
  return done / ((performance.now() - begin) / 1_000)
}

async function prepare({ db }: TestDatabase): Promise<void> {
  await db.query('create table bench_accounts (id integer primary key, balance bigint not null)')
  await db.query('create table bench_tellers (id integer primary key, balance bigint not null)')
  await db.query('create table bench_history (account integer, delta integer, at timestamptz)')
  await db.query('insert into bench_accounts select one, 0 from generate_series(1, 10000) one')
  await db.query('insert into bench_tellers select one, 0 from generate_series(0, 99) one')
}

async function pgbench({ url }: TestDatabase, directory: string): Promise<number | null> {
  const script = path.join(directory, 'four-statements.sql')
  await writeFile(
    script,
    `\\set account random(1, 10000)
\\set teller random(0, 99)
\\set delta random(0, 999)
begin;
update bench_accounts set balance = balance + :delta where id = :account;
select balance from bench_accounts where id = :account;
update bench_tellers set balance = balance + :delta where id = :teller;
insert into bench_history (account, delta, at) values (:account, :delta, now());
commit;
`,
  )
  const flags = ['-n', '-M', 'prepared', '-c', String(clients), '-j', '1', '-T', '2', '-f', script, url]
  const { stdout } = await promisify(execFile)('pgbench', flags, { timeout: 20_000 }).catch(() => ({
    stdout: '',
  }))
  const rate = Number(/tps = ([\d.]+)/.exec(stdout)?.[1])
  return Number.isFinite(rate) ? rate : null
}
