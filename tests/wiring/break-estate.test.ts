import { expect, test } from 'vitest'
import { type FaultKind, faultKinds } from '../../src/machine/notices.ts'
import { seededRandom } from '../../src/shared/random.ts'
import { createEstate } from '../../src/simulator/estate/estate.ts'
import { noticeOf } from '../../src/simulator/estate/fault.ts'
import type { GeneratorBeside } from '../../src/simulator/estate/run-beside.ts'
import { breakEstate } from '../../src/wiring/break-estate.ts'

const AT = Date.UTC(2026, 2, 2, 10)

/** A generator's answers without its thread. */
function generatorOf(servers: number) {
  const estate = createEstate({ servers, seed: 1, faultsPerDay: 0 })
  const generator: GeneratorBeside = {
    async inject(kind, resource, seconds) {
      const fault = estate.faults.inject(kind, resource, AT, seconds)
      return fault && noticeOf(fault, false)
    },
    stop: async () => {},
  }
  return { generator, estate }
}
const breaking = (servers: number, generator: GeneratorBeside | undefined, seed = 1) => ({
  generator,
  servers,
  random: seededRandom(seed),
})

test('says what breaks, since when and until when', async () => {
  const { generator } = generatorOf(10)
  const wanted = { kind: 'cpu_saturation', resource: 'server-0003', seconds: 90 } as const
  expect(await breakEstate(wanted, breaking(10, generator))).toEqual({
    id: expect.stringContaining('server-0003'),
    kind: 'cpu_saturation',
    resource: 'server-0003',
    started_at: '2026-03-02T10:00:00.000Z',
    ends_at: '2026-03-02T10:01:30.000Z',
  })
})

test.each<[string, FaultKind, string]>([
  ['a server that there is not', 'cpu_saturation', 'server-0011'],
  ['a name of nothing', 'silence', 'x'.repeat(64)],
  ['a kind that cannot happen to a server', 'crash_loop', 'server-0001'],
  ['a kind that cannot happen to a service', 'disk_filling', 'checkout'],
])('%s is an invalid request that names the resource', async (_title, kind, resource) => {
  const { generator } = generatorOf(10)
  await expect(breakEstate({ kind, resource, seconds: 60 }, breaking(10, generator))).rejects.toMatchObject({
    reason: 'invalid_request',
    message: expect.stringContaining(resource),
  })
})

test.each<[string, GeneratorBeside | undefined]>([
  ['without a generator', undefined],
  ['while the generator is away', { inject: async () => 'away', stop: async () => {} }],
])('%s nothing can be broken', async (_title, generator) => {
  await expect(breakEstate({ kind: 'silence', seconds: 60 }, breaking(10, generator))).rejects.toMatchObject({
    reason: 'estate_not_simulated',
  })
})

test.each([1, 2, 10, 39, 1000])(
  'of %i servers, what is chosen is there, whatever kind it is: a service has instances',
  async servers => {
    const { generator, estate } = generatorOf(servers)
    const served = new Set(estate.plan.instances.map(({ service }) => service.name))
    const names = new Set([...estate.plan.resources.map(({ name }) => name), ...served])
    for (const kind of faultKinds)
      for (let seed = 1; seed <= 20; seed++) {
        const { resource } = await breakEstate({ kind, seconds: 60 }, breaking(servers, generator, seed))
        expect(names).toContain(resource)
      }
  },
)
