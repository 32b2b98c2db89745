import { existsSync, readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseEnv } from 'node:util'
import { type Environment, environment, needs } from './environment.ts'
import { nearestName } from './nearest-name.ts'

export type Role = 'api' | 'worker'

export interface Config {
  readonly host: string
  /** 0 means a free one. */
  readonly port: number
  /** Origin under which people reach us, e.g. `https://video.example.org`. */
  readonly publicUrl: string
  /** False when `publicUrl` was only derived from host and port. */
  readonly publicUrlIsSet: boolean
  readonly trustedProxies: readonly string[]
  readonly roles: readonly Role[]
  readonly profile: string
  readonly logLevel: string
  /** Absolute; `null` leaves the choice to `data-directory.ts`. */
  readonly dataDirectory: string | null
  readonly database: 'embedded' | 'external'
  /** False when the master key lies in the data directory. */
  readonly masterKeyIsGiven: boolean
  readonly databaseConnectionsMax: number
  readonly mailFrom: string | null
  readonly google: { readonly clientId: string } | null
  readonly github: { readonly clientId: string } | null
  readonly oidc: { readonly issuer: string; readonly clientId: string; readonly name: string } | null
  readonly ffmpegPath: string | null
  readonly ffprobePath: string | null
  readonly uploadBytesMax: number
  readonly draftConcurrency: number
  readonly leaseMs: number
  readonly sweepMs: number
  readonly queueDeadlineMs: number
  readonly startDeadlineMs: number
  readonly runDeadlineMs: number
  readonly uncertainDeadlineMs: number
  readonly collectDeadlineMs: number
  readonly stopDeadlineMs: number
}

/** Kept apart from `Config`, so that logging the one never shows the other. */
export interface Secrets {
  readonly databaseUrl: string | null
  /** 32 bytes; null when the data directory holds the key. */
  readonly masterKey: Buffer | null
  readonly smtpUrl: string | null
  readonly googleClientSecret: string | null
  readonly githubClientSecret: string | null
  readonly oidcClientSecret: string | null
}

export interface ConfigFault {
  readonly variable: string
  readonly message: string
}

/** All that is wrong with the configuration, together. Its message is ready to be printed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code = 'configuration_invalid'
  readonly faults: readonly ConfigFault[]

  constructor(faults: readonly ConfigFault[]) {
    const lines = faults.map(({ variable, message }) => `  ${variable} ${message}.`)
    super(
      `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${lines.join('\n')}`,
    )
    this.faults = faults
  }
}

/** Where `profiles/` and, unless told otherwise, `data/` and `.env` are. */
export const repositoryRoot = path.resolve(import.meta.dirname, '..', '..', '..')

export const variableNames = Object.keys(environment.shape) as (keyof Environment)[]

/**
 * Reads the variables of the process, and those of the repository's `.env` file that the process does not have.
 *
 * @throws ConfigError with every fault
 */
export function loadConfig(): { config: Config; secrets: Secrets } {
  const file = path.join(repositoryRoot, '.env')
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}
  return readConfig({ ...fromFile, ...process.env })
}

/**
 * Whether npm or npx started us. Their shell does not pass a signal on, so that the server must notice by itself when
 * it is left alone.
 */
export function isStartedByNpm(): boolean {
  return process.env['npm_lifecycle_event'] !== undefined
}

/** `variables` as a typed configuration. Files that a variable names are read; nothing else happens. */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): {
  config: Config
  secrets: Secrets
} {
  const faults: ConfigFault[] = []
  const given: Record<string, string> = {}
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined || value.trim() === '') continue
    if ((variableNames as string[]).includes(name)) given[name] = value.trim()
    else if (name.startsWith('BACKLOT_')) {
      const nearest = nearestName(name, variableNames)
      faults.push({ variable: name, message: `is not known${nearest ? ` (did you mean ${nearest}?)` : ''}` })
    }
  }
  const parsed = environment.safeParse(given)
  for (const issue of parsed.error?.issues ?? [])
    faults.push({ variable: String(issue.path[0] ?? ''), message: issue.message })
  for (const [name, other] of needs)
    if (given[name] !== undefined && given[other] === undefined)
      faults.push({ variable: other, message: `is needed with ${name}` })
  const masterKey = readMasterKey(given, faults)
  if (!parsed.success || faults.length > 0) throw new ConfigError(withoutRepeats(faults))
  return { config: toConfig(parsed.data), secrets: { ...toSecrets(parsed.data), masterKey } }
}

function withoutRepeats(faults: readonly ConfigFault[]): ConfigFault[] {
  return faults.filter(
    (fault, index) =>
      faults.findIndex((other) => other.variable === fault.variable && other.message === fault.message) ===
      index,
  )
}

function toConfig(value: Environment): Config {
  return {
    host: value.BACKLOT_HOST,
    port: value.PORT,
    publicUrl: value.BACKLOT_PUBLIC_URL ?? origin(value.BACKLOT_HOST, value.PORT),
    publicUrlIsSet: value.BACKLOT_PUBLIC_URL !== undefined,
    trustedProxies: value.BACKLOT_TRUSTED_PROXIES,
    roles: value.BACKLOT_ROLES,
    profile: value.BACKLOT_PROFILE ?? path.join(repositoryRoot, 'profiles', 'default.yaml'),
    logLevel: value.LOG_LEVEL,
    dataDirectory: value.BACKLOT_DATA_DIR ?? null,
    database: value.DATABASE_URL === undefined ? 'embedded' : 'external',
    masterKeyIsGiven: value.BACKLOT_MASTER_KEY !== undefined || value.BACKLOT_MASTER_KEY_FILE !== undefined,
    databaseConnectionsMax: value.BACKLOT_DATABASE_CONNECTIONS_MAX,
    mailFrom: value.BACKLOT_MAIL_FROM ?? null,
    google: value.BACKLOT_GOOGLE_CLIENT_ID ? { clientId: value.BACKLOT_GOOGLE_CLIENT_ID } : null,
    github: value.BACKLOT_GITHUB_CLIENT_ID ? { clientId: value.BACKLOT_GITHUB_CLIENT_ID } : null,
    oidc:
      value.BACKLOT_OIDC_ISSUER && value.BACKLOT_OIDC_CLIENT_ID
        ? {
            issuer: value.BACKLOT_OIDC_ISSUER,
            clientId: value.BACKLOT_OIDC_CLIENT_ID,
            name: value.BACKLOT_OIDC_NAME,
          }
        : null,
    ffmpegPath: value.FFMPEG_PATH ?? null,
    ffprobePath: value.FFPROBE_PATH ?? null,
    uploadBytesMax: value.BACKLOT_UPLOAD_BYTES_MAX,
    draftConcurrency:
      value.BACKLOT_DRAFT_CONCURRENCY ?? Math.max(1, Math.floor(os.availableParallelism() / 2)),
    leaseMs: value.BACKLOT_LEASE_SECONDS,
    sweepMs: value.BACKLOT_SWEEP_SECONDS,
    queueDeadlineMs: value.BACKLOT_QUEUE_DEADLINE_SECONDS,
    startDeadlineMs: value.BACKLOT_START_DEADLINE_SECONDS,
    runDeadlineMs: value.BACKLOT_RUN_DEADLINE_SECONDS,
    uncertainDeadlineMs: value.BACKLOT_UNCERTAIN_DEADLINE_SECONDS,
    collectDeadlineMs: value.BACKLOT_COLLECT_DEADLINE_SECONDS,
    stopDeadlineMs: value.BACKLOT_STOP_DEADLINE_SECONDS,
  }
}

function toSecrets(value: Environment): Omit<Secrets, 'masterKey'> {
  return {
    databaseUrl: value.DATABASE_URL ?? null,
    smtpUrl: value.BACKLOT_SMTP_URL ?? null,
    googleClientSecret: value.BACKLOT_GOOGLE_CLIENT_SECRET ?? null,
    githubClientSecret: value.BACKLOT_GITHUB_CLIENT_SECRET ?? null,
    oidcClientSecret: value.BACKLOT_OIDC_CLIENT_SECRET ?? null,
  }
}

/**
 * The origin for people who sit at this machine. An address for all interfaces is not one to type, and browsers make
 * passkeys for names only, never for 127.0.0.1.
 */
export function origin(host: string, port: number): string {
  const isLocal = ['0.0.0.0', '::', '127.0.0.1'].includes(host)
  const name = isLocal ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return new URL(`http://${name}:${port}`).origin
}

/** 32 bytes from base64, base64url or hex text; undefined when it is none of them. */
export function parseMasterKey(text: string): Buffer | undefined {
  const trimmed = text.trim()
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex')
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return undefined
  const key = Buffer.from(trimmed, 'base64')
  return key.length === 32 ? key : undefined
}

function readMasterKey(given: Record<string, string>, faults: ConfigFault[]): Buffer | null {
  if (given['BACKLOT_MASTER_KEY'] && given['BACKLOT_MASTER_KEY_FILE'])
    faults.push({
      variable: 'BACKLOT_MASTER_KEY_FILE',
      message: 'must not be set together with BACKLOT_MASTER_KEY',
    })
  const variable = given['BACKLOT_MASTER_KEY'] ? 'BACKLOT_MASTER_KEY' : 'BACKLOT_MASTER_KEY_FILE'
  const value = given[variable]
  if (value === undefined) return null
  let text = value
  if (variable === 'BACKLOT_MASTER_KEY_FILE') {
    try {
      text = readFileSync(value, 'utf8')
    } catch (error) {
      faults.push({
        variable,
        message: `names a file that cannot be read (${(error as NodeJS.ErrnoException).code})`,
      })
      return null
    }
  }
  const key = parseMasterKey(text)
  if (!key) {
    const holder = variable === 'BACKLOT_MASTER_KEY' ? 'must be' : 'must name a file with'
    faults.push({ variable, message: `${holder} 32 bytes in base64 or hex (openssl rand -base64 32)` })
    return null
  }
  return key
}
