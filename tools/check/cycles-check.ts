import type { Check } from './check.ts'
import { readImportGraph } from './import-graph.ts'

/** No two modules need each other at start. Types are erased and `import()` runs later, so neither counts. */
export const cyclesCheck: Check = {
  name: 'import cycles',
  async run(repository) {
    const graph = await readImportGraph(repository)
    const needs = new Map(
      graph.map((module) => [
        module.path,
        module.edges.filter((edge) => !edge.isType && !edge.isDynamic).map((edge) => edge.to),
      ]),
    )
    const faults = findCycles(needs).map((cycle) => [...cycle, cycle[0]].join(' → '))
    return { summary: `${graph.length} modules`, faults }
  },
}

/**
 * Cycles of the graph, each as a path without its return: at least one for every knot, none where there is none.
 *
 * @param needs for each node the nodes it needs; unknown ones are ignored
 */
export function findCycles(needs: ReadonlyMap<string, readonly string[]>): string[][] {
  const state = new Map<string, 'open' | 'done'>()
  const path: string[] = []
  const cycles: string[][] = []
  const walk = (node: string) => {
    state.set(node, 'open')
    path.push(node)
    for (const next of needs.get(node) ?? []) {
      if (!needs.has(next)) continue
      if (state.get(next) === 'open') cycles.push(path.slice(path.indexOf(next)))
      else if (!state.has(next)) walk(next)
    }
    path.pop()
    state.set(node, 'done')
  }
  for (const node of needs.keys()) if (!state.has(node)) walk(node)
  return cycles
}
