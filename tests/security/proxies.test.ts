/** The wall of limits: an address is what trusted proxies say, and what anybody says is nothing. */

import { isIP } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressBehind, isHttpsBehind } from '../../src/http/forwarded.ts'
import { networkOf } from '../../src/http/network.ts'

const PEER = '10.0.0.9'

const chains: [string, number, string | undefined, string][] = [
  ['no proxy, no header', 0, undefined, PEER],
  ['no proxy: a header is anybody’s', 0, '203.0.113.7', PEER],
  ['one proxy', 1, '203.0.113.7', '203.0.113.7'],
  ['one proxy, and a visitor who lies', 1, '1.1.1.1, 203.0.113.7', '203.0.113.7'],
  ['one proxy, and one who lies a lot', 1, `${'1.1.1.1,'.repeat(1500)}203.0.113.7`, '203.0.113.7'],
  ['one proxy that says nothing', 1, undefined, PEER],
  ['one proxy that says an empty thing', 1, '', PEER],
  ['two proxies', 2, '203.0.113.7, 10.0.0.1', '203.0.113.7'],
  ['two proxies, and a visitor who lies', 2, '1.1.1.1, 203.0.113.7, 10.0.0.1', '203.0.113.7'],
  ['two proxies, the outer one passed by', 2, '203.0.113.7', '203.0.113.7'],
  ['Fly: the visitor, then the address of the app', 2, '203.0.113.7, 66.241.124.230', '203.0.113.7'],
  ['Fly, and a visitor who lies', 2, '2.2.2.2, 203.0.113.7, 2a09:8280:1::af:1aa1:0', '203.0.113.7'],
  ['ten trusted, three there', 10, '203.0.113.7, 10.0.0.2, 10.0.0.1', '203.0.113.7'],
  ['a port', 1, '203.0.113.7:51234', '203.0.113.7'],
  ['IPv6', 1, '2001:db8::7', '2001:db8::7'],
  ['IPv6 in brackets', 1, '[2001:db8::7]', '2001:db8::7'],
  ['IPv6 with a port', 1, '[2001:db8::7]:443', '2001:db8::7'],
  ['IPv6 with an interface', 1, 'fe80::1%eth0', 'fe80::1'],
  ['IPv4 in IPv6', 1, '::ffff:203.0.113.7', '203.0.113.7'],
  ['no address', 1, 'unknown', PEER],
  ['a name', 1, 'evil.example', PEER],
  ['a script', 1, '<script>', PEER],
  ['the entry that counts is no address', 1, '203.0.113.7, _hidden', PEER],
  ['numbers that are none', 1, '999.1.1.1:80', PEER],
  ['spaces', 1, '   203.0.113.7   ', '203.0.113.7'],
]
test.each(chains)('%s (%i trusted, %j): the client is %s', (_title, trusted, forwarded, address) => {
  expect(addressBehind(PEER, forwarded, trusted)).toBe(address)
})

test('whatever a visitor adds on the left, the client is the same, and is an address', () => {
  fc.assert(
    fc.property(fc.string(), fc.ipV4(), fc.integer({ min: 1, max: 4 }), (lies, client, trusted) => {
      const honest = [client, ...Array<string>(trusted - 1).fill('10.0.0.1')].join(', ')
      expect(addressBehind(PEER, `${lies}, ${honest}`, trusted)).toBe(client)
    }),
  )
  fc.assert(
    fc.property(fc.string(), fc.nat(10), (anything, trusted) => {
      expect(isIP(addressBehind(PEER, anything, trusted))).not.toBe(0)
    }),
  )
})

test.each([
  [0, 'https', undefined],
  [1, undefined, undefined],
  [1, 'https', true],
  [1, 'HTTPS', true],
  [1, 'http', false],
  [1, 'https, http', false],
  [1, 'http, https', true],
  [2, 'https', true],
  [2, 'https, http', true],
  [1, 'https;', false],
] as const)('with %i trusted, X-Forwarded-Proto %j means https: %s', (trusted, proto, isHttps) => {
  expect(isHttpsBehind(proto, trusted)).toBe(isHttps)
})

test.each([
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::1', true],
  ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
  ['2001:db8::', '2001:0db8:0:0:ffff::', true],
  ['203.0.113.7', '203.0.113.8', false],
  ['::1', '::2', true],
])('%s and %s are one customer: %s', (first, second, isOne) => {
  expect(networkOf(first) === networkOf(second)).toBe(isOne)
})
