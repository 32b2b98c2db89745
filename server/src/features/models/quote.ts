import type { AspectRatio, Capabilities, FieldFault, QuoteRequest, Resolution } from '@backlot/contract'

/** Prices are kept in ten-thousandths of a credit. */
export const creditScale = 10_000

/**
 * The price of a whole generation in whole credits: rate × seconds × outputs, rounded up once.
 *
 * @param creditsE4PerSecond ten-thousandths of a credit for a second of one output
 */
export function quoteCredits(creditsE4PerSecond: number, seconds: number, outputs: number): number {
  const total = BigInt(creditsE4PerSecond) * BigInt(seconds) * BigInt(outputs)
  const scale = BigInt(creditScale)
  return Number((total + scale - 1n) / scale)
}

/**
 * What is charged when only some outputs were delivered: their share of the quote, rounded up, so that all of them
 * come to exactly the quote and none to nothing.
 */
export function creditsForDelivered(quoted: number, delivered: number, outputs: number): number {
  return Number((BigInt(quoted) * BigInt(delivered) + BigInt(outputs) - 1n) / BigInt(outputs))
}

const shortSide: Record<Resolution, number> = { '480p': 480, '720p': 720, '1080p': 1080 }
const ratios: Record<AspectRatio, readonly [number, number]> = {
  '16:9': [16, 9],
  '9:16': [9, 16],
  '1:1': [1, 1],
}

/** Width and height in pixels, both even as H.264 needs them. */
export function frameSize(aspect: AspectRatio, resolution: Resolution): { width: number; height: number } {
  const [across, down] = ratios[aspect]
  const side = shortSide[resolution]
  const even = (value: number) => Math.round(value / 2) * 2
  return across >= down
    ? { width: even((side * across) / down), height: side }
    : { width: side, height: even((side * down) / across) }
}

/** Each parameter that the model cannot honour, named with what it can. Empty when all is well. */
export function capabilityFaults(
  capabilities: Capabilities,
  asked: Omit<QuoteRequest, 'model'> & { prompt?: string | undefined },
): FieldFault[] {
  const faults: FieldFault[] = []
  const fault = (field: string, message: string) => faults.push({ field, code: 'unsupported', message })
  const { seconds } = capabilities
  if (asked.seconds < seconds.min || asked.seconds > seconds.max) {
    fault('seconds', `This model makes ${seconds.min} to ${seconds.max} seconds.`)
  }
  if (!capabilities.aspect_ratios.includes(asked.aspect_ratio)) {
    fault('aspect_ratio', `This model makes ${capabilities.aspect_ratios.join(', ')}.`)
  }
  if (!capabilities.resolutions.includes(asked.resolution)) {
    fault('resolution', `This model makes ${capabilities.resolutions.join(', ')}.`)
  }
  if (asked.n > capabilities.outputs_max)
    fault('n', `This model makes at most ${capabilities.outputs_max} at once.`)
  if (asked.seed !== undefined && !capabilities.seed) fault('seed', 'This model takes no seed.')
  if (asked.reference_asset_id !== undefined && !capabilities.image_roles.includes('reference')) {
    fault('reference_asset_id', 'This model takes no reference image.')
  }
  if (asked.prompt !== undefined && [...asked.prompt].length > capabilities.prompt_characters_max) {
    faults.push({
      field: 'prompt',
      code: 'too_big',
      message: `This model reads at most ${capabilities.prompt_characters_max} characters.`,
    })
  }
  return faults
}
