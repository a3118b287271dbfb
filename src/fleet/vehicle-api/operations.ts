/** What the app of a vehicle's owner can ask, as the OpenAPI document says it. */
import type { z } from 'zod'
import { operation } from '../../http/operation.ts'
import * as api from './api.ts'

const tag = 'vehicle'
const WHO = 'For the app of this vehicle, with its token as "Authorization: Bearer …", and for the presenter.'

const reading = <const P extends `/api/${string}`, const S extends z.ZodType>(
  path: P,
  summary: string,
  schema: S,
) =>
  operation({
    method: 'get',
    path,
    tag,
    summary,
    description: WHO,
    query: api.vehicleQuery,
    reply: { description: 'As the vehicle last told', schema },
    refusals: ['unauthorized', 'unknown_vehicle'],
  })

const acting = <const P extends `/api/${string}`, const S extends z.ZodType>(
  path: P,
  summary: string,
  body: S,
) =>
  operation({
    method: 'post',
    path,
    tag,
    summary,
    description: `${WHO} Answers when the vehicle has done it.`,
    body,
    reply: { description: 'The vehicle has done it', schema: api.commandReply },
    refusals: [
      'unauthorized',
      'cross_site',
      'unknown_vehicle',
      'vehicle_offline',
      'vehicle_refused',
      'vehicle_silent',
      'broker_away',
    ],
  })

export const statusOperation = reading('/api/vehicle/status', 'How the vehicle is', api.statusReply)
export const locationOperation = reading('/api/vehicle/location', 'Where the vehicle is', api.locationReply)
export const diagnosticsOperation = reading(
  '/api/vehicle/diagnostics',
  'Trouble codes, warnings, health',
  api.diagnosticsReply,
)
export const chargingStatusOperation = reading('/api/charging/status', 'Charge and range', api.chargingReply)
export const routeOperation = reading(
  '/api/navigation/route',
  'Where the vehicle is and how far it can go',
  api.routeReply,
)
export const profileOperation = reading('/api/user/profile', 'The vehicle of this app', api.profileReply)

export const lockOperation = acting('/api/vehicle/lock', 'Lock the doors', api.vehicleRequest)
export const unlockOperation = acting('/api/vehicle/unlock', 'Unlock the doors', api.vehicleRequest)
export const remoteLockOperation = acting(
  '/api/remote/lock',
  'Lock or unlock the doors',
  api.remoteLockRequest,
)
export const climateOperation = acting('/api/remote/climate', 'Heat or cool the cabin', api.climateRequest)
export const chargingOperation = acting('/api/charging', 'Start or stop charging', api.chargingRequest)
export const sendRouteOperation = acting('/api/navigation/route', 'Send a destination', api.routeRequest)
