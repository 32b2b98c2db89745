/**
 * A small memory of the values used last, each for a limited time. The time is what makes a key that another process
 * destroyed go dark here too; the size bounds memory.
 */
export class KeyCache<Value> {
  readonly #entries = new Map<string, { value: Value; expiresMs: number }>()
  readonly #entriesMax: number
  readonly #lifeMs: number
  readonly #nowMs: () => number

  constructor(options: { entriesMax: number; lifeMs: number; nowMs?: () => number }) {
    this.#entriesMax = options.entriesMax
    this.#lifeMs = options.lifeMs
    // A clock that only runs forward: setting the machine's time back must not keep a key alive.
    this.#nowMs = options.nowMs ?? (() => performance.now())
  }

  get(name: string): Value | undefined {
    const entry = this.#entries.get(name)
    if (!entry) return undefined
    this.#entries.delete(name)
    if (entry.expiresMs <= this.#nowMs()) return undefined
    // Put back at the end: a Map keeps insertion order, so the first entry is the one used least recently.
    this.#entries.set(name, entry)
    return entry.value
  }

  set(name: string, value: Value): void {
    this.#entries.delete(name)
    this.#entries.set(name, { value, expiresMs: this.#nowMs() + this.#lifeMs })
    if (this.#entries.size <= this.#entriesMax) return
    const oldest = this.#entries.keys().next()
    if (!oldest.done) this.#entries.delete(oldest.value)
  }

  delete(name: string): void {
    this.#entries.delete(name)
  }

  get size(): number {
    return this.#entries.size
  }
}
