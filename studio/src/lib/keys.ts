/** Names of what is cached, in one place: a change of one thing must find everything that shows it. */
export const keys = {
  setup: ['setup'] as const,
  service: ['service'] as const,
  me: ['me'] as const,
  models: ['models'] as const,
  quotes: ['quotes'] as const,
  generations: ['generations'] as const,
  generation: (id: string) => ['generation', id] as const,
  pending: ['pending-generations'] as const,
  asset: (id: string) => ['asset', id] as const,
  provenance: (id: string) => ['provenance', id] as const,
  credits: ['credits'] as const,
  statement: ['statement'] as const,
  console: ['console'] as const,
}
