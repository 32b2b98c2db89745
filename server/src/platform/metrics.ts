import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Numbers for Prometheus. Labels are routes, states and models: never ids of people, never content. */
export interface Metrics {
  answered(answer: { method: string; route: string; status: number; durationMs: number }): void
  /** Read at each scrape. */
  gauge(
    name: string,
    help: string,
    read: () => Promise<Readonly<Record<string, number>>>,
    label: string,
  ): void
  text(): Promise<{ type: string; body: string }>
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'backlot_http_requests_total',
    help: 'Answered requests.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  })
  const durations = new Histogram({
    name: 'backlot_http_request_seconds',
    help: 'Time to answer.',
    labelNames: ['route'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  })
  return {
    answered({ method, route, status, durationMs }) {
      requests.inc({ method, route, status: String(status) })
      durations.observe({ route }, durationMs / 1000)
    },
    gauge(name, help, read, label) {
      new Gauge({
        name,
        help,
        labelNames: [label],
        registers: [registry],
        async collect() {
          this.reset()
          for (const [key, value] of Object.entries(await read())) this.set({ [label]: key }, value)
        },
      })
    },
    async text() {
      return { type: registry.contentType, body: await registry.metrics() }
    },
  }
}
