/**
 * Why the program could not start: one sentence for a person, one stable code for a machine. Whoever starts the
 * program prints the sentence and exits with 1; no stack trace, since nothing here is a bug.
 */
export class StartupError extends Error {
  override readonly name = 'StartupError'
  readonly code: string

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
