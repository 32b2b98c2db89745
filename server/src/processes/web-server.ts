import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { StartupError } from '../platform/startup-error.ts'

export interface WebServer {
  readonly port: number
  /**
   * Accepts nothing new, waits until what is under way has been answered, and closes the rest after `graceMs`.
   */
  drain(graceMs: number): Promise<void>
}

export type Fetch = (request: Request, bindings?: unknown) => Response | Promise<Response>

// A large upload over a slow line takes long; a client that sends its headers slowly is cut off after a minute.
const requestTimeoutMs = 60 * 60_000
const keepAliveTimeoutMs = 65_000
// A connection over which nothing moves, in neither direction: an upload that stalled, a download that nobody takes.
// Without it they hold a file each for ever. Live updates say something every 15 seconds.
const idleTimeoutMs = 5 * 60_000

/**
 * Finds out early whether the address can be listened on, before anything slow is started.
 *
 * @throws StartupError in one sentence: taken, not ours, not allowed
 */
export async function reserveAddress(host: string, port: number): Promise<number> {
  const server = createServer()
  const reserved = await listen(server, host, port)
  await new Promise((resolve) => server.close(resolve))
  return reserved
}

/** Listens and answers with `fetch`. @throws StartupError as `reserveAddress` */
export async function startWebServer(options: {
  host: string
  port: number
  fetch: Fetch
  /** Default: five minutes. */
  idleTimeoutMs?: number
}): Promise<WebServer> {
  const underWay = new Set<ServerResponse>()
  let draining = false
  const answer = getRequestListener(options.fetch)
  const server = createServer(
    { requestTimeout: requestTimeoutMs, keepAliveTimeout: keepAliveTimeoutMs },
    (request: IncomingMessage, response: ServerResponse) => {
      underWay.add(response)
      response.once('close', () => underWay.delete(response))
      // The client must not send its next request down a connection that is about to close.
      if (draining) response.setHeader('Connection', 'close')
      void answer(request, response)
    },
  )
  server.setTimeout(options.idleTimeoutMs ?? idleTimeoutMs)
  const port = await listen(server, options.host, options.port)
  return {
    port,
    async drain(graceMs) {
      draining = true
      for (const response of underWay) if (!response.headersSent) response.setHeader('Connection', 'close')
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), graceMs)
      // A connection whose answer had begun before stays open for its next request; it is closed once it is idle.
      const idle = setInterval(() => server.closeIdleConnections(), 50)
      await closed
      clearTimeout(timer)
      clearInterval(idle)
    },
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new StartupError(
          'address_unusable',
          `Backlot cannot listen on ${shown(host, port)}: ${reason(error)}.`,
          {
            cause: error,
          },
        ),
      )
    })
    server.listen({ host, port }, () => resolve((server.address() as AddressInfo).port))
  })
}

function shown(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

function reason(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return 'the port is taken by another program; stop it, or set PORT to another one'
    case 'EADDRNOTAVAIL':
      return 'this machine does not have that address; set BACKLOT_HOST to one that it has, such as 127.0.0.1 or 0.0.0.0'
    case 'EACCES':
      return 'this user may not use that port; set PORT to one above 1023'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'that name has no address; set BACKLOT_HOST to an IP address'
    default:
      return error.message
  }
}
