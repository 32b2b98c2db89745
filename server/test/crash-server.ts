// The real program, but for a SIGKILL of itself at a step of a generation: `crash-server.ts STEP [NTH]`. For the tests
// that prove that a restart goes on from anywhere.
import { loadConfig } from '../src/config/index.ts'
import { type RunningServer, startServer } from '../src/main.ts'
import { createLog } from '../src/platform/log.ts'

const [step, nth = '1'] = process.argv.slice(2)
const { config, secrets } = loadConfig()
let count = 0
let server: RunningServer | undefined

server = await startServer({
  config,
  secrets,
  log: createLog({ level: 'warn', destination: process.stderr }),
  say: (line) => process.stdout.write(`${line}\n`),
  onLost: () => process.exit(1),
  reached(reached) {
    if (reached !== step) return
    count += 1
    if (count === Number(nth)) process.kill(process.pid, 'SIGKILL')
  },
})
process.once('SIGTERM', () => void server?.stop().then(() => process.exit(0)))
