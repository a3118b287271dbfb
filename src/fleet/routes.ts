/** Parse, call, shape. */

import type { z } from 'zod'
import type { AppContext } from '../http/context.ts'
import type { Operations } from '../http/operation.ts'
import { problem } from '../http/problem.ts'
import { reply } from '../http/reply.ts'
import { type Clock, rfc3339 } from '../shared/clock.ts'
import type { connectionReply, FleetFrame } from './api.ts'
import * as operations from './operations.ts'
import { sampleShape, vehicleDetailShape, vehicleShape } from './shapes.ts'
import type { VehicleReports } from './vehicle-store.ts'

/** Who is asking, as far as it matters here. */
export interface Visitors {
  isPresenter(c: AppContext): boolean
}

export interface FleetRoutes {
  reports: VehicleReports
  visitors: Visitors
  clock: Clock
  frame: () => Omit<FleetFrame, 'at'>
  connection: () => z.input<typeof connectionReply>
}

const DAY_MS = 24 * 3600_000

export function serveFleet(
  { serve }: Operations,
  { reports, visitors, clock, frame, connection }: FleetRoutes,
): void {
  serve(operations.summaryOperation, async (_input, c) => reply(c, { at: rfc3339(clock.now()), ...frame() }))
  serve(operations.vehiclesOperation, async ({ query }, c) => {
    const whole = visitors.isPresenter(c)
    const { total, rows, next } = reports.list(query)
    return reply(c, { total, vehicles: rows.map(row => vehicleShape(row, whole)), next })
  })
  serve(operations.vehicleOperation, async ({ params }, c) => {
    const row = reports.one(params.vehicle)
    if (!row) return unknownVehicle(c)
    return reply(c, vehicleDetailShape(row, reports.dtcs(row.id), visitors.isPresenter(c)))
  })
  serve(operations.telemetryOperation, async ({ params, query }, c) => {
    const row = reports.one(params.vehicle)
    if (!row) return unknownVehicle(c)
    const to = query.to === undefined ? clock.now() : Date.parse(query.to)
    const from = query.from === undefined ? to - DAY_MS : Date.parse(query.from)
    return reply(c, {
      vehicle: row.vehicle,
      samples: reports.samples(row.id, from, to, query.limit).map(sampleShape),
    })
  })
  serve(operations.deadLettersOperation, async ({ query }, c) => {
    const { rows, next } = reports.deadLetters(query)
    return reply(c, {
      dead_letters: rows.map(({ receivedAt, ...letter }) => ({
        ...letter,
        received_at: rfc3339(receivedAt),
      })),
      next,
    })
  })
  serve(operations.connectionOperation, async (_input, c) => reply(c, connection()))
}

const unknownVehicle = (c: AppContext) =>
  problem(c, 'unknown_vehicle', 'No vehicle of that name has reported.')
