import { expect, test } from 'vitest'
import { createIntake } from '../../src/ingest/intake.ts'
import { Failure } from '../../src/shared/errors.ts'
import { fakeClock } from '../support/fake-clock.ts'

type Fate = 'stored' | 'dead'
const PAYLOAD_MAX = 1000

const message = (text: string) => ({
  topic: 'fleet/vehicle_1/telemetry',
  payload: Buffer.from(text),
  retain: false,
})
const settled = () => new Promise(resolve => setImmediate(resolve))

/** A disk that the test breaks and mends, and time that passes when the test says so. */
function world(waitingMax?: number) {
  let broken: Error | null = null
  const written: string[] = []
  const asides: string[] = []
  const taken: string[] = []
  const blocked: boolean[] = []
  const waits: number[] = []
  let wake: () => void = () => {}
  const fates: Fate[] = []
  const intake = createIntake<Fate>({
    async write({ payload }) {
      if (broken) throw broken
      written.push(payload)
      return 'stored'
    },
    async setAside(_arrival, detail) {
      asides.push(detail)
      return 'dead'
    },
    clock: fakeClock(),
    payloadMax: PAYLOAD_MAX,
    taken(fate, { payload }) {
      fates.push(fate)
      taken.push(payload)
    },
    blocked: error => void blocked.push(error !== null),
    wait: ms =>
      new Promise(resolve => {
        waits.push(ms)
        wake = resolve
      }),
    ...(waitingMax !== undefined && { waitingMax }),
  })
  return {
    intake,
    written,
    asides,
    taken,
    fates,
    blocked,
    waits,
    fail(error: Error | null) {
      broken = error
    },
    async passTime() {
      wake()
      await settled()
    },
  }
}
const locked = new Failure('storage_locked', 'Another program holds the database.')

test('messages wait while the disk does not take them, and none is lost or written twice', async () => {
  const w = world()
  w.fail(locked)
  const all = ['a', 'b', 'c'].map(text => w.intake.receive(message(text)))
  await settled()
  expect(w.intake.waiting).toBe(3)
  expect(w.written).toEqual([])
  for (let round = 0; round < 10; round++) await w.passTime()
  expect(w.blocked).toEqual([true])
  // It asks more and more seldom, once for all who wait.
  expect(w.waits.slice(0, 4)).toEqual([100, 200, 400, 800])
  expect(Math.max(...w.waits)).toBe(5000)
  w.fail(null)
  await w.passTime()
  await Promise.all(all)
  expect(w.written).toEqual(['a', 'b', 'c'])
  expect(w.taken).toEqual(['a', 'b', 'c'])
  expect(w.blocked).toEqual([true, false])
  expect(w.intake.waiting).toBe(0)
})

test('beyond its bound it refuses, and takes again when there is room', async () => {
  const w = world(2)
  w.fail(locked)
  const first = [w.intake.receive(message('a')), w.intake.receive(message('b'))]
  await expect(w.intake.receive(message('c'))).rejects.toMatchObject({ reason: 'overloaded' })
  await settled()
  w.fail(null)
  await w.passTime()
  await Promise.all(first)
  await w.intake.receive(message('c'))
  expect(w.written).toEqual(['a', 'b', 'c'])
})

test('a message that breaks the writer is set aside, not sent again for ever', async () => {
  const w = world()
  w.fail(new TypeError('a fault of ours'))
  await w.intake.receive(message('a'))
  expect(w.asides).toEqual(['TypeError: a fault of ours'])
  expect(w.fates).toEqual(['dead'])
})

test('when the server stops, what is not durable stays with its sender', async () => {
  const w = world()
  w.fail(locked)
  const refused = expect(w.intake.receive(message('a'))).rejects.toMatchObject({ reason: 'storage_locked' })
  await settled()
  w.intake.stop()
  await w.passTime()
  await refused
})

test('no more of a huge payload is carried to the writer than it takes to see that it is huge', async () => {
  const w = world()
  for (const length of [PAYLOAD_MAX, PAYLOAD_MAX + 1, 250 * PAYLOAD_MAX])
    await w.intake.receive(message('x'.repeat(length)))
  expect(w.written.map(({ length }) => length)).toEqual([PAYLOAD_MAX, PAYLOAD_MAX + 1, PAYLOAD_MAX + 1])
})
