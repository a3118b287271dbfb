/**
 * The signals of a telemetry sample: names and units of COVESA VSS 6 (`Private` is the branch that VSS leaves to
 * makers), and the range that a value can have.
 */

export interface Signal {
  /** The column in which it is kept, and its name in answers of the HTTP API. */
  field: string
  /** A boolean is kept as 0 or 1. */
  type: 'number' | 'boolean'
  unit: string
  min: number
  max: number
}

export const signals = {
  'Vehicle.Speed': { field: 'speed_kmh', type: 'number', unit: 'km/h', min: 0, max: 250 },
  'Vehicle.TraveledDistance': { field: 'odometer_m', type: 'number', unit: 'm', min: 0, max: 5_000_000_000 },
  'Vehicle.CurrentLocation.Latitude': {
    field: 'latitude',
    type: 'number',
    unit: 'degrees',
    min: -90,
    max: 90,
  },
  'Vehicle.CurrentLocation.Longitude': {
    field: 'longitude',
    type: 'number',
    unit: 'degrees',
    min: -180,
    max: 180,
  },
  'Vehicle.CurrentLocation.Heading': { field: 'heading', type: 'number', unit: 'degrees', min: 0, max: 360 },
  'Vehicle.Powertrain.TractionBattery.StateOfCharge.Current': {
    field: 'battery_percent',
    type: 'number',
    unit: 'percent',
    min: 0,
    max: 100,
  },
  'Vehicle.Powertrain.TractionBattery.StateOfHealth': {
    field: 'battery_health_percent',
    type: 'number',
    unit: 'percent',
    min: 0,
    max: 100,
  },
  'Vehicle.Powertrain.TractionBattery.CurrentVoltage': {
    field: 'battery_volts',
    type: 'number',
    unit: 'V',
    min: 0,
    max: 1000,
  },
  'Vehicle.Powertrain.TractionBattery.Temperature.Average': {
    field: 'battery_celsius',
    type: 'number',
    unit: 'celsius',
    min: -60,
    max: 150,
  },
  'Vehicle.Powertrain.TractionBattery.Charging.IsCharging': {
    field: 'charging',
    type: 'boolean',
    unit: 'boolean',
    min: 0,
    max: 1,
  },
  'Vehicle.LowVoltageBattery.CurrentVoltage': {
    field: 'low_voltage_volts',
    type: 'number',
    unit: 'V',
    min: 0,
    max: 30,
  },
  'Vehicle.Powertrain.Transmission.IsParkLockEngaged': {
    field: 'parked',
    type: 'boolean',
    unit: 'boolean',
    min: 0,
    max: 1,
  },
  'Vehicle.Cabin.Door.Row1.DriverSide.IsLocked': {
    field: 'locked',
    type: 'boolean',
    unit: 'boolean',
    min: 0,
    max: 1,
  },
  'Vehicle.Cabin.HVAC.IsAirConditioningActive': {
    field: 'climate_on',
    type: 'boolean',
    unit: 'boolean',
    min: 0,
    max: 1,
  },
  'Vehicle.Private.Connectivity.SignalStrength': {
    field: 'signal_dbm',
    type: 'number',
    unit: 'dBm',
    min: -140,
    max: 0,
  },
  'Vehicle.Private.Connectivity.DataUsage': {
    field: 'data_usage_mb',
    type: 'number',
    unit: 'MB',
    min: 0,
    max: 100_000_000,
  },
} as const satisfies Record<string, Signal>

export type SignalName = keyof typeof signals
export type SignalField = (typeof signals)[SignalName]['field']
export const signalFields = Object.values(signals).map(({ field }) => field) as readonly SignalField[]

/** A sample as a vehicle sends it; what it does not know is left out. */
export type SignalValues = {
  [N in SignalName]?: (typeof signals)[N]['type'] extends 'boolean' ? boolean : number
}
