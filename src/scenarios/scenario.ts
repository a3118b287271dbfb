/** What a scenario is. It is data: what it sets going, and what to look at meanwhile. */

import type { ScenarioName, ScenarioShape } from './api.ts'
import type { Place } from './look-at.ts'
import type { TrafficPlan } from './traffic-port.ts'

/** Faults as `delivery` understands them: those left out stay off. */
export interface FaultsWanted {
  latency?: { share: number; ms: number }
  errors?: { share: number }
  seat_leak?: { share: number; seats_max: number }
  browser_script?: { share: number }
  noisy_logs?: { lines: number }
}

/** What it changes, beside its traffic. */
export type Disturbance =
  | {
      kind: 'release'
      faults: FaultsWanted /** It is rolled back by itself after so long. */
      seconds: number
    }
  | { kind: 'faults'; faults: FaultsWanted }
  | { kind: 'coverage' /** Of the vehicles that are simulated in this process, 0–1. */; share: number }

export interface Scenario extends Omit<ScenarioShape, 'faults' | 'look_at'> {
  look_at: readonly Place[]
  name: ScenarioName
  disturbance: Disturbance
  /** That makes it visible; null: it is not about borrows. */
  traffic: TrafficPlan | null
}

/** The names of the faults that it switches on. */
export const faultsOf = ({ disturbance }: Scenario): string[] =>
  disturbance.kind === 'coverage' ? [] : Object.keys(disturbance.faults)

/** As it is told. @param grafana its address, without a slash at its end */
export function scenarioShapeOf(scenario: Scenario, grafana: string): ScenarioShape {
  const { name, title, story, steps, promql, logql, seconds } = scenario
  const look_at = scenario.look_at.map(place =>
    'href' in place
      ? place
      : { title: place.title, what: place.what, href: `${grafana}/d/${place.dashboard}` },
  )
  return { name, title, story, steps, faults: faultsOf(scenario), look_at, promql, logql, seconds }
}
