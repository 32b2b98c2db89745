import type { Command } from 'commander'
import { version } from '../version.ts'
import { runCommand } from './run-command.ts'

const marks = { ok: 'ok       ', attention: 'attention', blocking: 'BLOCKING ' } as const

/** `doctor`: what is configured, what is missing, what must be settled before the deployment may be public. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('say what is configured, what is missing and what must be settled before going public')
    .option('--strict', 'end with 1 when something stands in the way of going public')
    .action((options: { strict?: boolean; json?: boolean }) =>
      runCommand(options, async (services, { config, dataDirectory }) => {
        const items = await services.readiness()
        const blocking = items.filter((item) => item.state === 'blocking')
        const lines = items.map(({ state, title, detail }) => `${marks[state]}  ${title}: ${detail}`)
        return {
          text: [
            `Backlot ${version} on Node ${process.versions.node}, data in ${dataDirectory.root}, ${dataDirectory.besideServer ? 'a server is running' : 'no server is running'}`,
            '',
            ...lines,
            '',
            blocking.length === 0
              ? 'Nothing stands in the way of going public.'
              : `${blocking.length === 1 ? 'One thing stands' : `${blocking.length} things stand`} in the way of going public; on your own machine it works as it is.`,
          ].join('\n'),
          value: {
            version,
            node: process.versions.node,
            data_directory: dataDirectory.root,
            database: config.database,
            server_is_running: config.database === 'embedded' ? dataDirectory.besideServer : null,
            ready_for_public: blocking.length === 0,
            readiness: items,
          },
          failed: options.strict === true && blocking.length > 0,
        }
      }),
    )
}
