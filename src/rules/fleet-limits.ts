/** From where on somebody is told about the fleet: for the alerts, and for the lines on dashboards. */
import type { UpdatesWindow } from './fleet-recorded.ts'

export const fleetLimits = {
  /** Of the attempts that ended, the share that may have failed, 0–1. */
  updatesFailed: 0.05,
  /** Of all vehicles, the share that is connected at least, 0–1. */
  connectivity: 0.8,
  /** Fewer vehicles than this are no fleet: each would be more than a tenth of it. */
  vehicles: 10,
  /** How late 95 % of the live samples may be, in seconds; one of the histogram's bounds. */
  delaySeconds: 5,
  /** Of all messages, the share that may be set aside, 0–1. */
  messagesDead: 0.01,
  /** Fewer than this in five minutes are told to nobody. */
  messagesDeadMinimum: 5,
} as const

/** How long a trouble lasts before it is told. */
export interface FleetPatience {
  time: 'real' | 'demo'
  updatesWindow: UpdatesWindow
  /** Attempts that must have ended before a share of them means something. */
  updatesMinimum: number
  updatesFor: string | null
  connectivityFor: string
}

export const realPatience: FleetPatience = {
  time: 'real',
  updatesWindow: '15m',
  updatesMinimum: 5,
  updatesFor: '1m',
  connectivityFor: '5m',
}

/** The same limits, told soon enough to be seen within a talk. */
export const demoPatience: FleetPatience = {
  time: 'demo',
  updatesWindow: '5m',
  updatesMinimum: 3,
  updatesFor: null,
  connectivityFor: '30s',
}
