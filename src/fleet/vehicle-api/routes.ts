/** Parse, admit, ask the vehicle or the database, shape. */
import type { AppContext } from '../../http/context.ts'
import type { Operations } from '../../http/operation.ts'
import { reply } from '../../http/reply.ts'
import { Failure } from '../../shared/errors.ts'
import type { CommandMessage } from '../../vehicle/messages.ts'
import type { VehicleRow } from '../schema.ts'
import type { CommandReply } from './api.ts'
import type { Caller, Callers } from './callers.ts'
import type { KnownDtc } from './condition.ts'
import * as operations from './operations.ts'
import * as shape from './shapes.ts'
import type { VehicleCommands } from './vehicle-commands.ts'

export interface VehicleApiRoutes {
  callers: Callers
  vehicleOf: (vehicle: string) => VehicleRow | undefined
  /** The trouble codes of a vehicle, by its row's id. */
  dtcsOf: (vehicleId: number) => readonly KnownDtc[]
  commands: Pick<VehicleCommands, 'command'>
}

export function serveVehicleApi(
  { serve }: Operations,
  { callers, vehicleOf, dtcsOf, commands }: VehicleApiRoutes,
): void {
  function admitted(c: AppContext, vehicle: string): { row: VehicleRow; caller: Caller } {
    const caller = callers.admit(c, vehicle)
    const row = vehicleOf(vehicle)
    if (!row) throw new Failure('unknown_vehicle', `There is no vehicle called ${vehicle} here.`)
    return { row, caller }
  }

  function read(
    operation:
      | typeof operations.statusOperation
      | typeof operations.locationOperation
      | typeof operations.diagnosticsOperation
      | typeof operations.chargingStatusOperation
      | typeof operations.routeOperation
      | typeof operations.profileOperation,
    shapeOf: (row: VehicleRow, caller: Caller) => unknown,
  ) {
    serve(operation, async ({ query: { vehicle_id } }, c) => {
      const { row, caller } = admitted(c, vehicle_id)
      return reply(c, shapeOf(row, caller))
    })
  }

  async function act(c: AppContext, vehicle: string, message: Omit<CommandMessage, 'id'>) {
    const { row } = admitted(c, vehicle)
    if (!row.online)
      throw new Failure('vehicle_offline', `${vehicle} is not connected. Nothing was sent.`, {
        vehicle_id: vehicle,
      })
    const told = await commands.command(vehicle, message)
    const details = { vehicle_id: vehicle, command_id: told.id }
    switch (told.outcome) {
      case 'done':
        return reply(c, { ...details, outcome: 'done' } satisfies CommandReply)
      case 'refused':
        throw new Failure('vehicle_refused', `${vehicle} refused.`, {
          ...details,
          vehicle_reason: told.reason,
        })
      case 'silent':
        throw new Failure('vehicle_silent', `${vehicle} did not answer in time. It may still do it.`, details)
      case 'broker_away':
        throw new Failure('broker_away', 'The MQTT broker is not connected. Nothing was sent.', details)
    }
  }

  read(operations.statusOperation, shape.statusShape)
  read(operations.locationOperation, shape.locationShape)
  read(operations.diagnosticsOperation, row => shape.diagnosticsShape(row, dtcsOf(row.id)))
  read(operations.chargingStatusOperation, shape.chargingShape)
  read(operations.routeOperation, shape.routeShape)
  read(operations.profileOperation, shape.profileShape)

  serve(operations.lockOperation, ({ body }, c) => act(c, body.vehicle_id, { kind: 'lock' }))
  serve(operations.unlockOperation, ({ body }, c) => act(c, body.vehicle_id, { kind: 'unlock' }))
  serve(operations.remoteLockOperation, ({ body }, c) => act(c, body.vehicle_id, { kind: body.action }))
  serve(operations.climateOperation, ({ body: { vehicle_id, on, celsius } }, c) =>
    act(c, vehicle_id, on ? { kind: 'climate', on, celsius } : { kind: 'climate', on }),
  )
  serve(operations.chargingOperation, ({ body: { vehicle_id, on } }, c) =>
    act(c, vehicle_id, { kind: 'charging', on }),
  )
  serve(operations.sendRouteOperation, ({ body: { vehicle_id, latitude, longitude } }, c) =>
    act(c, vehicle_id, { kind: 'route', destination: { latitude, longitude } }),
  )
}
