/** A race whose ports a test plays: releases, incidents, traffic and the twin of the fleet. */
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { prepareDatabase } from '../../src/db/open.ts'
import { createRaces, raceMigrations } from '../../src/race/index.ts'
import type { VehicleProgress } from '../../src/race/vehicle-lane.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const HOUR = 3600_000

export function createRaceWorld(path = join(temporaryFolder(), 'licenses.db')) {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const clock = fakeClock()
  const database = { path, busyTimeoutMs: 100 }
  prepareDatabase(database, [raceMigrations], () => {})
  const lines: Record<string, unknown>[] = []
  const log = new Proxy({} as never, {
    get: () => (event: string, _message: string, fields: object) => void lines.push({ event, ...fields }),
  })
  const cloud = {
    version: '1.4.1',
    incident: null as { subject: string; acknowledged: boolean } | null,
    possible: true,
    shipped: 0,
  }
  const traffic = { running: false, ended: 0 }
  const twins: {
    options: { vehicles: number; seed: number; factor: number; fromMs: number }
    tell: (progress: VehicleProgress) => void
    fail: (error: Error) => void
    stopped: boolean
  }[] = []

  const races = createRaces({
    database,
    clock,
    log,
    cloud: {
      faultsPossible: () => cloud.possible,
      async ship() {
        cloud.shipped++
        cloud.version = '1.4.2'
        return { version: '1.4.2', commit: 'abc1234' }
      },
      rollback() {
        cloud.version = '1.4.1'
        cloud.incident = null
      },
      runs: () => cloud.version,
      incident: () => cloud.incident,
      acknowledge() {
        if (cloud.incident) cloud.incident = { ...cloud.incident, acknowledged: true }
      },
    },
    traffic: {
      ensure(rate) {
        traffic.running = true
        return { simulated: true, rate }
      },
      release() {
        traffic.running = false
        traffic.ended++
      },
    },
    twin: {
      assumptions: [{ step: 'ticket', hours: 24, why: 'read on the next day' }],
      start(options) {
        let progress: (told: VehicleProgress) => void = () => {}
        let failure: (error: Error) => void = () => {}
        const twin = {
          options,
          tell: (told: VehicleProgress) => progress(told),
          fail: (error: Error) => failure(error),
          stopped: false,
        }
        twins.push(twin)
        return {
          onProgress: listener => {
            progress = listener
          },
          onFailure: listener => {
            failure = listener
          },
          stop: async () => {
            twin.stopped = true
          },
        }
      },
    },
  })

  /** Lets real time pass, a quarter of a second after the other. */
  function pass(seconds: number, each: () => void = () => {}) {
    for (let quarter = 0; quarter < seconds * 4; quarter++) {
      clock.advance(250)
      each()
      vi.advanceTimersByTime(250)
    }
  }
  /** A borrow each quarter of a second; every other fails while the release runs. */
  let borrows = 0
  const borrow = () => {
    const failed = cloud.version === '1.4.2' && borrows % 2 === 0
    races.decided({ user: `user ${borrows++ % 7}`, failed })
  }
  const told = (hours: number, more: Partial<VehicleProgress> = {}): VehicleProgress => ({
    simulated_ms: hours * HOUR,
    steps: [],
    vehicles: 100,
    affected: 3,
    good: 0,
    done: false,
    ...more,
  })
  const frame = async () => (await races.topics.race.produce()).race
  return { path, races, clock, cloud, traffic, twins, lines, pass, borrow, told, frame }
}
