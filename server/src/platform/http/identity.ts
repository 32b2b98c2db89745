/** Who is asking. Found out once per request by whatever `createApi` was given as `authenticate`. */
export interface Identity {
  readonly kind: 'session' | 'key'
  readonly userId: string
  readonly accountId: string
  readonly role: 'creator' | 'operator'
  readonly sessionId: string | null
  readonly keyId: string | null
  readonly scopes: readonly string[]
}

/**
 * Who may call a route. `signed` routes prove themselves by their URL; everything else that is not `public` needs
 * an identity, and `operator` one with that role.
 */
export type Access = 'public' | 'signed' | 'account' | 'operator'

export type Authenticate = (request: Request, clientAddress: string) => Promise<Identity | null>
