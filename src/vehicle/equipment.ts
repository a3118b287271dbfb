/** What a vehicle is made of and where it drives: closed sets, since some are labels of metrics. */

export const models = ['aurora', 'breeze', 'comet', 'drift', 'ember'] as const
export const regions = [
  'atlanta',
  'austin',
  'boston',
  'chicago',
  'denver',
  'detroit',
  'los_angeles',
  'new_york',
  'san_francisco',
  'seattle',
] as const
export const hardwareRevisions = ['A', 'B'] as const
export const connectivityTypes = ['4g_lte', '5g', 'wifi', 'satellite'] as const
export const ecuNames = ['gateway', 'telematics', 'powertrain', 'body', 'infotainment'] as const

export type Model = (typeof models)[number]
export type Region = (typeof regions)[number]
export type HardwareRevision = (typeof hardwareRevisions)[number]
export type ConnectivityType = (typeof connectivityTypes)[number]
export type EcuName = (typeof ecuNames)[number]

/** One line of the vehicle version manifest. */
export interface Ecu {
  ecu: EcuName
  hardware: HardwareRevision
  version: string
}
