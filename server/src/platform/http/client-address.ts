import ipaddr from 'ipaddr.js'

/** A parsed list of addresses and CIDR ranges whose `X-Forwarded-For` is believed. */
export type TrustedProxies = readonly [ipaddr.IPv4 | ipaddr.IPv6, number][]

/** @throws RangeError naming the entry that is neither an address nor a range */
export function parseTrustedProxies(entries: readonly string[]): TrustedProxies {
  return entries.map((entry) => {
    try {
      if (entry.includes('/')) return ipaddr.parseCIDR(entry)
      const address = ipaddr.process(entry)
      return [address, address.kind() === 'ipv4' ? 32 : 128]
    } catch (cause) {
      throw new RangeError(`${entry} is neither an address nor a range such as 10.0.0.0/8`, { cause })
    }
  })
}

function isTrusted(address: string, proxies: TrustedProxies): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return proxies.some(([range, bits]) => range.kind() === parsed.kind() && parsed.match(range as never, bits))
}

/**
 * The address that a request comes from: the socket's, or, behind declared proxies, the last entry of
 * `X-Forwarded-For` that is not one of them. What an undeclared sender writes there is never believed.
 */
export function clientAddress(
  socketAddress: string,
  forwardedFor: string | null,
  proxies: TrustedProxies,
): string {
  let address = socketAddress
  if (forwardedFor === null) return plain(address)
  const hops = forwardedFor
    .split(',')
    .map((hop) => hop.trim())
    .slice(-20)
  while (hops.length > 0 && isTrusted(address, proxies)) {
    const next = hops.pop()
    if (next === undefined || !ipaddr.isValid(next)) break
    address = next
  }
  return plain(address)
}

function plain(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : address
}

/** Who shares a limit: an IPv4 address, or the /64 network that one IPv6 subscriber has to themselves. */
export function limitKey(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  return `${(parsed as ipaddr.IPv6).parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}
