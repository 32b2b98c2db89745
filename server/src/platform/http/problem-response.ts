import { catalogue, type Problem } from '@backlot/contract'
import type { z } from 'zod'
import { AppError } from '../app-error.ts'

/** The problem document of an expected failure. */
export function problemOf(error: AppError, requestId: string, publicOrigin: string): Problem {
  const entry = catalogue[error.code]
  return {
    type: `${publicOrigin}/docs/errors#${error.code}`,
    title: entry.title,
    status: entry.status,
    detail: error.message,
    code: error.code,
    kind: entry.kind,
    retryable: entry.retryable,
    charged: false,
    request_id: requestId,
    ...(error.fields ? { errors: [...error.fields] } : {}),
    ...error.members,
  }
}

export function problemResponse(error: AppError, requestId: string, publicOrigin: string): Response {
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' })
  if (error.retryAfterSeconds !== undefined)
    headers.set('retry-after', String(Math.ceil(error.retryAfterSeconds)))
  if (error.code === 'unauthenticated') headers.set('www-authenticate', 'Bearer realm="backlot"')
  return new Response(JSON.stringify(problemOf(error, requestId, publicOrigin)), {
    status: catalogue[error.code].status,
    headers,
  })
}

/**
 * What zod found, one entry for each wrong field, with zod's own stable issue codes (`too_big`, `invalid_type`, …).
 * Zod's shapes and the values sent stay out of the answer.
 */
export function requestInvalid(error: z.ZodError, at: 'body' | 'query' | 'params'): AppError {
  const fields = error.issues.flatMap((issue) => {
    const path = issue.path.map(String).join('.')
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        field: path === '' ? key : `${path}.${key}`,
        code: 'unknown_field',
        message: 'This field does not exist here.',
      }))
    }
    const missing = issue.code === 'invalid_type' && issue.message.includes('received undefined')
    return [
      {
        field: path === '' ? at : path,
        code: missing ? 'required' : issue.code,
        message: missing ? 'This field is required.' : issue.message,
      },
    ]
  })
  // A number beyond all whole numbers is also beyond the field's own limit, which is the one worth telling.
  const byField = new Map(fields.map((fault) => [fault.field, fault]))
  const names = [...byField.keys()].slice(0, 10).join(', ')
  return new AppError('request_invalid', `Wrong: ${names}. Nothing was charged.`, {
    fields: [...byField.values()],
  })
}
