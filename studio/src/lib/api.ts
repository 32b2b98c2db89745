import type { Problem } from '@backlot/contract'

/** An answer that is an error: what the server said happened, what it cost (nothing) and what to do. */
export class ApiError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.name = 'ApiError'
    this.problem = problem
  }

  /** What is wrong with one field, or undefined. */
  fieldMessage(field: string): string | undefined {
    return this.problem.errors?.find((fault) => fault.field === field)?.message
  }
}

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as it is, with its own type. */
  readonly body?: Blob
  readonly headers?: Record<string, string>
  readonly signal?: AbortSignal
}

/** Called when the session has ended behind our back (ended elsewhere, expired). */
let onSignedOut: () => void = () => undefined

export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler
}

const deadlineMs = 30_000
const uploadDeadlineMs = 300_000

/**
 * Calls one endpoint and answers its JSON (undefined for 204).
 *
 * @throws ApiError for every answer that is no success, and for no answer at all (code `unavailable`)
 */
export async function call<Answer>(path: string, options: RequestOptions = {}): Promise<Answer> {
  const deadline = AbortSignal.timeout(options.body ? uploadDeadlineMs : deadlineMs)
  const headers = new Headers(options.headers)
  headers.set('accept', 'application/json')
  if (options.json !== undefined) headers.set('content-type', 'application/json')
  let response: Response
  try {
    response = await fetch(path, {
      method: options.method ?? 'GET',
      headers,
      body: options.json === undefined ? options.body : JSON.stringify(options.json),
      signal: options.signal ? AbortSignal.any([options.signal, deadline]) : deadline,
    })
  } catch (cause) {
    if (options.signal?.aborted) throw cause
    throw unreachable()
  }
  if (response.status === 204) return undefined as Answer
  const text = await response.text()
  if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as Answer
  const problem = asProblem(text, response.status)
  if (problem.code === 'unauthenticated') onSignedOut()
  throw new ApiError(problem)
}

function unreachable(): ApiError {
  return new ApiError({
    type: 'about:blank',
    title: 'The server cannot be reached',
    status: 0,
    detail: 'The server cannot be reached. Check that it runs and that you are online.',
    code: 'unavailable',
    kind: 'ours',
    retryable: true,
    charged: false,
    request_id: '',
  })
}

/** A proxy in between may answer with a page of its own: that must still end in a sentence. */
function asProblem(text: string, status: number): Problem {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && 'code' in parsed && 'detail' in parsed) {
      return parsed as Problem
    }
  } catch {
    // Falls through to the sentence below.
  }
  return {
    ...unreachable().problem,
    title: 'An answer we cannot read',
    status,
    detail: `The server answered with status ${status}. Nothing was charged. Try again in a moment.`,
  }
}

/** The problem of any error that `call` may throw. */
export function problemOf(error: unknown): Problem | null {
  return error instanceof ApiError ? error.problem : null
}

/** One sentence for people, whatever was thrown. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ApiError) return error.problem.detail
  return 'Something broke on this page. Nothing was charged. Reload it and try again.'
}
