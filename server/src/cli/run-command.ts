import type { z } from 'zod'
import type { Application } from '../compose.ts'
import { loadConfig } from '../config/index.ts'
import { AppError } from '../platform/app-error.ts'
import { createLog } from '../platform/log.ts'
import { type Foundation, openFoundation } from '../processes/foundation.ts'
import { print } from './output.ts'

export interface Outcome {
  /** For people. */
  text: string
  /** For `--json`. */
  value: unknown
  /** Makes the command end with 1, though it did what it was asked. */
  failed?: boolean
}

const interruptions = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export type Services = Application['services']

/**
 * Runs one command on the services, beside a running server or, when none runs, on the database that it starts and
 * stops itself. Everything is closed when it ends, whichever way it ends.
 */
export async function runCommand(
  options: { json?: boolean },
  work: (services: Services, foundation: Foundation) => Promise<Outcome>,
): Promise<void> {
  const { config, secrets } = loadConfig()
  const log = createLog({
    level: ['error', 'fatal', 'silent'].includes(config.logLevel) ? config.logLevel : 'warn',
    destination: process.stderr,
  })
  const opening = openFoundation({ config, secrets, purpose: 'command', log })
  let application: Application | undefined
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= opening.then(async (foundation) => {
      await application?.close()
      await foundation.close()
    })
    return closing
  }
  // Interrupted, a command too leaves no database behind.
  const interrupt = () => void close().finally(() => process.exit(130))
  for (const signal of interruptions) process.once(signal, interrupt)
  try {
    const foundation = await opening
    const { compose } = await import('../compose.ts')
    application = await compose(foundation)
    const { text, value, failed } = await work(application.services, foundation)
    if (!closing) print(text, value, options.json === true)
    if (failed) process.exitCode = 1
  } finally {
    // What closed under the feet of an interrupted command is no news.
    if (closing) await new Promise(() => undefined)
    await close()
    for (const signal of interruptions) process.off(signal, interrupt)
  }
}

/** An option's value by the same shape that the API uses. @throws AppError `request_invalid` in one sentence */
export function parseOption<Shape extends z.ZodType>(
  option: string,
  shape: Shape,
  value: unknown,
): z.output<Shape> {
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  const message = parsed.error.issues[0]?.message ?? 'is wrong'
  throw new AppError('request_invalid', `${option}: ${message}.`, {
    fields: [{ field: option.replace(/^--/, '').replaceAll('-', '_'), code: 'invalid', message }],
  })
}

/** @throws AppError `not_found` */
export async function accountOf(
  services: Services,
  email: string,
): Promise<{ accountId: string; email: string }> {
  const found = await services.accounts.findAccountByEmail(email)
  if (!found) throw new AppError('not_found', `There is no account for ${email}.`)
  return found
}
