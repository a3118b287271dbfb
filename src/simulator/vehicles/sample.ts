import type { SignalValues } from '../../vehicle/signals.ts'
import type { Connectivity } from './connectivity.ts'
import type { VehicleState } from './physics.ts'

const rounded = (value: number, places: number) => Number(value.toFixed(places))

/** What a vehicle measures of itself right now. */
export const signalsOf = (state: VehicleState, connectivity: Connectivity): SignalValues => ({
  'Vehicle.Speed': rounded(state.speedKmh, 2),
  'Vehicle.TraveledDistance': rounded(state.odometerM, 1),
  'Vehicle.CurrentLocation.Latitude': rounded(state.latitude, 6),
  'Vehicle.CurrentLocation.Longitude': rounded(state.longitude, 6),
  'Vehicle.CurrentLocation.Heading': rounded(state.heading, 1),
  'Vehicle.Powertrain.TractionBattery.StateOfCharge.Current': rounded(state.batteryPercent, 2),
  'Vehicle.Powertrain.TractionBattery.StateOfHealth': rounded(state.batteryHealthPercent, 2),
  'Vehicle.Powertrain.TractionBattery.CurrentVoltage': rounded(state.batteryVolts, 1),
  'Vehicle.Powertrain.TractionBattery.Temperature.Average': rounded(state.batteryCelsius, 1),
  'Vehicle.Powertrain.TractionBattery.Charging.IsCharging': state.charging,
  'Vehicle.LowVoltageBattery.CurrentVoltage': rounded(state.lowVoltageVolts, 2),
  'Vehicle.Powertrain.Transmission.IsParkLockEngaged': state.parked,
  'Vehicle.Cabin.Door.Row1.DriverSide.IsLocked': state.locked,
  'Vehicle.Cabin.HVAC.IsAirConditioningActive': state.climateOn,
  'Vehicle.Private.Connectivity.SignalStrength': connectivity.signalDbm,
  'Vehicle.Private.Connectivity.DataUsage': rounded(connectivity.dataUsageMb, 2),
})
