/** One function for each thing that happens here. */
import type { Log } from '../observability/logger.ts'
import type { ScenarioName } from './api.ts'
import type { TrafficSummary } from './traffic-port.ts'
import type { Owner } from './traffic-wishes.ts'

/** Why something ended. `replaced`: another scenario was started; `closing`: the server stops. */
export type Cause = 'stopped' | 'ran_out' | 'replaced' | 'failed' | 'closing'

export interface ScenarioEvents {
  /** It begins, or goes on otherwise. */
  trafficStarted(by: Owner, plan: { rate: number; retries: number }): void
  trafficStopped(cause: Cause, summary: TrafficSummary, error?: unknown): void
  scenarioStarted(scenario: ScenarioName, seconds: number): void
  scenarioStopped(scenario: ScenarioName, cause: Cause, ranSeconds: number): void
  /** What it did could not be undone. */
  healingFailed(scenario: ScenarioName, error: unknown): void
}

export function createScenarioEvents(log: Log): ScenarioEvents {
  return {
    trafficStarted: (by, plan) => log.info('traffic_started', 'simulated traffic runs', { by, ...plan }),
    trafficStopped(reason, summary, error) {
      if (error === undefined)
        log.info('traffic_stopped', 'simulated traffic is over', { reason, ...summary })
      else
        log.error('traffic_stopped', 'simulated traffic failed', { reason, ...summary, error: String(error) })
    },
    scenarioStarted: (scenario, seconds) =>
      log.warn('scenario_started', 'a scenario begins', { scenario, seconds }),
    scenarioStopped: (scenario, reason, seconds) =>
      log.info('scenario_stopped', 'a scenario is over', { scenario, reason, ran_seconds: seconds }),
    healingFailed: (scenario, error) =>
      log.error('internal_error', 'what a scenario did could not be undone', {
        scenario,
        error: String(error),
      }),
  }
}
