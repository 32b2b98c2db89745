/** What one check found. Faults are complete lines for a person, most with `file:line` in front. */
export interface CheckResult {
  /** A few words for the line of a passing check, such as `312 files`. */
  summary: string
  faults: string[]
}

export interface Check {
  name: string
  /** @param repository absolute path of the checkout */
  run(repository: string): Promise<CheckResult>
}
