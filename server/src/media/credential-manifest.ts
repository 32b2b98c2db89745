/** What is public about a generated file. Never the prompt, a person, an account or an address. */
export type GeneratedFileFacts = {
  serviceName: string
  serviceVersion: string
  /** The random id of the output; also the title. */
  outputId: string
  mimeType: string
  modelId: string
  modelVersion: string
  /** When it was made. */
  at: Date
  /** `trained`: by a trained model; `algorithmic`: by plain code, such as `draft`. */
  source: 'trained' | 'composite' | 'algorithmic'
  /** Reverse domain of the deployment, e.g. `com.example`; it prefixes our own assertion. */
  reverseDomain: string
  /** Where anybody can check the output. */
  verifyUrl: string
  /** `instanceId`s of the references that went in. */
  ingredientIds?: string[]
}

const sourceTypes = {
  trained: 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
  composite: 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia',
  algorithmic: 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia',
} as const

/**
 * The manifest definition of a generated file. `created: true` puts an assertion under our own name, and the actions
 * must begin with `c2pa.created`: without it readers call the file invalid.
 */
export function generatedFileManifest(facts: GeneratedFileFacts): Record<string, unknown> {
  const ingredientIds = facts.ingredientIds ?? []
  return {
    claim_generator_info: [{ name: facts.serviceName, version: facts.serviceVersion }],
    title: facts.outputId,
    format: facts.mimeType,
    assertions: [
      {
        label: 'c2pa.actions.v2',
        created: true,
        data: {
          actions: [
            {
              action: 'c2pa.created',
              when: facts.at.toISOString(),
              digitalSourceType: sourceTypes[facts.source],
              softwareAgent: { name: facts.modelId, version: facts.modelVersion },
              ...(ingredientIds.length > 0 ? { parameters: { ingredientIds } } : {}),
            },
          ],
        },
      },
      {
        label: `${facts.reverseDomain}.generation`,
        created: true,
        data: { outputId: facts.outputId, model: facts.modelId, verify: facts.verifyUrl },
      },
    ],
  }
}
