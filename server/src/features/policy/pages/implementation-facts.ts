/** Names of what the program really uses, for the documents. They are no promises of the profile. */
export const implementation = {
  sealing: 'AES-256-GCM',
  fingerprint: 'SHA-256',
  database: 'PostgreSQL',
  credentialsRoot: '/.well-known/backlot-content-credentials.pem',
} as const
