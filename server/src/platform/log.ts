import { type Logger, pino } from 'pino'

export type { Logger } from 'pino'

/**
 * The structured log. Ids, counts and durations only: prompts, media URLs, tokens and secrets never reach it,
 * and what looks like one by its name is cut out even when somebody forgets.
 */
export function createLog(options: {
  level: string
  pretty?: boolean
  destination?: NodeJS.WritableStream
}): Logger {
  const settings = {
    level: options.level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError },
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: [
        'prompt',
        '*.prompt',
        'password',
        '*.password',
        'token',
        '*.token',
        'secret',
        '*.secret',
        'url',
        '*.url',
      ],
      censor: '[cut]',
    },
  }
  return options.destination ? pino(settings, options.destination) : pino(settings)
}

interface ErrorWords {
  type: string
  message: string
  code?: string
  stack?: string
  cause?: ErrorWords
}

const causesMax = 5

/**
 * What a log may say of an error. Libraries hang whole rows, requests and answers on theirs (PostgreSQL's `detail` quotes
 * the values of a violated constraint), so only what is named here is taken, and nothing else that an error carries.
 */
export function describeError(error: unknown, depth = 0): ErrorWords | unknown {
  if (!(error instanceof Error)) return typeof error === 'object' && error !== null ? '[cut]' : error
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const cause =
    error.cause instanceof Error && depth < causesMax
      ? { cause: describeError(error.cause, depth + 1) as ErrorWords }
      : {}
  return { type: error.name, message: error.message, ...code, stack: error.stack, ...cause }
}

/** A log that goes nowhere, for tests. */
export const silentLog: Logger = pino({ level: 'silent' })
