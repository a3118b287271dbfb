/** What the presenter sets going: simulated traffic, and scenarios. The only door to this folder. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Topic } from '../http/event-streams.ts'
import type { Operations } from '../http/operation.ts'
import type { Log } from '../observability/logger.ts'
import type { Clock } from '../shared/clock.ts'
import type { RehearsalFrame, ScenarioName } from './api.ts'
import { scenarios } from './data/index.ts'
import { createScenarioEvents } from './events.ts'
import { serveScenarios } from './routes.ts'
import { createScenarioRunner, type ScenarioPorts } from './run.ts'
import { createTrafficControl } from './traffic-control.ts'
import type { StartTraffic } from './traffic-port.ts'

export type { ScenarioPorts } from './run.ts'
export type { FaultsWanted } from './scenario.ts'
export type { TrafficControl } from './traffic-control.ts'

export interface ScenariosOptions {
  ports: ScenarioPorts
  startTraffic: StartTraffic
  /** Where Grafana is, for links. */
  grafana: string
  clock: Clock
  log: Log
}

export type Scenarios = ReturnType<typeof createScenarios>

export function createScenarios({ ports, startTraffic, grafana, clock, log }: ScenariosOptions) {
  const events = createScenarioEvents(log)
  const traffic = createTrafficControl({
    startTraffic,
    wait: ms => wait(ms, undefined, { ref: false }),
    events,
  })
  const runner = createScenarioRunner({ ports, traffic, clock, events })
  const rehearsal: Topic = {
    everyMs: 1000,
    produce: async (): Promise<Omit<RehearsalFrame, 'at'>> => ({
      traffic: traffic.state(),
      scenario: runner.running(),
    }),
  }

  return {
    topics: { rehearsal },
    serve: (operations: Operations) => serveScenarios(operations, { scenarios, runner, traffic, grafana }),
    /** For the race: `ensure({ rate, by: 'race' })` before it, `release('race')` after it. */
    traffic,
    /** Which scenario runs; null: none. */
    running: runner.running,
    /** @throws Failure `faults_off`, `scenario_impossible`, or what a port failed with */
    startScenario: (name: ScenarioName) => runner.start(scenarios[name]),
    /** Heals what the running scenario did. */
    stopScenario: runner.stop,
    /** Heals, ends the traffic and gives back what it holds: before the ledger closes. */
    async stop() {
      await runner.stop('closing').catch(() => {})
      await traffic.stop('closing')
    },
  }
}
