/** The same incident on two paths: one race at a time, kept for good. The only door to this folder. */
import type { OpenOptions } from '../db/open.ts'
import type { Topic } from '../http/event-streams.ts'
import type { Operations } from '../http/operation.ts'
import type { Log } from '../observability/logger.ts'
import { type Clock, rfc3339 } from '../shared/clock.ts'
import { Failure } from '../shared/errors.ts'
import { newId } from '../shared/id.ts'
import type { RaceFrame, RaceRequest, RaceShape } from './api.ts'
import { createCloudLane, type Decided } from './cloud-lane.ts'
import { createRaceEvents } from './events.ts'
import type { CloudPort, TrafficPort, TwinPort } from './ports.ts'
import { recording } from './recording.ts'
import { serveRaces } from './routes.ts'
import { type RaceRun, startRaceRun } from './run.ts'
import { createRaceStore } from './store.ts'
import { tableOf } from './table.ts'
import { createVehicleLane } from './vehicle-lane.ts'

export { raceMigrations } from './migrations.ts'
export type { CloudPort, TrafficPort, TwinPort } from './ports.ts'

export interface RaceOptions {
  database: OpenOptions
  clock: Clock
  log: Log
  cloud: CloudPort
  traffic: TrafficPort
  twin: TwinPort
}

const DEFECT = 'Four of ten borrows fail; in the vehicle, a control unit stops answering.'

const TICK_MS = 250
const KEEP_EVERY_TICKS = 8
/** A rare write may hold the event loop for another program's lock this long, in ms. */
const LOCK_WAIT_MS = 250
/** A server that was away for longer does not go on with a race. */
const RESUMES_WITHIN_MS = 10 * 60_000

export function createRaces({ database, clock, log, cloud, traffic, twin }: RaceOptions) {
  const store = createRaceStore({
    ...database,
    busyTimeoutMs: Math.min(database.busyTimeoutMs, LOCK_WAIT_MS),
  })
  const events = createRaceEvents(log)
  const recorded = recording()
  let run: RaceRun | null = null
  /** The one to show while none is under way; undefined: not read yet. */
  let newest: RaceShape | null | undefined
  let timer: NodeJS.Timeout | undefined
  let ticks = 0
  let hasTraffic = false
  let starting = false

  /** What cannot be written now is written by the next tick; the race goes on. */
  function keep(race: RaceShape) {
    try {
      store.save(race)
    } catch (error) {
      log.error('storage_failed', 'the race was not written down', { race: race.id, error: String(error) })
    }
    newest = race
  }

  function endTraffic() {
    if (hasTraffic) traffic.release()
    hasTraffic = false
  }

  function begin(race: RaceShape, vehicles: number, resumed: boolean) {
    run = startRaceRun({
      race,
      resumed,
      vehicles,
      cloud,
      twin,
      clock,
      onTwinFailure: error => events.failed(race, error),
    })
    timer ??= setInterval(tick, TICK_MS).unref()
    keep(run.shape())
  }

  function tick() {
    if (!run) return
    run.tick()
    if (run.cloudDone) endTraffic()
    if (run.over) return close()
    if (ticks++ % KEEP_EVERY_TICKS === 0) keep(run.shape())
  }

  /** Writes down how it ended. */
  function close() {
    if (!run) return
    const race = run.shape()
    run = null
    clearInterval(timer)
    timer = undefined
    endTraffic()
    keep(race)
    events.finished(race)
  }

  async function start({ factor, vehicles, seed, rate, autopilot }: RaceRequest): Promise<RaceShape> {
    if (run || starting) throw new Failure('race_running', 'End the race that is under way first.')
    if (!cloud.faultsPossible())
      throw new Failure('faults_off', 'This server was started with FAULTS=off: the left lane has no defect.')
    starting = true
    const release = await cloud.ship().finally(() => {
      starting = false
    })
    const begunTraffic = traffic.ensure(rate)
    hasTraffic = true
    const now = clock.now()
    const lanes = {
      cloud: createCloudLane({ startedAt: now, release }).shape(now),
      vehicle: createVehicleLane(vehicles).shape(),
    }
    const race: RaceShape = {
      id: newId(),
      state: 'running',
      recorded: false,
      started_at: rfc3339(now),
      finished_at: null,
      factor,
      seed,
      autopilot,
      release,
      traffic: begunTraffic,
      defect: DEFECT,
      assumptions: [...twin.assumptions],
      ...lanes,
      table: tableOf(lanes.cloud, lanes.vehicle),
    }
    begin(race, vehicles, false)
    events.started(race)
    return race
  }

  /** @throws Failure `unknown_race` or `race_over` */
  function running(id: string): RaceRun {
    if (run?.id === id) return run
    const known = store.race(id)
    if (known) throw new Failure('race_over', 'This race is over.')
    throw new Failure('unknown_race', 'There is no race with this id.')
  }

  async function end(as: 'cancelled' | 'interrupted'): Promise<RaceShape | null> {
    const ending = run
    if (!ending) return null
    cloud.rollback()
    await ending.end(as)
    close()
    return ending.shape()
  }

  /** What was under way when the server stopped goes on; what stopped long ago is closed. */
  function resume() {
    const [last] = store.newest(1)
    newest = last ?? null
    if (last?.state !== 'running') return
    if (clock.now() - Date.parse(last.started_at) < RESUMES_WITHIN_MS) {
      if (!last.cloud.done) traffic.ensure(last.traffic.rate)
      hasTraffic = !last.cloud.done
      return begin(last, last.vehicle.total, true)
    }
    keep({ ...last, state: 'interrupted', finished_at: rfc3339(clock.now()) })
  }

  return {
    /** Whether one is under way. */
    get running() {
      return run !== null || starting
    },
    /** Each borrow that was decided, by the version that runs now. */
    decided: ({ user, failed }: Omit<Decided, 'version'>) =>
      run?.decided({ user, failed, version: cloud.runs() }),
    topics: {
      race: {
        everyMs: 500,
        produce: async (): Promise<Omit<RaceFrame, 'at'>> => ({
          race: run?.shape() ?? newest ?? null,
        }),
      },
    } satisfies Record<string, Topic>,
    serve: (operations: Operations) =>
      serveRaces(operations, {
        start,
        rollback(id) {
          const found = running(id)
          found.rollback()
          return found.shape()
        },
        async cancel(id) {
          running(id)
          return (await end('cancelled')) as RaceShape
        },
        race: id => (run?.id === id ? run.shape() : store.race(id)),
        newest: limit => store.newest(limit),
        recorded,
      }),
    /** Goes on with a race that a restart cut. */
    start: resume,
    cancel: () => end('cancelled'),
    /** Keeps what there is: it goes on after the next start. */
    async stop() {
      clearInterval(timer)
      const stopping = run
      run = null
      if (stopping) {
        keep(stopping.shape())
        await stopping.end('interrupted')
      }
      store.close()
    },
  }
}
