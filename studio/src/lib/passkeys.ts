/**
 * Whether this page can use passkeys: the browser has the JSON forms of WebAuthn (Safari since 18.4, Firefox since
 * 119, Chrome since 129), the origin is secure, and it has a name. WebAuthn knows no bare IP addresses.
 */
export const passkeysWork =
  isSecureContext &&
  typeof PublicKeyCredential !== 'undefined' &&
  'parseRequestOptionsFromJSON' in PublicKeyCredential &&
  !/^(?:[\d.]+|\[.*\])$/.test(location.hostname)
