import type { Rendition } from '@backlot/contract'

const extensions: Readonly<Record<string, string>> = {
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'video/x-matroska': 'mkv',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
}
const lettersMax = 120

/** The usual extension of a media type that we store. */
export function extensionOf(mimeType: string): string {
  return extensions[mimeType] ?? 'bin'
}

/**
 * A file name that every system can save: the last part of a path, without control characters, characters that
 * Windows refuses or that turn the direction of writing around, no dots in front, at most 120 letters, and with the
 * extension of what the file really is.
 */
export function cleanFileName(name: string, mimeType: string, fallback: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? ''
  const stem = last
    .normalize('NFC')
    .replace(/\.[A-Za-z0-9]{1,5}$/, '')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}<>:"|?*]/gu, '')
    .replace(/\s+/gu, ' ')
    .replace(/^[.\s]+|[.\s]+$/gu, '')
  const short = [...stem].slice(0, lettersMax).join('').trim()
  return `${short === '' ? fallback : short}.${extensionOf(mimeType)}`
}

/** The name under which a rendition is saved: `film.mp4` gives `film-poster.jpg`. */
export function renditionFileName(fileName: string, rendition: Rendition, mimeType: string): string {
  if (rendition === 'original') return fileName
  const stem = fileName.replace(/\.[A-Za-z0-9]{1,5}$/, '')
  return `${stem}-${rendition}.${extensionOf(mimeType)}`
}

/**
 * Content-Disposition of RFC 6266: a plain ASCII name for old clients, and the real one encoded as RFC 8187 wants.
 * Nothing of the name can end the header or the quotes.
 */
export function contentDisposition(type: 'inline' | 'attachment', fileName: string): string {
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\%;]/gu, '_')
  const encoded = encodeURIComponent(fileName.toWellFormed()).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${type}; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
