/** Tells a vehicle to do something, and waits for what it says. */

import { Failure } from '../../shared/errors.ts'
import type { CommandMessage } from '../../vehicle/messages.ts'

export type CommandOutcome = { id: string } & (
  | { outcome: 'done' }
  | { outcome: 'refused'; reason: string | null }
  /** It said nothing in time. */
  | { outcome: 'silent' }
  /** The message could not be handed to a broker. */
  | { outcome: 'broker_away' }
)

export interface VehicleCommands {
  /** @throws Failure `overloaded` when too many vehicles are waited for, `stopping` */
  command(vehicle: string, message: Omit<CommandMessage, 'id'>): Promise<CommandOutcome>
  /** A vehicle said what became of a command. @returns whether anybody still waits for it */
  settle(vehicle: string, id: string, outcome: 'done' | 'refused', reason: string | null): boolean
  readonly waiting: number
  /** Nobody waits any more. */
  stop(): void
}

export interface VehicleCommandOptions {
  /** Rejects when there is no broker to hand it to. */
  send: (vehicle: string, message: CommandMessage) => Promise<void>
  newId: () => string
  timeoutMs?: number
  /** The most commands that may wait for an answer. */
  waitingMax?: number
}

const REASON_MAX = 200

export function createVehicleCommands({
  send,
  newId,
  timeoutMs = 5000,
  waitingMax = 1000,
}: VehicleCommandOptions): VehicleCommands {
  interface Waiting {
    vehicle: string
    end: (outcome: CommandOutcome | Failure) => void
  }
  const waiting = new Map<string, Waiting>()
  let stopped = false
  const stopping = () =>
    new Failure('stopping', 'The server is stopping. Whether the vehicle obeys is not known.')

  const attempt = async (vehicle: string, message: CommandMessage) => send(vehicle, message)

  return {
    command(vehicle, message) {
      if (stopped) return Promise.reject(stopping())
      if (waiting.size >= waitingMax)
        return Promise.reject(
          new Failure('overloaded', `${waitingMax} commands wait for their vehicles. Nothing was sent.`),
        )
      const id = newId()
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => end({ id, outcome: 'silent' }), timeoutMs)
        function end(outcome: CommandOutcome | Failure) {
          if (!waiting.delete(id)) return
          clearTimeout(timer)
          if (outcome instanceof Failure) reject(outcome)
          else resolve(outcome)
        }
        // Before it is sent: the answer may be quicker than the broker's acknowledgement.
        waiting.set(id, { vehicle, end })
        void attempt(vehicle, { ...message, id }).catch(() => end({ id, outcome: 'broker_away' }))
      })
    },
    settle(vehicle, id, outcome, reason) {
      const asked = waiting.get(id)
      if (asked?.vehicle !== vehicle) return false
      if (outcome === 'done') asked.end({ id, outcome })
      else asked.end({ id, outcome, reason: reason?.slice(0, REASON_MAX).toWellFormed() ?? null })
      return true
    },
    get waiting() {
      return waiting.size
    },
    stop() {
      stopped = true
      for (const { end } of waiting.values()) end(stopping())
    },
  }
}
