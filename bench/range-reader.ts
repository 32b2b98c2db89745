// One process of readers for range-read.ts: `range-reader.ts ADDRESS FILE_BYTES RANGE_BYTES SLICE_MS READERS`. It uses
// the plain HTTP client, because that of `fetch` costs more than the server that is measured.
import { Agent, get } from 'node:http'

const [address = '', ...numbers] = process.argv.slice(2)
const [fileBytes = 0, rangeBytes = 0, sliceMs = 0, readers = 1] = numbers.map(Number)
const agent = new Agent({ keepAlive: true, maxSockets: readers })

function readRange(start: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { range: `bytes=${start}-${start + rangeBytes - 1}` }
    const request = get(address, { agent, headers }, (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      response.on('error', reject)
      response.on('end', () => {
        if (response.statusCode === 206 && bytes === rangeBytes) resolve(bytes)
        else reject(new Error(`answered with ${response.statusCode} and ${bytes} bytes`))
      })
    })
    request.on('error', reject)
  })
}

const begin = performance.now()
let bytes = 0
async function reader(): Promise<void> {
  while (performance.now() - begin < sliceMs)
    bytes += await readRange(Math.floor(Math.random() * (fileBytes - rangeBytes)))
}
await Promise.all(Array.from({ length: readers }, reader))
agent.destroy()
process.stdout.write(String(bytes / 1_000_000 / ((performance.now() - begin) / 1_000)))
