import { generatedFileManifest } from '../../media/index.ts'

/**
 * What the Content Credentials of an output say: which service made it, with which model and version, when, and under
 * which id it can be looked up. Those four are what the law asks for (California SB 942, latent disclosure). Nothing
 * about the person and nothing of the prompt: a downloaded file travels.
 *
 * @param output.isTrainedModel false for `draft`, which draws by rules: calling it AI-made would be untrue
 * @param output.verifyUrl      page of this deployment where anybody can check the output
 */
export function outputManifest(output: {
  assetId: string
  mimeType?: string
  modelId: string
  modelName?: string
  modelVersion?: string
  isTrainedModel: boolean
  at: Date
  serviceName: string
  version: string
  verifyUrl: string
}): Record<string, unknown> {
  return generatedFileManifest({
    serviceName: output.serviceName,
    serviceVersion: output.version,
    outputId: output.assetId,
    mimeType: output.mimeType ?? 'video/mp4',
    modelId: output.modelId,
    modelVersion: output.modelVersion ?? output.version,
    at: output.at,
    source: output.isTrainedModel ? 'trained' : 'algorithmic',
    reverseDomain: reverseDomainOf(output.verifyUrl),
    verifyUrl: output.verifyUrl,
  })
}

/** Own assertions carry the deployment's domain; an address or a bare host has none to give. */
function reverseDomainOf(url: string): string {
  const host = new URL(url).hostname
  const isDomain = /^([a-z][a-z0-9-]*\.)+[a-z]{2,}$/.test(host)
  return isDomain ? host.split('.').reverse().join('.') : 'org.backlot'
}
