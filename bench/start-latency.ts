// From accepted to the provider's start when nothing else is going on.
import type { BenchDatabases } from './database.ts'
import { ms, percentile, type Result } from './figures.ts'
import { openLot } from './studio-lot.ts'

const samples = 150

export async function measureStartLatency(databases: BenchDatabases): Promise<Result> {
  const lot = await openLot(databases, { slots: 8, simultaneousMax: 4, runMs: 1 })
  const who = await lot.world.account(100_000)
  const worker = lot.world.worker()
  await worker.start()
  const spans: number[] = []
  for (let sample = -5; sample < samples; sample += 1) {
    const one = await lot.watchOne(who)
    if (sample >= 0) spans.push(one.startedMs - one.acceptedMs)
    // At another moment of the worker's own rhythm each time.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 40))
  }
  await worker.stop(5_000)
  await lot.close()
  return {
    title: 'Accepted to provider start, at idle',
    command: 'npm run bench start-latency',
    about: `One generation at a time, ${samples} times, one worker in the process that accepts. From the commit that accepts it to the call of the provider.`,
    rows: [
      ['p50', 'p90', 'p99', 'longest'],
      [0.5, 0.9, 0.99, 1].map((share) => ms(percentile(spans, share))),
    ],
    aim: null,
    notes: [],
  }
}
