import type { Check } from './check.ts'
import { importFault } from './house.ts'
import { readImportGraph } from './import-graph.ts'

/** Imports go down the house and through the doors. Types count too: they tie rooms together as well. */
export const directionsCheck: Check = {
  name: 'import directions',
  async run(repository) {
    const graph = await readImportGraph(repository)
    const edges = graph.flatMap((module) => module.edges.map((edge) => ({ from: module.path, ...edge })))
    const faults = edges.flatMap(({ from, to, line }) => {
      const why = importFault(from, to)
      return why ? [`${from}:${line} imports ${to}: ${why}`] : []
    })
    return { summary: `${edges.length} imports in ${graph.length} files`, faults }
  },
}
