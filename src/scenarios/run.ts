/** Runs one scenario at a time, and undoes everything that it did. */
import { type Clock, rfc3339 } from '../shared/clock.ts'
import { Failure } from '../shared/errors.ts'
import type { ScenarioName, ScenariosReply } from './api.ts'
import type { Cause, ScenarioEvents } from './events.ts'
import { type FaultsWanted, faultsOf, type Scenario } from './scenario.ts'
import type { TrafficControl } from './traffic-control.ts'

/** What scenarios need of the rest of the program. Each may reject: then nothing of the scenario stays on. */
export interface ScenarioPorts {
  faultsPossible(): boolean
  /** Ships a release with these faults, which is rolled back by itself after so many seconds. */
  ship(release: { faults: FaultsWanted; seconds: number }): Outcome<{ id: number }>
  /** Rolls this deployment back. Does nothing when another version runs by now. */
  rollback(deployment: number): Outcome<unknown>
  startFaults(settings: FaultsWanted & { seconds: number }): Outcome<unknown>
  stopFaults(): Outcome<unknown>
  /** Takes the network from a share (0–1) of the vehicles simulated in this process; null: there are none. */
  readonly loseCoverage: ((share: number) => Outcome<unknown>) | null
  regainCoverage(): Outcome<unknown>
}
type Outcome<T> = T | Promise<T>

export interface ScenarioRunner {
  /** Stops what ran before. @throws Failure `faults_off`, `scenario_impossible`, or what a port failed with */
  start(scenario: Scenario): Promise<void>
  /** Heals what runs; does nothing when nothing does. */
  stop(cause?: Cause): Promise<void>
  running(): ScenariosReply['running']
}

interface Parts {
  ports: ScenarioPorts
  traffic: Pick<TrafficControl, 'ensure' | 'release'>
  clock: Clock
  events: Pick<ScenarioEvents, 'scenarioStarted' | 'scenarioStopped' | 'healingFailed'>
}

interface Running {
  name: ScenarioName
  seconds: number
  startedAt: number
  begunAt: number
  timer: NodeJS.Timeout
  undo: Undo[]
}
type Undo = () => unknown

export function createScenarioRunner({ ports, traffic, clock, events }: Parts): ScenarioRunner {
  let running: Running | null = null
  let tail: Promise<unknown> = Promise.resolve()

  /** One after the other: a start must not meet a stop that is half done. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const turn = tail.then(work)
    tail = turn.catch(() => {})
    return turn
  }

  async function begin(scenario: Scenario) {
    refuse(scenario)
    await end('replaced')
    const { name, seconds } = scenario
    const undo: Undo[] = []
    try {
      if (scenario.traffic) {
        undo.push(() => traffic.release('scenario'))
        traffic.ensure({ ...scenario.traffic, by: 'scenario', seconds: seconds + SPARE_SECONDS })
      }
      await disturb(scenario, undo)
    } catch (error) {
      await heal(name, undo).catch(() => {})
      throw error
    }
    const timer = setTimeout(() => void inTurn(() => end('ran_out')).catch(() => {}), seconds * 1000).unref()
    running = { name, seconds, startedAt: clock.now(), begunAt: clock.monotonic(), timer, undo }
    events.scenarioStarted(name, seconds)
  }

  /** The way back is known before each step is taken: one that fails half-way is undone too. */
  async function disturb({ disturbance, seconds }: Scenario, undo: Undo[]) {
    if (disturbance.kind === 'release') {
      const { id } = await ports.ship({ faults: disturbance.faults, seconds: disturbance.seconds })
      undo.push(() => ports.rollback(id))
    } else if (disturbance.kind === 'faults') {
      undo.push(() => ports.stopFaults())
      await ports.startFaults({ ...disturbance.faults, seconds: seconds + SPARE_SECONDS })
    } else {
      undo.push(() => ports.regainCoverage())
      await ports.loseCoverage?.(disturbance.share)
    }
  }

  function refuse(scenario: Scenario) {
    if (scenario.disturbance.kind === 'coverage' && ports.loseCoverage === null)
      throw new Failure(
        'scenario_impossible',
        'No vehicles are simulated in this process: set FLEET_VEHICLES.',
      )
    if (faultsOf(scenario).length > 0 && !ports.faultsPossible())
      throw new Failure('faults_off', 'This server was started with FAULTS=off.')
  }

  async function end(cause: Cause) {
    if (!running) return
    const { name, timer, undo, begunAt } = running
    clearTimeout(timer)
    running = null
    try {
      await heal(name, undo)
    } finally {
      events.scenarioStopped(name, cause, Math.round((clock.monotonic() - begunAt) / 1000))
    }
  }

  /** Everything is tried. @throws the first failure */
  async function heal(name: ScenarioName, undo: Undo[]) {
    const failures: unknown[] = []
    for (const step of undo.reverse()) {
      try {
        await step()
      } catch (error) {
        failures.push(error)
        events.healingFailed(name, error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }

  return {
    start: scenario => inTurn(() => begin(scenario)),
    stop: (cause = 'stopped') => inTurn(() => end(cause)),
    running() {
      if (!running) return null
      const { name, seconds, startedAt, begunAt } = running
      const left = seconds - (clock.monotonic() - begunAt) / 1000
      return { name, started_at: rfc3339(startedAt), ends_in_seconds: Math.max(0, Math.ceil(left)) }
    },
  }
}

/** It ends what it began before that ends by itself. */
const SPARE_SECONDS = 10
