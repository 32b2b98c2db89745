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

/** A log that goes nowhere, for tests. */
export const silentLog: Logger = pino({ level: 'silent' })
