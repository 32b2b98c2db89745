import { lookup } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { OutboundError } from './outbound-error.ts'
import { isPublicAddress } from './public-address.ts'

export interface ResolvedAddress {
  address: string
  family: number
}

export type Resolve = (hostname: string) => Promise<ResolvedAddress[]>

export const resolveBySystem: Resolve = (hostname) => lookup(hostname, { all: true })

/**
 * The look-up that a socket makes while it connects. It hands over the very addresses that were judged, so a name
 * cannot answer differently between the check and the connection. One address that is not public refuses the name.
 */
export function guardedLookup(resolve: Resolve, isGuarded: boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses
        if (!first) {
          callback(Object.assign(new Error('the name has no address'), { code: 'ENOTFOUND' }), '', 0)
          return
        }
        if (isGuarded && addresses.some((each) => !isPublicAddress(each.address))) {
          callback(
            new OutboundError('address_refused', 'the name leads to an address that is not public', {
              maybeSent: false,
            }),
            '',
            0,
          )
          return
        }
        if (options.all) callback(null, addresses)
        else callback(null, first.address, first.family)
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    )
  }
}
