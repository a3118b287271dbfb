import { expect, test } from 'vitest'
import type { AppContext } from '../../src/http/context.ts'
import { rateLimit } from '../../src/http/rate-limit.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { expectProblem, statusOf } from '../support/wire.ts'
import { createWorld, type World } from '../support/world.ts'

const session = (name: string) => ({ cookie: `twinloop_session=${name.padEnd(22, '-')}` })
const from = (address: string) => ({ 'x-forwarded-for': address })

/** Behind one proxy, so that addresses count. 2 requests a second: bursts of 10, of an address 2000. */
const limited = () => createWorld({ rateLimitPerSecond: 2, trustedProxies: 1, logLevel: 'silent' })

async function passed(world: World, requests: number, headers: Record<string, string>): Promise<number> {
  let count = 0
  for (let index = 0; index < requests; index++)
    if ((await world.send('GET', '/healthz', undefined, headers)).status === 200) count++
  return count
}

test('a session may burst five seconds’ worth, then it is refused with 429 and a Retry-After, and recovers', async () => {
  const world = limited()
  expect(await passed(world, 12, session('a'))).toBe(10)
  const response = await world.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'a' }, session('a'))
  expect(response.headers.get('retry-after')).toBe('1')
  expect(await expectProblem(response, 'rate_limited')).toMatchObject({ retry_after_seconds: 1 })
  world.clock.advance(500)
  expect(await passed(world, 3, session('a'))).toBe(1)
  world.clock.advance(3_600_000)
  expect(await passed(world, 12, session('a'))).toBe(10)
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
})

test('waiting as long as Retry-After says is enough', async () => {
  const world = createWorld({ rateLimitPerSecond: 1, trustedProxies: 1, logLevel: 'silent' })
  await passed(world, 6, session('a'))
  const refused = await world.send('GET', '/healthz', undefined, session('a'))
  world.clock.advance(Number(refused.headers.get('retry-after')) * 1000)
  expect(await passed(world, 1, session('a'))).toBe(1)
})

test('a whole audience behind one address is fine: two hundred sessions at once', async () => {
  const world = limited()
  for (let seat = 0; seat < 200; seat++)
    expect(await passed(world, 5, { ...session(`s${seat}`), ...from('203.0.113.7') })).toBe(5)
})

test('a session that hammers is refused and takes nothing from the others at its address', async () => {
  const world = limited()
  expect(await passed(world, 2100, { ...session('greedy'), ...from('203.0.113.7') })).toBe(10)
  expect(await passed(world, 5, { ...session('modest'), ...from('203.0.113.7') })).toBe(5)
})

test('clients without a session, or with a new one each time, are limited by their address', async () => {
  const world = limited()
  expect(await passed(world, 2010, from('203.0.113.8'))).toBe(2000)
  const fresh = async (index: number) =>
    passed(world, 1, { ...session(`new${index}`), ...from('203.0.113.8') })
  expect([await fresh(1), await fresh(2), await fresh(3)]).toEqual([0, 0, 0])
  expect(await passed(world, 1, from('203.0.113.9'))).toBe(1)
})

test('RATE_LIMIT=0 means no limits', async () => {
  const world = createWorld({ rateLimitPerSecond: 0, trustedProxies: 1, logLevel: 'silent' })
  expect(await passed(world, 300, session('a'))).toBe(300)
})

test('this machine itself is exempt, unless a local proxy stands in front', async () => {
  const direct = createWorld({ rateLimitPerSecond: 1, logLevel: 'silent' })
  expect(await passed(direct, 50, session('a'))).toBe(50)
  const proxied = createWorld({ rateLimitPerSecond: 1, trustedProxies: 1, logLevel: 'silent' })
  expect(await passed(proxied, 50, session('a'))).toBe(5)
  expect(await passed(proxied, 50, { ...session('b'), ...from('127.0.0.1') })).toBe(5)
})

/** Whether two addresses are one client: the first uses up the tokens of an address, the second is refused. */
async function shareLimit(trustedProxies: number, first: string, second: string): Promise<boolean> {
  const world = createWorld({ rateLimitPerSecond: 1, trustedProxies, logLevel: 'silent' })
  await passed(world, 1000, from(first))
  return (await passed(world, 1, from(second))) === 0
}

const addresses: [number, string, string, boolean][] = [
  [1, '203.0.113.7', '203.0.113.7', true],
  [1, '203.0.113.7', '203.0.113.8', false],
  [1, '1.1.1.1, 203.0.113.7', '2.2.2.2, 203.0.113.7', true],
  [1, '203.0.113.7', '203.0.113.7, 203.0.113.8', false],
  [2, '203.0.113.7, 10.0.0.1', '203.0.113.7, 10.0.0.2', true],
  [2, '9.9.9.9, 203.0.113.7, 10.0.0.1', '8.8.8.8, 203.0.113.7,10.0.0.1', true],
  [2, '203.0.113.7, 10.0.0.1', '203.0.113.8, 10.0.0.1', false],
  [1, '2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
  [1, '2001:db8:1:2::1', '2001:db8:1:3::1', false],
  [1, '2001:db8::1', '2001:db8::2', true],
  [1, '2001:db8::1:0:0:1', '2001:db8:0:0:1:0:0:2', true],
  [1, 'unknown', 'unknown', true],
  [1, 'unknown', 'nonsense', true],
  [1, '', '', true],
]
test.each(addresses)(
  'behind %i proxies %j and %j share a limit: %s',
  async (proxies, first, second, shared) => {
    expect(await shareLimit(proxies, first, second)).toBe(shared)
  },
)

test('without a trusted proxy X-Forwarded-For says nothing', async () => {
  const world = createWorld({ rateLimitPerSecond: 1, logLevel: 'silent' })
  expect(await passed(world, 50, { ...session('a'), ...from('203.0.113.7') })).toBe(50)
})

test('the memory of clients is bounded: whoever was heard of longest ago is forgotten first', async () => {
  let name = ''
  const limit = rateLimit({ perSecond: 1, clock: fakeClock(), sessionOf: () => name, countLoopback: true })
  let address = 0
  async function ask(as: string): Promise<boolean> {
    name = as
    const facts = { address: `10.${(address >> 16) & 255}.${(address >> 8) & 255}.${address++ & 255}` }
    const req = { header: () => undefined, query: () => undefined, method: 'GET', path: '/' }
    const c = { req, get: () => facts, var: { facts } } as unknown as AppContext
    try {
      await limit(c, async () => {})
      return true
    } catch {
      return false
    }
  }
  const burst = async (as: string) => {
    for (let index = 0; index < 5; index++) await ask(as)
    return ask(as)
  }
  expect([await burst('early'), await burst('late')]).toEqual([false, false])
  for (let index = 0; index < 15_000; index++) await ask(`x${index}`)
  expect([await ask('early'), await ask('late')]).toEqual([false, false])
  for (let index = 0; index < 10_000; index++) await ask(`y${index}`)
  expect(await ask('late')).toBe(false)
  for (let index = 0; index < 20_000; index++) await ask(`z${index}`)
  expect([await ask('early'), await ask('late')]).toEqual([true, true])
})
