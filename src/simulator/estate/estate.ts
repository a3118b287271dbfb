/** The simulated estate as a function: what a resource says at a time depends on nothing else than the seed. */
import type { SampleMessage } from '../../machine/samples.ts'
import { containerSample } from './container-values.ts'
import { createDeploys, type Deploys } from './deploys.ts'
import { faultsPerDayOf } from './fault-schedule.ts'
import { createFaults, type Faults } from './faults.ts'
import { type Pace, paceOf } from './pace.ts'
import { type AnyResource, type Plan, type PlanOptions, planEstate } from './plan.ts'
import { serverSample } from './server-values.ts'
import { instanceSample } from './service-values.ts'

export interface EstateOptions extends PlanOptions {
  /** In the whole estate; left out: about one in ten minutes for a thousand servers. */
  faultsPerDay?: number | undefined
}

export interface Estate {
  plan: Plan
  deploys: Deploys
  faults: Faults
  /**
   * The same for the same seed, resource, interval and time, but for what was injected by hand.
   * @param at Unix ms @returns null: it is silent
   */
  sample(resource: AnyResource, at: number, pace: Pace): SampleMessage | null
  /** @param intervalSeconds at least 1 */
  pace(intervalSeconds: number): Pace
}

export function createEstate({ faultsPerDay, ...options }: EstateOptions): Estate {
  const plan = planEstate(options)
  const deploys = createDeploys(plan)
  const faults = createFaults(plan, deploys, faultsPerDay ?? faultsPerDayOf(options.servers))
  return {
    plan,
    deploys,
    faults,
    pace: intervalSeconds => paceOf(plan.seed, intervalSeconds),
    sample(resource, at, pace) {
      if (resource.kind === 'server') return serverSample(resource, pace, at, faults.of(resource, null, at))
      const version = deploys.versionOf(resource, at) as string
      const fault = faults.of(resource, version, at)
      return resource.kind === 'container'
        ? containerSample(resource, pace, at, fault, version, faults.restarts(resource, at))
        : instanceSample(resource, pace, at, fault, version)
    },
  }
}
