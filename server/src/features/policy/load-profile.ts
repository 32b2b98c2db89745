import { readFileSync } from 'node:fs'
import path from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { type Profile, profileSchema } from './profile.ts'

/** Everything that is wrong with a profile, at once: one line a fault, with its place. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError'
  readonly faults: readonly string[]

  constructor(source: string, faults: readonly string[]) {
    super(`The profile ${source} cannot be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    this.faults = faults
  }
}

export const defaultProfilePath = path.join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  '..',
  'profiles',
  'default.yaml',
)

/**
 * Reads a profile from a YAML file or checks one that is given as an object.
 *
 * @throws ProfileError with every fault together
 */
export function loadProfile(source: string | object = defaultProfilePath): Profile {
  if (typeof source !== 'string') return check(source, 'given', () => undefined)
  let text: string
  try {
    text = readFileSync(source, 'utf8')
  } catch (error) {
    throw new ProfileError(source, [`the file cannot be read (${(error as NodeJS.ErrnoException).code})`])
  }
  return parseProfile(text, source)
}

/** @throws ProfileError */
export function parseProfile(yaml: string, source = 'given'): Profile {
  const lines = new LineCounter()
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false, schema: 'core' })
  if (document.errors.length > 0) {
    throw new ProfileError(
      source,
      document.errors.map((error) => `line ${lines.linePos(error.pos[0]).line}: ${error.message}`),
    )
  }
  return check(document.toJS(), source, (at) => {
    // A missing key has no place of its own: its nearest existing parent has.
    for (let length = at.length; length > 0; length -= 1) {
      const node = document.getIn(at.slice(0, length), true)
      const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined
      if (Array.isArray(range)) return lines.linePos(range[0] as number).line
    }
    return undefined
  })
}

function check(
  value: unknown,
  source: string,
  lineOf: (at: (string | number)[]) => number | undefined,
): Profile {
  const result = profileSchema.safeParse(value, { reportInput: true })
  if (result.success) return result.data
  const faults = result.error.issues.flatMap((issue) => {
    const at = issue.path.filter((part) => typeof part !== 'symbol')
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => sentence([...at, key], lineOf([...at, key]), 'is not known here'))
    }
    const missing = at.length > 0 && issue.input === undefined
    return [sentence(at, lineOf(at), missing ? 'is missing' : issue.message)]
  })
  throw new ProfileError(source, faults)
}

function sentence(at: readonly (string | number)[], line: number | undefined, problem: string): string {
  const place = at.length === 0 ? 'the profile' : at.join('.')
  return `${place}${line === undefined ? '' : ` (line ${line})`}: ${problem}`
}
