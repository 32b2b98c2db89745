import type { Config, Secrets } from './config/index.ts'
import type { Accounts } from './features/accounts/index.ts'
import type { Credits } from './features/credits/index.ts'
import type { Models } from './features/models/index.ts'
import type { Profile } from './features/policy/index.ts'
import type { Records } from './features/records/index.ts'
import type { Clock } from './platform/clock.ts'
import type { DataDirectory } from './platform/data-directory.ts'
import type { Database } from './platform/db/index.ts'
import type { Logger } from './platform/log.ts'
import type { ReadinessItem } from './readiness.ts'

/** What `compose` builds from: everything that has to be opened before and closed after the application. */
export interface Foundation {
  readonly config: Config
  readonly secrets: Secrets
  readonly db: Database
  readonly dataDirectory: DataDirectory
  readonly log: Logger
  readonly clock: Clock
  /** What the first visitor must know to become the operator; null where only this machine reaches us. */
  readonly setupToken: string | null
  /** `command`: one short command beside or without a server; nothing listens, polls or runs on its own. */
  readonly purpose: 'server' | 'command'
}

/** What `compose` yields to the program, to the commands and to tests. */
export interface Application {
  /** `bindings` is what @hono/node-server hands over: the request and the response as Node knows them. */
  readonly api: { fetch(request: Request, bindings?: unknown): Response | Promise<Response> }
  readonly services: {
    readonly accounts: Accounts
    readonly credits: Credits
    readonly models: Models
    readonly profile: Profile
    readonly records: Records
    /** The list that `doctor` prints and the console shows. */
    readiness(): Promise<ReadinessItem[]>
  }
  /** Generations and background tasks. */
  startWorkers(): Promise<void>
  /** No new work; what is under way may finish until `graceMs`, then it is handed back. */
  stopWorkers(graceMs: number): Promise<void>
  /** Ends live connections (SSE), so that draining need not wait for them. */
  closeStreams(): void
  /** Frees what `compose` opened (child processes, listeners); the foundation is closed by who opened it. */
  close(): Promise<void>
}
