/** What a vehicle does when it is asked to. Pure. */
import type { CommandMessage } from '../../vehicle/messages.ts'
import type { CommandResult } from './outbox.ts'
import type { VehicleState } from './physics.ts'

/** @param command any but a snapshot, which changes nothing */
export function obey(
  state: VehicleState,
  command: CommandMessage,
): { state: VehicleState; result: CommandResult } {
  const done = (change: Partial<VehicleState>) => ({
    state: { ...state, ...change },
    result: { id: command.id, outcome: 'done' as const },
  })
  const refused = (reason: string) => ({
    state,
    result: { id: command.id, outcome: 'refused' as const, reason },
  })
  switch (command.kind) {
    case 'lock':
      return done({ locked: true })
    case 'unlock':
      return state.parked ? done({ locked: false }) : refused('not_parked')
    case 'climate':
      return done({
        climateOn: command.on ?? !state.climateOn,
        climateCelsius: command.celsius ?? state.climateCelsius,
      })
    case 'charging':
      if (!state.parked) return refused('not_parked')
      return done({ charging: command.on ?? !state.charging, chargeToPercent: 100 })
    case 'route':
      return command.destination ? done({}) : refused('no_destination')
    case 'snapshot':
      return done({})
  }
}
