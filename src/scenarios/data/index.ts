/** All scenarios, by their names, in the order in which they are told. */
import type { ScenarioName } from '../api.ts'
import type { Scenario } from '../scenario.ts'
import { badRelease } from './bad-release.ts'
import { frontendError } from './frontend-error.ts'
import { lostCoverage } from './lost-coverage.ts'
import { retryStorm } from './retry-storm.ts'
import { seatLeak } from './seat-leak.ts'
import { slowDependency } from './slow-dependency.ts'

export const scenarios: Record<ScenarioName, Scenario> = {
  'bad-release': badRelease,
  'slow-dependency': slowDependency,
  'seat-leak': seatLeak,
  'retry-storm': retryStorm,
  'frontend-error': frontendError,
  'lost-coverage': lostCoverage,
}
