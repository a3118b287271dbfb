import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../../../src/shared/random.ts'
import { createApps } from '../../../src/simulator/vehicles/apps.ts'
import { freshConnectivity, stepConnectivity } from '../../../src/simulator/vehicles/connectivity.ts'
import {
  type Diagnostics,
  dtcCodes,
  dtcsOf,
  noDiagnostics,
  stepDiagnostics,
} from '../../../src/simulator/vehicles/diagnostics.ts'
import { createScheduler } from '../../../src/simulator/vehicles/scheduler.ts'
import { appToken } from '../../../src/vehicle/credentials.ts'
import { DTC_CODE } from '../../../src/vehicle/messages.ts'
import { fakeClock } from '../../support/fake-clock.ts'

/** The share of time without coverage, and the changes of network a minute. */
function watch(seconds: number, outages = true) {
  const random = seededRandom(4)
  let now = freshConnectivity(random)
  const steps = 400_000 / seconds
  let [out, changes] = [0, 0]
  for (let step = 0; step < steps; step++) {
    const next = stepConnectivity(now, seconds, random, outages)
    if (next.outage) out++
    if (next.signalDbm !== now.signalDbm) changes++
    if (next.dataUsageMb < now.dataUsageMb) throw new Error('data usage went back')
    now = next
  }
  return { out: out / steps, perMinute: (changes * 60) / (steps * seconds) }
}

test.each([1, 5, 30])('outages and networks follow the minutes and not the steps of %d seconds', seconds => {
  const { out, perMinute } = watch(seconds)
  // In the long run: 2 % a minute lose it, 30 % find it again.
  expect(out).toBeGreaterThan(0.04)
  expect(out).toBeLessThan(0.09)
  expect(perMinute).toBeGreaterThan(0.04)
  expect(perMinute).toBeLessThan(0.06)
  expect(watch(seconds, false).out).toBe(0)
})

test('trouble codes are valid, pending at first, confirmed when seen again, and cleared some day', () => {
  expect(dtcCodes.every(code => DTC_CODE.test(code))).toBe(true)
  const random = seededRandom(8)
  const ways = new Set<string>()
  const last = new Map<string, string>()
  let now: Diagnostics = noDiagnostics
  for (let minute = 0; minute < 60 * 24 * 60; minute++) {
    now = stepDiagnostics(
      now,
      { seconds: 60, trips: Math.floor(minute / 30), parked: minute % 30 > 15 },
      random,
    )
    const told = new Map(dtcsOf(now).map(({ code, status }) => [code as string, status as string]))
    if (told.size !== now.length) throw new Error('a code twice')
    for (const code of new Set([...told.keys(), ...last.keys()])) {
      const [from, to] = [last.get(code) ?? 'none', told.get(code) ?? 'none']
      if (from !== to) ways.add(`${from} → ${to}`)
      if (to === 'none') last.delete(code)
      else last.set(code, to)
    }
  }
  expect([...ways].sort()).toEqual([
    'confirmed → none',
    'none → pending',
    'pending → confirmed',
    'pending → none',
  ])
})

test('everything is done when it is due, in order, unless it is taken back', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.boolean())), asked => {
      const clock = fakeClock()
      const scheduler = createScheduler(clock)
      const done: [number, number][] = []
      asked.forEach(([ms, takesBack], index) => {
        const forget = scheduler.after(ms, () => done.push([ms, index]))
        if (takesBack) forget()
      })
      for (let ms = 0; ms <= 50; ms++) {
        scheduler.run()
        expect(done.every(([due]) => due <= ms)).toBe(true)
        clock.advance(1)
      }
      const expected = asked
        .map(([ms, takesBack], index) => ({ ms, index, takesBack }))
        .filter(({ takesBack }) => !takesBack)
        .sort((a, b) => a.ms - b.ms || a.index - b.index)
      expect(done).toEqual(expected.map(({ ms, index }) => [ms, index]))
      expect(scheduler.size()).toBe(0)
    }),
  )
})

test('owners’ apps ask at their rate, with their vehicle’s token but for a share, and survive a server that does not', async () => {
  const clock = fakeClock()
  const scheduler = createScheduler(clock)
  const asked: { path: string; method: string; token: string; body: string | undefined }[] = []
  const apps = createApps({
    send(path, { method, headers, body }) {
      asked.push({ path, method, token: headers.authorization ?? '', body })
      if (asked.length % 10 === 0) return Promise.reject(new Error('gone'))
      return Promise.resolve(new Response('{}', { status: 200 }))
    },
    key: 'a key',
    vehicles: ['vehicle_00001', 'vehicle_00002'],
    rate: 20,
    random: seededRandom(1),
    scheduler,
  })
  apps.start()
  for (let turn = 0; turn < 300; turn++) {
    clock.advance(100)
    scheduler.run()
    await new Promise(resolve => setImmediate(resolve))
  }
  apps.stop()
  expect(asked.length).toBeGreaterThan(590)
  expect(asked.length).toBeLessThan(610)
  expect(apps.counts().failed).toBeGreaterThan(50)
  const paths = new Set(asked.map(({ method, path }) => `${method} ${path.split('?')[0]}`))
  expect(paths.size).toBe(9)
  const vehicleOf = (text: string) => /vehicle_0000[12]/.exec(text)?.[0] ?? ''
  const wrong = asked.filter(
    ({ path, body, token }) => token !== `Bearer ${appToken('a key', vehicleOf(body ?? path))}`,
  )
  expect(wrong.length).toBeGreaterThan(3)
  expect(wrong.length).toBeLessThan(30)
})
