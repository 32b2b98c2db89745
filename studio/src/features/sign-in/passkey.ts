import { call } from '../../lib/api.ts'

/** Asks the browser for a passkey of this site and signs in with it. */
export async function signInWithPasskey(): Promise<void> {
  const options = await call<PublicKeyCredentialRequestOptionsJSON>('/v1/sign-in/passkey-options', {
    method: 'POST',
  })
  const credential = (await navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
  })) as PublicKeyCredential | null
  if (!credential) throw new DOMException('no passkey was chosen', 'NotAllowedError')
  await call('/v1/sign-in/passkey', {
    method: 'POST',
    json: { response: credential.toJSON() },
  })
}

/** The browser's refusals in words; null when the person simply closed its window. */
export function passkeySentence(error: unknown): string | null {
  if (!(error instanceof DOMException)) return null
  if (error.name === 'NotAllowedError' || error.name === 'AbortError') {
    return 'No passkey was used. Try again, or sign in with your password.'
  }
  return 'This browser or device refused the passkey. Sign in with your password.'
}
