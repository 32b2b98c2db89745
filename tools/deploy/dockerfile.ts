export interface Instruction {
  name: string
  words: string[]
  line: number
}

/** The instructions of a Dockerfile, comments dropped and continued lines joined. */
export function readDockerfile(text: string): Instruction[] {
  const instructions: Instruction[] = []
  let open: { text: string; line: number } | null = null
  text.split('\n').forEach((raw, index) => {
    if (raw.trim() === '' || raw.trimStart().startsWith('#')) return
    const started: { text: string; line: number } = open ?? { text: '', line: index + 1 }
    started.text += `${raw.replace(/\\\s*$/, '').trim()} `
    open = /\\\s*$/.test(raw) ? started : null
    if (open) return
    const [name = '', ...words] = started.text.trim().split(/\s+/)
    instructions.push({ name: name.toUpperCase(), words, line: started.line })
  })
  return instructions
}

export interface Stage {
  name: string
  image: string
  instructions: Instruction[]
}

/** The build stages, in order. */
export function stagesOf(instructions: readonly Instruction[]): Stage[] {
  const stages: Stage[] = []
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') {
      const [image = '', , name = `${stages.length}`] = instruction.words
      stages.push({ name, image, instructions: [] })
    } else stages.at(-1)?.instructions.push(instruction)
  }
  return stages
}

/** What a COPY takes and where from; `from` is a stage's name or null for the build context. */
export function copyOf(instruction: Instruction): { from: string | null; sources: string[] } {
  const flags = instruction.words.filter((word) => word.startsWith('--'))
  const paths = instruction.words.filter((word) => !word.startsWith('--'))
  const from = flags.find((flag) => flag.startsWith('--from='))?.slice('--from='.length) ?? null
  return { from, sources: paths.slice(0, -1) }
}
