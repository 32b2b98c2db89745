export {
  type Api,
  type ApiOptions,
  createApi,
  type HttpApp,
  type HttpContext,
  type RouteDefinition,
  type RouteInput,
} from './api.ts'
export { readJson } from './body.ts'
export { clientAddress, limitKey, parseTrustedProxies, type TrustedProxies } from './client-address.ts'
export { idempotencyKey } from './idempotency-key.ts'
export type { Access, Authenticate, Identity } from './identity.ts'
export { cutPage } from './page.ts'
export { problemOf, problemResponse, requestInvalid } from './problem-response.ts'
export { securityHeaders } from './security-headers.ts'
export { loadStaticFiles, type StaticFile, staticResponse } from './static-files.ts'
