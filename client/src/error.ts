import { type ErrorCode, type Problem, problem } from '@backlot/contract'

/** An answer that is a problem document. `code` is stable; decide on it and not on the words. */
export class BacklotError extends Error {
  override readonly name = 'BacklotError'
  readonly code: ErrorCode | 'not_backlot'
  readonly status: number
  readonly problem: Problem | null

  constructor(status: number, document: Problem | null) {
    super(document?.detail ?? `The server answered with status ${status}, and not as Backlot does.`)
    this.status = status
    this.problem = document
    this.code = document?.code ?? 'not_backlot'
  }

  static async from(response: Response): Promise<BacklotError> {
    const parsed = problem.safeParse(await response.json().catch(() => null))
    return new BacklotError(response.status, parsed.success ? parsed.data : null)
  }
}
