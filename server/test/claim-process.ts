// One process of a line under load: claims starts, holds them for a moment, ends them, until nothing is left. It notes
// the lane's counter each time, which must never pass its cap. Started by line.int.test.ts with a database's address.

import { lockClaimed, updateEnded } from '../src/features/generations/generation-store.ts'
import { claimStarts, leaveLine } from '../src/features/generations/line-store.ts'
import { openDatabase } from '../src/platform/db/index.ts'
import { silentLog } from '../src/platform/log.ts'

const [url = '', lane = '', worker = ''] = process.argv.slice(2)
const db = openDatabase({ url, log: silentLog, connectionsMax: 3 })
let most = 0
let ended = 0
let empty = 0

while (empty < 20) {
  const now = new Date()
  const claims = await claimStarts(db, {
    lane,
    worker,
    limit: 5,
    now,
    leaseMs: 60_000,
    deadline: new Date(now.getTime() + 60_000),
  })
  const [row] = await db.query<{ busy: number }>(
    `select count(*) as busy from generations where lane = $1 and line_state in ('leased', 'waiting')`,
    [lane],
  )
  most = Math.max(most, row?.busy ?? 0)
  empty = claims.length === 0 ? empty + 1 : 0
  for (const claim of claims) {
    await db.transaction(async (tx) => {
      const generation = await lockClaimed(tx, claim)
      if (!generation) return
      await updateEnded(tx, claim, { state: 'canceled', charged: 0, fault: null, at: new Date() })
      await leaveLine(tx, claim.accountId, lane, generation.lineState)
      ended += 1
    })
  }
}
await db.close()
process.stdout.write(JSON.stringify({ most, ended }))
