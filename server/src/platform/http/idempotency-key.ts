import { AppError } from '../app-error.ts'

/**
 * The `Idempotency-Key` of a request; null without one.
 *
 * @throws AppError request_invalid for a key that is empty, longer than 255 or not plain ASCII
 */
export function idempotencyKey(headers: Headers): string | null {
  const key = headers.get('idempotency-key')
  if (key === null || /^[\x21-\x7e]{1,255}$/.test(key)) return key
  throw new AppError(
    'request_invalid',
    'An Idempotency-Key has 1 to 255 plain characters. Nothing was charged.',
    {
      fields: [
        {
          field: 'idempotency-key',
          code: 'invalid_format',
          message: '1 to 255 printable ASCII characters, without spaces.',
        },
      ],
    },
  )
}
