import { AppError } from '../app-error.ts'
import type { Database } from '../db/index.ts'
import type { Api } from '../http/index.ts'
import type { EventFeed } from './event-feed.ts'
import { type EventPosition, parsePosition, selectEvents, selectHead } from './event-store.ts'

const batch = 200
const keepAliveMs = 15_000
// A connection ends itself now and then; browsers come back with Last-Event-ID, and a forgotten one does not stay.
const connectionMaxMs = 30 * 60_000
const connectionsPerAccountMax = 20
// What may wait for a client that reads slowly; the rest stays in the outbox until it has caught up.
const unreadBytesMax = 256 * 1024
const streamHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
}

/** `GET /v1/events`: the account's outbox as server-sent events, resumable with `Last-Event-ID`. */
export function eventRoutes(
  api: Api,
  options: {
    db: Database
    feed: EventFeed
    stillAllowed: (request: Request, address: string) => Promise<boolean>
  },
): { closeAll(): void } {
  const open = new Map<string, Set<() => void>>()

  api.route(
    {
      method: 'get',
      path: '/v1/events',
      access: 'account',
      scope: 'generations:read',
      summary: 'Live changes of this account, as server-sent events',
    },
    async ({ identity, context, clientAddress, signal }) => {
      const { accountId } = identity
      // A HEAD is routed here too, and nobody would ever read that stream, nor end it.
      if (context.req.method === 'HEAD') return new Response(null, { headers: streamHeaders })
      const connections = open.get(accountId) ?? new Set()
      if (connections.size >= connectionsPerAccountMax) {
        throw new AppError('too_many_attempts', 'Too many live connections are open; close one first.', {
          retryAfterSeconds: 30,
        })
      }
      let finish: () => void = () => undefined
      const place = () => finish()
      // Taken before the first wait, so that many at once count each other.
      connections.add(place)
      open.set(accountId, connections)
      const leave = () => {
        connections.delete(place)
        if (connections.size === 0) open.delete(accountId)
      }
      const asked = context.req.header('last-event-id') ?? context.req.query('after')
      let position: EventPosition
      try {
        position = (asked && parsePosition(asked)) || (await selectHead(options.db))
      } catch (error) {
        leave()
        throw error
      }
      const encoder = new TextEncoder()
      let resume: () => void = () => undefined

      const strategy = new ByteLengthQueuingStrategy({ highWaterMark: unreadBytesMax })
      const stream = new ReadableStream<Uint8Array>(
        {
          start(controller) {
            let pumping = false
            let stalled = false
            let pending = true
            let closed = false

            async function pump(): Promise<void> {
              pending = true
              if (pumping || closed) return
              pumping = true
              try {
                while (pending && !closed) {
                  if ((controller.desiredSize ?? 0) <= 0) {
                    stalled = true
                    return
                  }
                  pending = false
                  const events = await selectEvents(options.db, position, { accountId, limit: batch })
                  for (const event of events) {
                    if (closed) return
                    const data = {
                      id: event.id,
                      type: event.type,
                      subject_id: event.subject_id,
                      at: event.at,
                    }
                    controller.enqueue(
                      encoder.encode(
                        `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(data)}\n\n`,
                      ),
                    )
                    position = event.position
                  }
                  if (events.length === batch) pending = true
                }
              } catch {
                finish()
              } finally {
                pumping = false
              }
            }

            resume = () => {
              if (!stalled) return
              stalled = false
              void pump()
            }
            const unwatch = options.feed.watch(accountId, () => void pump())
            const keepAlive = setInterval(async () => {
              if (closed) return
              controller.enqueue(encoder.encode(': still here\n\n'))
              // A session that was ended, or an account that was suspended, hears nothing more.
              const allowed = await options.stillAllowed(context.req.raw, clientAddress).catch(() => false)
              if (!allowed) finish()
            }, keepAliveMs)
            const lifetime = setTimeout(() => finish(), connectionMaxMs)

            finish = () => {
              if (closed) return
              closed = true
              unwatch()
              clearInterval(keepAlive)
              clearTimeout(lifetime)
              leave()
              try {
                controller.close()
              } catch {
                // The other side closed it first.
              }
            }
            signal.addEventListener('abort', finish, { once: true })
            controller.enqueue(encoder.encode('retry: 2000\n\n'))
            void pump()
          },
          pull: () => resume(),
          cancel: () => finish(),
        },
        strategy,
      )
      return new Response(stream, { headers: streamHeaders })
    },
  )

  return {
    closeAll() {
      for (const connections of open.values()) for (const finish of [...connections]) finish()
    },
  }
}
