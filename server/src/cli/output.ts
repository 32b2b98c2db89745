import { inspect } from 'node:util'
import type { FieldFault } from '@backlot/contract'

export interface DescribedError {
  code: string
  message: string
  fields?: readonly FieldFault[]
  faults?: readonly unknown[]
}

const expected = new Set(['AppError', 'StartupError', 'ConfigError', 'ProfileError'])
const codes: Record<string, string> = { ProfileError: 'profile_invalid' }

/** An error as a command prints it: a stable code and one sentence. What nobody expected keeps its trace. */
export function describeError(error: unknown): DescribedError {
  if (error instanceof Error && expected.has(error.name)) {
    const { code, fields, faults } = error as Error & Partial<DescribedError>
    return {
      code: code ?? codes[error.name] ?? 'failed',
      message: error.message,
      ...(fields ? { fields } : {}),
      ...(faults ? { faults } : {}),
    }
  }
  if (error instanceof Error)
    return { code: 'internal_error', message: `Something went wrong: ${inspect(error)}` }
  if (typeof error === 'object' && error !== null && 'code' in error && 'message' in error)
    return error as DescribedError
  return { code: 'internal_error', message: String(error) }
}

/** With `json` on standard output, where a script reads; else on standard error. */
export function printError(error: unknown, json: boolean): void {
  const described = describeError(error)
  if (json) print(described.message, { error: described }, true)
  else process.stderr.write(`${described.message}\n`)
}

export function print(text: string, value: unknown, json: boolean): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${text}\n`)
}

/** Rows under headings, columns as wide as they need. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows]
  const widths = headings.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
