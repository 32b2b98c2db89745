import type { Check } from './check.ts'
import { confinedPackages, confinedUses } from './house.ts'
import { type GraphModule, readImportGraph } from './import-graph.ts'
import { isTest } from './source-files.ts'

/** SQL, the environment, outgoing connections and some packages each stay in their room. */
export const confinementCheck: Check = {
  name: 'confined code',
  async run(repository) {
    const graph = (await readImportGraph(repository)).filter((module) => !isTest(module.path))
    return {
      summary: 'SQL, process.env, outgoing connections, packages',
      faults: graph.flatMap(confinementFaults),
    }
  },
}

export function confinementFaults(module: Pick<GraphModule, 'path' | 'packages' | 'uses'>): string[] {
  const uses = module.uses
    .filter((use) => !confinedUses[use.kind].rooms.test(module.path))
    .map((use) => `${module.path}:${use.line} ${use.text}: ${confinedUses[use.kind].why}`)
  const packages = module.packages.flatMap(({ name, line }) => {
    const rule = confinedPackages.find((each) => each.name.test(name))
    const belongsToServer = module.path.startsWith('server/src/')
    return rule && belongsToServer && !rule.rooms.test(module.path)
      ? [`${module.path}:${line} imports ${name}: ${rule.why}`]
      : []
  })
  return [...uses, ...packages]
}
