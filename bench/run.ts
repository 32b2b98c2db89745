// npm run bench [name ...]: measures and writes bench/RESULTS.md. Named ones are measured and printed only.
import { writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { measureAcceptRate } from './accept-rate.ts'
import { type BenchDatabases, startDatabases } from './database.ts'
import { measureDraftRender } from './draft-render.ts'
import { measureFairness } from './fairness.ts'
import type { Result } from './figures.ts'
import { measureRangeRead } from './range-read.ts'
import { measureStartLatency } from './start-latency.ts'

const benchmarks: Record<string, (databases: BenchDatabases) => Promise<Result>> = {
  fairness: measureFairness,
  'accept-rate': measureAcceptRate,
  'start-latency': measureStartLatency,
  'draft-render': measureDraftRender,
  'range-read': measureRangeRead,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in benchmarks))
if (unknown.length > 0) {
  console.error(
    `There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}.`,
  )
  process.exit(1)
}

const begin = performance.now()
const [loadBefore = 0] = os.loadavg()
const databases = await startDatabases()
const results: Result[] = []
try {
  for (const [name, measure] of Object.entries(benchmarks)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    console.error(`${name} …`)
    const result = await measure(databases)
    results.push(result)
    console.log(section(result))
  }
} finally {
  await databases.close()
}
if (wanted.length === 0) await writeFile(path.join(import.meta.dirname, 'RESULTS.md'), document(results))
process.exitCode = results.some((result) => result.aim && !result.aim.isMet) ? 1 : 0

function document(all: readonly Result[]): string {
  const seconds = Math.round((performance.now() - begin) / 1_000)
  const processors = os.cpus()
  const memoryGb = (os.totalmem() / 2 ** 30).toFixed(1)
  const facts = [
    `- ${new Date().toISOString().slice(0, 10)}, ${seconds} s in all, written by \`npm run bench\``,
    `- ${processors.length} × ${processors[0]?.model.trim() || 'processor of unknown make'}, ${memoryGb} GB, ${os.type()} ${os.arch()}`,
    `- Node ${process.version}, the PostgreSQL that comes with Backlot, on the same machine and disk`,
    `- load average before the run ${loadBefore.toFixed(1)}: what else ran slows everything down, so trust ratios of what was measured in turn rather than times`,
  ]
  return `# Benchmarks\n\n${facts.join('\n')}\n\n${all.map(section).join('\n')}`
}

function section({ title, command, about, rows, aim, notes }: Result): string {
  const [head = [], ...body] = rows
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const table = [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n')
  const verdict = aim ? `\nAim: ${aim.text}: **${aim.isMet ? 'met' : 'missed'}**.\n` : ''
  const remarks = notes.length > 0 ? `\n${notes.map((note) => `- ${note}`).join('\n')}\n` : ''
  return `## ${title}\n\n\`${command}\`\n\n${about}\n\n${table}\n${verdict}${remarks}`
}
