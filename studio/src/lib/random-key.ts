/**
 * A key that nobody else will draw, for one press of a button. `crypto.randomUUID` exists only on secure origins; a
 * plain-HTTP address in the home network must work too.
 */
export function randomKey(): string {
  const random = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
