/** What can be asked about the vehicles, as the OpenAPI document says it. */
import { z } from 'zod'
import { operation } from '../http/operation.ts'
import * as api from './api.ts'

const tag = 'fleet'
const vehicleParam = z.object({ vehicle: z.string().max(32) })

export const summaryOperation = operation({
  method: 'get',
  path: '/fleet/summary',
  tag,
  summary: 'The fleet now',
  description: 'The same as the live topic `fleet`.',
  reply: { description: 'Counts, averages and places', schema: api.fleetFrame },
})

export const vehiclesOperation = operation({
  method: 'get',
  path: '/fleet/vehicles',
  tag,
  summary: 'Vehicles by name',
  query: api.vehiclesQuery,
  reply: { description: 'A page of them', schema: api.vehiclesReply },
})

export const vehicleOperation = operation({
  method: 'get',
  path: '/fleet/vehicles/{vehicle}',
  tag,
  summary: 'One vehicle with everything that is known of it',
  description: 'Its VIN and place are whole for the presenter only.',
  params: vehicleParam,
  reply: { description: 'Its last-known state', schema: api.vehicleDetail },
  refusals: ['unknown_vehicle'],
})

export const telemetryOperation = operation({
  method: 'get',
  path: '/fleet/vehicles/{vehicle}/telemetry',
  tag,
  summary: 'Samples of one vehicle, newest first',
  description: 'Late and historical samples are at the time when they were taken.',
  params: vehicleParam,
  query: api.telemetryQuery,
  reply: { description: 'The newest of the span', schema: api.telemetryReply },
  refusals: ['unknown_vehicle'],
})

export const deadLettersOperation = operation({
  method: 'get',
  path: '/fleet/dead-letters',
  tag,
  summary: 'Messages that could not be used, newest first',
  only: 'presenter',
  query: api.deadLettersQuery,
  reply: { description: 'With the reason of each', schema: api.deadLettersReply },
})

export const connectionOperation = operation({
  method: 'get',
  path: '/fleet/connection',
  tag,
  summary: 'Where vehicles connect, and whose releases they trust',
  reply: { description: 'What a vehicle is given in the factory', schema: api.connectionReply },
  refusals: ['broker_away'],
})
