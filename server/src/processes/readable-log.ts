import { Writable } from 'node:stream'

const colours: Record<string, string> = { warn: '\u001b[33m', error: '\u001b[31m', fatal: '\u001b[31m' }

/** Turns the structured log into lines for a person at a terminal: time, words, then what belongs to them. */
export function readableLog(output: NodeJS.WritableStream): NodeJS.WritableStream {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString('utf8').split('\n'))
        if (line !== '') output.write(`${readableLine(line)}\n`)
      done()
    },
  })
}

export function readableLine(line: string): string {
  let entry: Record<string, unknown>
  try {
    entry = JSON.parse(line) as Record<string, unknown>
  } catch {
    return line
  }
  const { time, level, msg, ...rest } = entry
  const colour = colours[String(level)]
  const facts = Object.entries(rest)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
  const text = `${String(time).slice(11, 19)} ${String(msg ?? level)}`
  return `${colour ? `${colour}${text}\u001b[39m` : text}${facts === '' ? '' : ` \u001b[2m${facts}\u001b[22m`}`
}
