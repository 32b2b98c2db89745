import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isPublicAddress, literalAddress } from './public-address.ts'

test.each([
  '127.0.0.1',
  '127.255.0.9',
  '0.0.0.0',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::7f00:1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::7f00:1',
  '64:ff9b:1::1',
  '2002:7f00:1::1',
  '2001::1',
  '2001:db8::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  '100::1',
  '4000::1',
  'not an address',
])('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false)
})

test.each(['8.8.8.8', '1.1.1.1', '93.184.216.34', '2606:4700::1111', '2a00:1450:4001:81b::200e'])(
  '%s is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true)
  },
)

test('no way of writing a loopback address passes', () => {
  const octet = fc.nat({ max: 255 })
  fc.assert(
    fc.property(octet, octet, octet, (b, c, d) => {
      const number = 127 * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d
      const forms = [
        `127.${b}.${c}.${d}`,
        String(number),
        `0x${number.toString(16)}`,
        `[::ffff:127.${b}.${c}.${d}]`,
      ]
      for (const form of forms) {
        const literal = literalAddress(new URL(`http://${form}/`).hostname)
        expect(literal).not.toBeNull()
        expect(isPublicAddress(literal ?? '')).toBe(false)
      }
    }),
  )
})
