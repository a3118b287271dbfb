import type { telemetryReply, VehicleDetail, VehiclesReply } from '../../fleet/api.ts'
import { call } from '../api.ts'

export type TelemetryReply = (typeof telemetryReply)['_output']

/** What the table of vehicles asks for; what is empty is left out. */
export interface VehiclesWanted {
  search: string
  state: string
  firmware: string
  model: string
  region: string
}

/** The address of a list. What is empty or null is left out. */
export function address(path: string, query: Record<string, string | number | null>): string {
  const given = Object.entries(query).filter(([, value]) => value !== '' && value !== null)
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
  return text === '' ? path : `${path}?${text}`
}

const of = (vehicle: string) => `/fleet/vehicles/${encodeURIComponent(vehicle)}`

/** A page of vehicles. @param after the name of the last vehicle of the page before */
export const vehicles = (wanted: VehiclesWanted, after: string | null, limit: number) =>
  call<VehiclesReply>(address('/fleet/vehicles', { ...wanted, after, limit }))

/** Everything that is known of a vehicle. */
export const vehicleDetail = (vehicle: string) => call<VehicleDetail>(of(vehicle))

/** Its newest samples. */
export const telemetry = (vehicle: string, limit: number) =>
  call<TelemetryReply>(address(`${of(vehicle)}/telemetry`, { limit }))
