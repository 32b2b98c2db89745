import { randomUUID } from 'node:crypto'
import { text as readAll } from 'node:stream/consumers'
import { email, grantRequest, keyRequest, keyScopes, password } from '@backlot/contract'
import type { Command } from 'commander'
import { z } from 'zod'
import { accountOf, parseOption, runCommand } from './run-command.ts'

interface PersonOptions {
  email: string
  password: string
  name?: string
  json?: boolean
}

/** `operator create`, `accounts create`, `keys create`, `credits grant`. */
export function addPeople(program: Command): void {
  addCreate(program.command('operator').description('the operator of the deployment'), 'operator')
  addCreate(program.command('accounts').description('accounts of creators'), 'creator')

  program
    .command('keys')
    .description('API keys')
    .command('create')
    .description('make an API key; it is shown once')
    .requiredOption('--account <email>', 'whose key it is')
    .requiredOption('--name <name>', 'what to call it')
    .option('--scope <scope...>', `what it may do (${keyScopes.join(', ')}); all by default`)
    .action((options: { account: string; name: string; scope?: string[]; json?: boolean }) =>
      runCommand(options, async (services) => {
        const name = parseOption('--name', keyRequest.shape.name, options.name)
        const scopes = parseOption('--scope', keyRequest.shape.scopes, options.scope)
        const { accountId } = await accountOf(services, parseOption('--account', email, options.account))
        const made = await services.accounts.createApiKey({ accountId, name, scopes })
        return { text: `${made.key}\nKeep it: it is not shown again.`, value: made }
      }),
    )

  program
    .command('credits')
    .description('credits of accounts')
    .command('grant')
    .description('give credits to an account; the reason is shown on its statement')
    .requiredOption('--account <email>', 'who gets them')
    .requiredOption('--amount <credits>', 'how many, a whole number')
    .requiredOption('--reason <text>', 'why')
    .option('--expires-in-days <days>', 'when what is left of them ends; never by default')
    .action(
      (options: {
        account: string
        amount: string
        reason: string
        expiresInDays?: string
        json?: boolean
      }) =>
        runCommand(options, async (services, { db, clock }) => {
          const amount = parseOption('--amount', numberText.pipe(grantRequest.shape.amount), options.amount)
          const reason = parseOption('--reason', grantRequest.shape.reason, options.reason)
          const expiresInDays = parseOption(
            '--expires-in-days',
            numberText.optional().pipe(grantRequest.shape.expires_in_days),
            options.expiresInDays,
          )
          const holder = await accountOf(services, parseOption('--account', email, options.account))
          const { accountId } = holder
          const grant = await db.transaction((tx) =>
            services.credits.grantByOperator(tx, {
              accountId,
              amount,
              reason,
              ...(expiresInDays === undefined ? {} : { expiresInDays }),
              key: `command:${randomUUID()}`,
              now: clock.now(),
            }),
          )
          const { available, held } = await services.credits.balance(accountId)
          return {
            text: `${holder.email} got ${amount} credits and has ${available} now.`,
            value: {
              account_id: accountId,
              email: holder.email,
              amount,
              expires_at: grant.expiresAt?.toISOString() ?? null,
              balance: { available, held },
            },
          }
        }),
    )
}

/** Text of an option to a number; what is none is told apart from a wrong one. */
export const numberText = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/, 'must be a number')
  .transform(Number)

function addCreate(parent: Command, role: 'operator' | 'creator'): void {
  parent
    .command('create')
    .description(role === 'operator' ? 'create an operator account' : 'create a creator account')
    .requiredOption('--email <email>', 'e-mail address to sign in with')
    .requiredOption('--password <password>', 'password, or - to read it from standard input')
    .option('--name <name>', 'name to greet the person by')
    .action((options: PersonOptions) =>
      runCommand(options, async ({ accounts }) => {
        const typed = options.password === '-' ? (await readAll(process.stdin)).trim() : options.password
        const person = {
          email: parseOption('--email', email, options.email),
          password: parseOption('--password', password, typed),
          ...(options.name === undefined ? {} : { name: options.name }),
        }
        const made =
          role === 'operator' ? await accounts.createOperator(person) : await accounts.createAccount(person)
        return {
          text: `${made.email} has ${role === 'operator' ? 'an operator' : 'a creator'} account now.`,
          value: { account_id: made.accountId, user_id: made.userId, email: made.email, role: made.role },
        }
      }),
    )
}
