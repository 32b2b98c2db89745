import { bytes } from '../../lib/format.ts'

export const referenceTypes = ['image/png', 'image/jpeg', 'image/webp'] as const
/** The server's own limit for an image; asked for here so that nobody waits for an upload that is refused. */
export const referenceBytesMax = 20 * 1024 * 1024

/** Why a file cannot be a reference, in one sentence, or null when it can. */
export function referenceFault(file: { type: string; size: number; name: string }): string | null {
  if (!(referenceTypes as readonly string[]).includes(file.type)) {
    return `${file.name || 'This file'} is no PNG, JPEG or WebP image. Nothing was uploaded.`
  }
  if (file.size > referenceBytesMax) {
    return `${file.name || 'This image'} has ${bytes(file.size)}; a reference may have ${bytes(referenceBytesMax)}. Nothing was uploaded.`
  }
  if (file.size === 0) return `${file.name || 'This file'} is empty. Nothing was uploaded.`
  return null
}
