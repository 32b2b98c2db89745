import { Command, CommanderError } from 'commander'
import { addDoctor } from './cli/doctor.ts'
import { addModels } from './cli/models.ts'
import { printError } from './cli/output.ts'
import { addPeople } from './cli/people.ts'
import { runStart } from './cli/start.ts'
import { addVerify } from './cli/verify.ts'
import { version } from './version.ts'

// The `backlot` program: commands of the operator on this machine. Those that speak the public API are the client's.

/** Every command takes it, so that scripts need not know which ones do. */
function withJson(command: Command): Command {
  return command.option('--json', 'print one JSON document, also for errors')
}

const program = new Command('backlot')
  .description('The studio and API for AI video that you host yourself.')
  .version(version)
  .showHelpAfterError('(backlot --help says more)')
  .exitOverride()

withJson(program.command('start'))
  .description('start the server')
  .action((options: { json?: boolean }) => runStart(options))
addPeople(program)
addModels(program)
addVerify(program)
addDoctor(program)
for (const command of allCommands(program)) {
  command.exitOverride()
  if (command.commands.length === 0 && !command.options.some((option) => option.long === '--json'))
    withJson(command)
  if (process.argv.includes('--json')) command.configureOutput({ writeErr: () => undefined })
}

try {
  await program.parseAsync()
} catch (error) {
  const json = process.argv.includes('--json')
  if (error instanceof CommanderError) {
    // Help and version end this way too; what is wrong with a call has been printed already.
    if (json && error.exitCode !== 0)
      printError({ code: 'usage', message: error.message.replace(/^error: /, '') }, true)
    process.exitCode = error.exitCode === 0 ? 0 : 2
  } else {
    printError(error, json)
    process.exitCode = 1
  }
}

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)]
}
