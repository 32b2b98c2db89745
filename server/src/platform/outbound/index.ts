export type { Downloaded } from './download.ts'
export {
  createOutbound,
  type DownloadOptions,
  type Outbound,
  type OutboundOptions,
  type RequestLimits,
} from './outbound.ts'
export { OutboundError, type OutboundErrorCode, wasNeverSent } from './outbound-error.ts'
export { isPublicAddress } from './public-address.ts'
export type { Deadlines } from './send.ts'
