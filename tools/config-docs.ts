import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { z } from 'zod'
import { environment, groups, notes, type VariableNotes } from '../server/src/config/environment.ts'

// The reference page and the example environment are rendered from the schema that reads the variables, so that
// neither can drift. `--check` fails when a file is not what would be written.

const root = path.resolve(import.meta.dirname, '..')

interface Variable extends VariableNotes {
  name: string
  defaultText: string
}

function variables(): Variable[] {
  return Object.entries(environment.shape).map(([name, schema]) => {
    const found = notes.get(schema)
    if (!found) throw new Error(`${name} has no description`)
    return { name, defaultText: found.shownDefault ?? defaultOf(schema), ...found }
  })
}

/** The default as it is written in the schema, below whatever wraps it. */
function defaultOf(schema: z.core.$ZodType): string {
  const definition = schema._zod.def as {
    type: string
    defaultValue?: unknown
    innerType?: z.core.$ZodType
    in?: z.core.$ZodType
  }
  if (definition.type === 'default' || definition.type === 'prefault') return String(definition.defaultValue)
  const inner = definition.innerType ?? definition.in
  return inner ? defaultOf(inner) : ''
}

/** The table of the reference page and of the README. */
export function configurationTable(all: readonly Variable[] = variables()): string {
  const rows = all.map(
    ({ name, defaultText, description }) =>
      `| \`${name}\` | ${defaultText === '' ? '' : `\`${defaultText}\``} | ${description.replaceAll('|', '\\|')} |`,
  )
  return ['| variable | default | meaning |', '|---|---|---|', ...rows].join('\n')
}

function page(): string {
  const all = variables()
  const sections = Object.entries(groups).map(
    ([group, title]) =>
      `## ${title}\n\n${configurationTable(all.filter((variable) => variable.group === group))}\n`,
  )
  return `<!-- Made by tools/config-docs.ts from server/src/config/environment.ts: change it there. -->

# Configuration

Backlot starts without any of these. They come from the environment, or from a file \`.env\` in the folder of the
repository; the environment wins, and an empty value counts as absent. All faults are reported together before
anything starts, and so is a variable that begins with \`BACKLOT_\` and is not in this list.

What a deployment promises (its name, contacts, free credits, retention, red lines) is not here but in its
[profile](../profiles/default.yaml).

${sections.join('\n')}`
}

function example(): string {
  const all = variables()
  const sections = Object.entries(groups).map(([group, title]) => {
    const lines = all
      .filter((variable) => variable.group === group)
      .map(({ name, description, defaultText, shownDefault }) => {
        const value = shownDefault === undefined ? defaultText : ''
        const absent = shownDefault === undefined ? '' : ` Default: ${shownDefault}.`
        return `# ${description.replaceAll('`', '')}${absent.replaceAll('`', '')}\n#${name}=${value}\n`
      })
    return `# --- ${title} ---\n\n${lines.join('\n')}`
  })
  return `# Made by tools/config-docs.ts from server/src/config/environment.ts: change it there.
# Copy to .env and remove the # before what you set. Nothing has to be set.

${sections.join('\n')}`
}

const marks = /(<!-- configuration: ([A-Z_ ]+) -->\n)[\s\S]*?(<!-- \/configuration -->)/

/** The README with the table between its marks replaced; the first mark names the variables that it shows. */
function readme(text: string): string {
  return text.replace(marks, (_all, start: string, names: string, end: string) => {
    const shown = names.split(' ').map((name) => {
      const found = variables().find((variable) => variable.name === name)
      if (!found) throw new Error(`README.md names ${name}, which does not exist`)
      return found
    })
    return `${start}\n${configurationTable(shown)}\n\n${end}`
  })
}

if (import.meta.main) {
  const files: [string, string][] = [
    ['docs/configuration.md', page()],
    ['deploy/example.env', example()],
  ]
  const readmeFile = path.join(root, 'README.md')
  if (existsSync(readmeFile)) files.push(['README.md', readme(readFileSync(readmeFile, 'utf8'))])
  const check = process.argv.includes('--check')
  for (const [name, text] of files) {
    const file = path.join(root, name)
    const current = existsSync(file) ? readFileSync(file, 'utf8') : undefined
    if (current === text) continue
    if (check) {
      process.stderr.write(`${name} is out of date: run node tools/config-docs.ts\n`)
      process.exitCode = 1
    } else {
      writeFileSync(file, text)
      process.stdout.write(`${name} written\n`)
    }
  }
}
