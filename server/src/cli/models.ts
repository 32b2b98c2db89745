import { modelChange } from '@backlot/contract'
import type { Command } from 'commander'
import { table } from './output.ts'
import { numberText } from './people.ts'
import { parseOption, runCommand } from './run-command.ts'

/** `models list`, `models price`. */
export function addModels(program: Command): void {
  const models = program.command('models').description('the catalogue')
  models
    .command('list')
    .description('list all models, also those that are switched off')
    .action((options: { json?: boolean }) =>
      runCommand(options, async (services) => {
        const data = await services.models.list({ includeDisabled: true })
        const rows = data.map(({ id, name, enabled, price }) => [
          id,
          name,
          enabled ? 'on' : 'off',
          String(price.credits_per_second),
        ])
        return { text: table(['MODEL', 'NAME', 'STATE', 'CREDITS PER SECOND'], rows), value: { data } }
      }),
    )
  models
    .command('price')
    .description('set the price of a model; quotes made before stay as they are')
    .argument('<model>', 'id of the model')
    .requiredOption('--credits-per-second <credits>', 'a number of at least 0 with four decimals at most')
    .action((id: string, options: { creditsPerSecond: string; json?: boolean }) =>
      runCommand(options, async (services) => {
        const shape = modelChange.shape.credits_per_second.unwrap()
        const price = parseOption('--credits-per-second', numberText.pipe(shape), options.creditsPerSecond)
        const model = await services.models.setPrice(id, price)
        return {
          text: `${model.name} costs ${model.price.credits_per_second} credits per second now (price version ${model.price.version}).`,
          value: model,
        }
      }),
    )
}
