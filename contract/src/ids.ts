/** Prefix of each kind of id. The same string stands in the database, the API and the logs. */
export const idPrefixes = {
  account: 'acc',
  user: 'usr',
  session: 'ses',
  key: 'key',
  invitation: 'inv',
  signInMethod: 'sim',
  secondFactor: 'sef',
  passkey: 'pas',
  verification: 'ver',
  generation: 'gen',
  attempt: 'att',
  asset: 'ast',
  screening: 'scr',
  event: 'evt',
  request: 'req',
  mail: 'mal',
} as const

export type IdPrefix = (typeof idPrefixes)[keyof typeof idPrefixes]

// Crockford's base 32, lower case: sorts like the number it writes and has no look-alike letters.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

function base32(value: bigint, length: number): string {
  let text = ''
  let rest = value
  for (let index = 0; index < length; index += 1) {
    text = alphabet.charAt(Number(rest & 31n)) + text
    rest >>= 5n
  }
  return text
}

/**
 * A new id: prefix, underscore, 26 letters that sort by time (48 bits of milliseconds, then 80 random bits,
 * the layout of a ULID; PostgreSQL before 18 has no `uuidv7()`, so ids are made here).
 */
export function newId(prefix: IdPrefix, atMs: number = Date.now()): string {
  const random = crypto.getRandomValues(new Uint8Array(10))
  let bits = 0n
  for (const byte of random) bits = (bits << 8n) | BigInt(byte)
  return `${prefix}_${base32(BigInt(Math.trunc(atMs)), 10)}${base32(bits, 16)}`
}

/** True when `text` could have been made by `newId(prefix)`. Says nothing about whether it exists. */
export function isId(prefix: IdPrefix, text: string): boolean {
  return text.startsWith(`${prefix}_`) && /^[0-9a-hjkmnp-tv-z]{26}$/.test(text.slice(prefix.length + 1))
}
