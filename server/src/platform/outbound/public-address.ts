import ipaddr from 'ipaddr.js'

// Public by range, yet a door into a cloud's own machinery (Azure's wire server).
const metadataAddresses = new Set(['168.63.129.16'])
const globalUnicast: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3]

/**
 * Whether an IP address belongs to the public Internet. Loopback, private, link-local (with the metadata services of
 * clouds), carrier-grade NAT, multicast, documentation and reserved ranges are not; neither are the IPv6 forms that
 * carry an IPv4 address (mapped, NAT64, 6to4, Teredo), because a gateway would turn them into any of those.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  if (parsed.kind() === 'ipv4')
    return parsed.range() === 'unicast' && !metadataAddresses.has(parsed.toString())
  const ipv6 = parsed as ipaddr.IPv6
  return ipv6.range() === 'unicast' && ipv6.match(globalUnicast)
}

/** The address in a URL's host, when it is one and not a name. Brackets of IPv6 are taken off. */
export function literalAddress(hostname: string): string | null {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  return ipaddr.isValid(bare) ? bare : null
}
