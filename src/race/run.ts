/** One race under way: both lanes, their ports, and what is kept of them. */
import type { Clock } from '../shared/clock.ts'
import { rfc3339 } from '../shared/clock.ts'
import type { RaceShape, RaceState } from './api.ts'
import { createCloudLane, type Decided } from './cloud-lane.ts'
import type { CloudPort, TwinPort } from './ports.ts'
import { tableOf } from './table.ts'
import { createVehicleLane } from './vehicle-lane.ts'

export interface RaceRun {
  readonly id: string
  readonly over: boolean
  /** The left lane is at its end: nobody has to borrow for it any more. */
  readonly cloudDone: boolean
  decided(decided: Decided): void
  /** By the presenter, before the autopilot does. */
  rollback(): void
  tick(): void
  shape(): RaceShape
  end(state: RaceState): Promise<void>
}

export interface RaceRunOptions {
  /** As it begins, or as it was kept before a restart. */
  race: RaceShape
  resumed: boolean
  vehicles: number
  cloud: CloudPort
  twin: TwinPort
  clock: Clock
  onTwinFailure: (error: Error) => void
}

const LASTS_MAX_MS = 20 * 60_000

export function startRaceRun(options: RaceRunOptions): RaceRun {
  const { race, resumed, cloud, twin, clock, onTwinFailure } = options
  const startedAt = Date.parse(race.started_at)
  const left = createCloudLane({ startedAt, release: race.release, ...(resumed && { saved: race.cloud }) })
  const right = createVehicleLane(options.vehicles, resumed ? race.vehicle : undefined)
  let state: RaceState = 'running'
  let finishedAt: number | null = null
  let twinBroke = false

  const { vehicles } = options
  const running = twin.start({
    vehicles,
    seed: race.seed,
    factor: race.factor,
    fromMs: resumed ? race.vehicle.elapsed_ms : 0,
  })
  running.onProgress(right.told)
  running.onFailure(error => {
    twinBroke = true
    onTwinFailure(error)
  })

  /** What releases and incidents say, whoever caused it. */
  function follow(at: number) {
    const incident = cloud.incident()
    if (incident && left.failing) {
      left.alerted(at, incident.subject)
      if (incident.acknowledged) left.acknowledged(at, race.autopilot ? 'the autopilot' : 'the presenter')
      else if (race.autopilot) cloud.acknowledge()
    }
    if (cloud.runs() !== race.release.version) left.rolledBack(at, `${cloud.runs()} runs again`)
  }

  function rollBack(detail: string) {
    cloud.rollback()
    left.rolledBack(clock.now(), detail)
  }

  function finish(as: RaceState) {
    state = as
    finishedAt = clock.now()
    void running.stop()
  }

  return {
    id: race.id,
    get over() {
      return state !== 'running'
    },
    get cloudDone() {
      return left.done
    },
    decided: decided => left.decided(decided, clock.now()),
    rollback: () => rollBack('by the presenter'),
    tick() {
      if (state !== 'running') return
      const at = clock.now()
      follow(at)
      if (left.tick(at, race.autopilot) === 'roll_back') rollBack('by the autopilot, five seconds later')
      if (left.done && (right.done || twinBroke)) finish(twinBroke ? 'interrupted' : 'finished')
      else if (at - startedAt > LASTS_MAX_MS) finish('interrupted')
    },
    shape() {
      const lanes = { cloud: left.shape(clock.now()), vehicle: right.shape() }
      return {
        ...race,
        ...lanes,
        state,
        finished_at: finishedAt === null ? null : rfc3339(finishedAt),
        table: tableOf(lanes.cloud, lanes.vehicle),
      }
    },
    async end(as) {
      if (state === 'running') finish(as)
      await running.stop()
    },
  }
}
