import type { Command } from 'commander'
import { runCommand } from './run-command.ts'

/** `ledger verify`, `log verify`: each ends with 1 when something is wrong. */
export function addVerify(program: Command): void {
  program
    .command('ledger')
    .description('the ledger of credits')
    .command('verify')
    .description('check every invariant over the whole ledger; stops at the first violation')
    .action((options: { json?: boolean }) =>
      runCommand(options, async (services) => {
        const found = await services.credits.verify()
        const { violation } = found
        return {
          text: violation
            ? `The ledger is wrong: ${violation.name} (invariant ${violation.invariant}) at ${violation.accountId || 'no account'}: ${violation.detail}`
            : `The ledger is right: ${found.entries} entries of ${found.accounts} accounts checked.`,
          value: found,
          failed: !found.ok,
        }
      }),
    )
  program
    .command('log')
    .description('the generation log')
    .command('verify')
    .description('check the whole chain of the log, its texts and its signed heads')
    .action((options: { json?: boolean }) =>
      runCommand(options, async (services) => {
        const found = await services.records.verify()
        return {
          text: found.fault
            ? `The log is wrong: ${JSON.stringify(found.fault)}`
            : `The log is right: ${found.entries} entries checked, ${found.pending} more are about to be chained.`,
          value: found,
          failed: !found.ok,
        }
      }),
    )
}
