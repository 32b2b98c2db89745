/** Time as an argument: rules and services never read the wall clock themselves. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** A clock that stands still until it is moved; for tests and simulations. */
export function manualClock(start: Date): Clock & { advance(ms: number): void; set(at: Date): void } {
  let atMs = start.getTime()
  return {
    now: () => new Date(atMs),
    advance: (ms) => {
      atMs += ms
    },
    set: (at) => {
      atMs = at.getTime()
    },
  }
}
