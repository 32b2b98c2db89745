import path from 'node:path'
import { z } from 'zod'

const mebibyte = 1024 ** 2
const gibibyte = 1024 ** 3

/** How the reference page groups the variables. */
export const groups = {
  server: 'Server',
  data: 'Data',
  mail: 'Mail',
  'sign-in': 'Sign-in with other services',
  media: 'Media',
  timing: 'Deadlines and pace',
} as const

export interface VariableNotes {
  group: keyof typeof groups
  description: string
  /** In the reference and the example environment, where the default is computed. */
  shownDefault?: string
  /** Its value never appears in a log, an error or `doctor`. */
  secret?: boolean
}

/** Notes about each variable, beside its schema; the reference page and the example environment are made of them. */
export const notes = z.registry<VariableNotes>()

const whole = (what: { min: number; max: number }) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= what.min && value <= what.max, {
      error: `must be between ${what.min} and ${what.max}`,
    })

/** Seconds, fractions allowed, as milliseconds. */
const seconds = (fallback: number, max = 30 * 86_400) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'must be a number of seconds')
    .default(String(fallback))
    .transform((value) => Math.round(Number(value) * 1000))
    .refine((value) => value >= 10 && value <= max * 1000, {
      error: `must be between 0.01 and ${max} seconds`,
    })

const someText = z.string()
const file = z.string().transform((value) => path.resolve(value))
const webAddress = (protocols: RegExp, error: string) => z.url({ protocol: protocols, error })

/**
 * Every variable that Backlot reads. An empty one counts as absent. Defaults are written as text, as a person would
 * write them.
 */
export const environment = z.object({
  PORT: whole({ min: 0, max: 65_535 })
    .prefault('8787')
    .register(notes, { group: 'server', description: 'Port to listen on; 0 takes a free one.' }),
  BACKLOT_HOST: someText.default('127.0.0.1').register(notes, {
    group: 'server',
    description: 'Address to listen on. `0.0.0.0` or `::` makes Backlot reachable from other machines.',
  }),
  BACKLOT_PUBLIC_URL: webAddress(/^https?$/, 'must be an address such as https://video.example.org')
    .refine((value) => isOrigin(value), {
      error: 'must have neither a path nor a query, such as https://video.example.org',
      when: (payload) => payload.issues.length === 0,
    })
    .transform((value) => new URL(value).origin)
    .optional()
    .register(notes, {
      group: 'server',
      description:
        'The address that people type, when it differs from the one Backlot listens on (a proxy with HTTPS in front).',
    }),
  BACKLOT_TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((value) => list(value))
    .refine((ranges) => ranges.every(isRange), {
      error: 'must be IP addresses or ranges such as 10.0.0.0/8, separated by commas',
    })
    .register(notes, {
      group: 'server',
      description: 'Addresses or ranges of the proxies whose X-Forwarded-For header is believed, by commas.',
    }),
  BACKLOT_ROLES: z
    .string()
    .default('api,worker')
    .transform((value) => [...new Set(list(value))])
    .pipe(z.array(z.enum(['api', 'worker'], { error: 'must be api, worker, or both by a comma' })).min(1))
    .register(notes, {
      group: 'server',
      description: 'What this process does: `api` answers requests, `worker` runs generations.',
    }),
  BACKLOT_PROFILE: file.optional().register(notes, {
    group: 'server',
    description: 'The profile: name, contacts, promises and parameters of this deployment.',
    shownDefault: 'profiles/default.yaml',
  }),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be trace, debug, info, warn, error, fatal or silent',
    })
    .default('info')
    .register(notes, { group: 'server', description: 'Least important lines that are logged.' }),
  BACKLOT_DATA_DIR: file.optional().register(notes, {
    group: 'data',
    description:
      'Folder for the embedded database, media and keys. The start line says so where another one must be taken.',
    shownDefault: './data',
  }),
  DATABASE_URL: webAddress(/^postgres(ql)?$/, 'must be an address such as postgres://user:password@host/name')
    .optional()
    .register(notes, {
      group: 'data',
      description: 'PostgreSQL 15 or newer. Without it the embedded server is started.',
      secret: true,
    }),
  BACKLOT_DATABASE_CONNECTIONS_MAX: whole({ min: 4, max: 1000 })
    .prefault('12')
    .register(notes, { group: 'data', description: 'Database connections of one process.' }),
  BACKLOT_MASTER_KEY: someText.optional().register(notes, {
    group: 'data',
    description:
      'The key that seals everything: 32 bytes in base64 or hex. Without it one is made at the first start and kept in the data directory.',
    secret: true,
  }),
  BACKLOT_MASTER_KEY_FILE: file.optional().register(notes, {
    group: 'data',
    description: 'A file that holds the master key instead, such as a mounted secret.',
  }),
  BACKLOT_SMTP_URL: webAddress(
    /^smtps?$/,
    'must be an address such as smtps://user:password@mail.example.org',
  )
    .optional()
    .register(notes, {
      group: 'mail',
      description: 'Server that sends mail. Without it mails are kept for the operator to read.',
      secret: true,
    }),
  BACKLOT_MAIL_FROM: someText
    .regex(/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/, 'must be a mail address, such as Backlot <hello@example.org>')
    .optional()
    .register(notes, { group: 'mail', description: 'Sender of the mails; needed with BACKLOT_SMTP_URL.' }),
  BACKLOT_GOOGLE_CLIENT_ID: someText
    .optional()
    .register(notes, { group: 'sign-in', description: 'OAuth client of Google.' }),
  BACKLOT_GOOGLE_CLIENT_SECRET: someText
    .optional()
    .register(notes, { group: 'sign-in', description: 'Its secret.', secret: true }),
  BACKLOT_GITHUB_CLIENT_ID: someText
    .optional()
    .register(notes, { group: 'sign-in', description: 'OAuth client of GitHub.' }),
  BACKLOT_GITHUB_CLIENT_SECRET: someText
    .optional()
    .register(notes, { group: 'sign-in', description: 'Its secret.', secret: true }),
  BACKLOT_OIDC_ISSUER: webAddress(/^https?$/, 'must be an address such as https://id.example.org')
    .optional()
    .register(notes, { group: 'sign-in', description: 'Any OpenID Connect issuer.' }),
  BACKLOT_OIDC_CLIENT_ID: someText
    .optional()
    .register(notes, { group: 'sign-in', description: 'Its client.' }),
  BACKLOT_OIDC_CLIENT_SECRET: someText
    .optional()
    .register(notes, { group: 'sign-in', description: 'Its secret.', secret: true }),
  BACKLOT_OIDC_NAME: someText
    .max(40, 'must have 40 characters at most')
    .default('Single sign-on')
    .register(notes, { group: 'sign-in', description: 'What its button says.' }),
  FFMPEG_PATH: file.optional().register(notes, {
    group: 'media',
    description:
      'An ffmpeg of your own, used instead of the library that comes with npm. Needs FFPROBE_PATH too.',
  }),
  FFPROBE_PATH: file.optional().register(notes, { group: 'media', description: 'The ffprobe beside it.' }),
  BACKLOT_UPLOAD_BYTES_MAX: whole({ min: mebibyte, max: 64 * gibibyte })
    .prefault(String(2 * gibibyte))
    .register(notes, { group: 'media', description: 'Largest accepted upload, in bytes.' }),
  BACKLOT_DRAFT_CONCURRENCY: whole({ min: 0, max: 256 }).optional().register(notes, {
    group: 'media',
    description: 'How many `draft` videos are drawn at once on the whole deployment; each takes a core.',
    shownDefault: 'half the cores, at least 1',
  }),
  BACKLOT_LEASE_SECONDS: seconds(30).register(notes, {
    group: 'timing',
    description: 'After how long without a sign of life the work of a lost worker goes to another.',
  }),
  BACKLOT_SWEEP_SECONDS: seconds(3).register(notes, {
    group: 'timing',
    description: 'How often overdue work is looked for.',
  }),
  BACKLOT_QUEUE_DEADLINE_SECONDS: seconds(86_400).register(notes, {
    group: 'timing',
    description: 'How long a generation may wait in line before it fails and its credits return.',
  }),
  BACKLOT_START_DEADLINE_SECONDS: seconds(120).register(notes, {
    group: 'timing',
    description: 'How long one call to a provider may take.',
  }),
  BACKLOT_RUN_DEADLINE_SECONDS: seconds(3600).register(notes, {
    group: 'timing',
    description: 'How long a provider may work on one generation.',
  }),
  BACKLOT_UNCERTAIN_DEADLINE_SECONDS: seconds(3600).register(notes, {
    group: 'timing',
    description: 'How long a generation that we lost sight of may still turn up.',
  }),
  BACKLOT_COLLECT_DEADLINE_SECONDS: seconds(1800).register(notes, {
    group: 'timing',
    description: 'How long fetching and finishing a result may take.',
  }),
  BACKLOT_STOP_DEADLINE_SECONDS: seconds(20, 3600).register(notes, {
    group: 'timing',
    description: 'How long requests and steps under way may take to end when Backlot stops.',
  }),
})

/** Variables that mean something only together: where the first is set, the second must be. */
export const needs: readonly (readonly [keyof Environment, keyof Environment])[] = [
  ['BACKLOT_GOOGLE_CLIENT_ID', 'BACKLOT_GOOGLE_CLIENT_SECRET'],
  ['BACKLOT_GOOGLE_CLIENT_SECRET', 'BACKLOT_GOOGLE_CLIENT_ID'],
  ['BACKLOT_GITHUB_CLIENT_ID', 'BACKLOT_GITHUB_CLIENT_SECRET'],
  ['BACKLOT_GITHUB_CLIENT_SECRET', 'BACKLOT_GITHUB_CLIENT_ID'],
  ['BACKLOT_OIDC_ISSUER', 'BACKLOT_OIDC_CLIENT_ID'],
  ['BACKLOT_OIDC_CLIENT_ID', 'BACKLOT_OIDC_ISSUER'],
  ['BACKLOT_OIDC_CLIENT_ID', 'BACKLOT_OIDC_CLIENT_SECRET'],
  ['BACKLOT_OIDC_CLIENT_SECRET', 'BACKLOT_OIDC_CLIENT_ID'],
  ['BACKLOT_SMTP_URL', 'BACKLOT_MAIL_FROM'],
  ['FFMPEG_PATH', 'FFPROBE_PATH'],
  ['FFPROBE_PATH', 'FFMPEG_PATH'],
]

export type Environment = z.output<typeof environment>

function list(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function isOrigin(value: string): boolean {
  const url = new URL(value)
  return url.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
}

function isRange(value: string): boolean {
  const [address = '', bits, ...rest] = value.split('/')
  const longest = z.ipv4().safeParse(address).success ? 32 : z.ipv6().safeParse(address).success ? 128 : -1
  if (longest < 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest)
}
