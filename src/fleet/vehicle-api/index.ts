/** What the app of a vehicle's owner calls. The only door to this folder. */
import type { Db } from '../../db/open.ts'
import type { AppContext } from '../../http/context.ts'
import type { Operations } from '../../http/operation.ts'
import type { Metrics } from '../../observability/metrics.ts'
import type { Clock } from '../../shared/clock.ts'
import type { EventRecorder } from '../kpis/index.ts'
import { createCallers, type Visitors } from './callers.ts'
import type { KnownDtc } from './condition.ts'
import { measure } from './measure.ts'
import { vehicleApiMetrics } from './metrics.ts'
import * as operations from './operations.ts'
import { serveVehicleApi } from './routes.ts'
import type { VehicleCommands } from './vehicle-commands.ts'
import { vehicleReader } from './vehicle-store.ts'

export type { Visitors } from './callers.ts'
export { healthOf, type KnownDtc, warningsOf } from './condition.ts'
export { type CommandOutcome, createVehicleCommands, type VehicleCommands } from './vehicle-commands.ts'

export interface VehicleApiOptions {
  /** A connection to the fleet's file that only reads. */
  db: Db
  /** The fleet's key: the tokens of the apps come from it. */
  key: string
  visitors: Visitors
  dtcsOf: (vehicleId: number) => readonly KnownDtc[]
  commands: Pick<VehicleCommands, 'command'>
  recorder: Pick<EventRecorder, 'record'>
  clock: Clock
  metrics: Metrics
}

export interface VehicleApi {
  /** A middleware for `/api/*`: behind the front door, in front of the rate limit and of `serve`. */
  measure: (c: AppContext, next: () => Promise<void>) => Promise<void>
  serve(operations: Operations): void
}

export function createVehicleApi(options: VehicleApiOptions): VehicleApi {
  const { db, key, visitors, dtcsOf, commands, recorder, clock, metrics } = options
  const callers = createCallers(key, visitors)
  const endpoints = new Set(Object.values(operations).map(({ path }) => path))
  return {
    measure: measure({ endpoints, recorder, metrics: metrics.register(vehicleApiMetrics), callers, clock }),
    serve: all => serveVehicleApi(all, { callers, vehicleOf: vehicleReader(db), dtcsOf, commands }),
  }
}
