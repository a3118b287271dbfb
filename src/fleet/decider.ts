/** One group of commands, decided together in one immediate transaction. */
import { codeOf, storageFailure } from '../db/failure.ts'
import { fileGuard } from '../db/file-guard.ts'
import type { Db } from '../db/open.ts'
import { idOf, newId } from '../shared/id.ts'
import { seededRandom, systemRandom } from '../shared/random.ts'
import { signingKey } from '../vehicle/credentials.ts'
import { createCampaigns } from './campaigns/index.ts'
import type { Deciding, Downward, FleetCommands, FleetEvent, Handlers } from './commands.ts'
import { createKpiHandlers } from './kpis/index.ts'
import { createTelemetry } from './telemetry/index.ts'

export interface DeciderOptions {
  /** The secret that everything of the fleet is derived from. */
  key: string
  keepMs: number
  maxBytes: number
  vehiclesMax: number
  /** Chance and the ids of campaigns come from it, for a run that can be repeated; left out: nobody can foresee them. */
  seed?: number | undefined
}

type Kind = keyof FleetCommands
export interface Command {
  kind: Kind
  input: FleetCommands[Kind]['in']
}
export interface Group {
  commands: Command[]
  /** The time at which the group was sent, Unix ms. */
  at: number
}
export type Outcome =
  | { ok: FleetCommands[Kind]['out'] }
  | { fault: { message: string; code: string | undefined } }

export interface Decided {
  /** In the order of the commands. */
  outcomes: Outcome[]
  downward: ({ vehicle: string } & Downward)[]
  events: FleetEvent[]
}

/**
 * A function that decides groups on one connection.
 * @throws SqliteError when nothing was committed
 */
export function fleetDecider(
  db: Db,
  { key, keepMs, maxBytes, vehiclesMax, seed }: DeciderOptions,
): (group: Group) => Decided {
  const random = seed === undefined ? systemRandom : seededRandom(seed)
  const campaigns = createCampaigns(db, {
    signingKey: signingKey(key),
    random,
    newId: seed === undefined ? newId : () => idOf(random),
  })
  const telemetry = createTelemetry(db, { uplinks: campaigns.uplinks, keepMs, maxBytes, vehiclesMax })
  const handlers: Handlers<FleetCommands> = {
    ...telemetry.handlers,
    ...campaigns.handlers,
    ...createKpiHandlers(db),
  }
  const fileIsOurs = fileGuard(db.$client.name)

  const inTransaction = db.$client.transaction(({ commands, at }: Group): Decided => {
    const decided: Decided = { outcomes: [], downward: [], events: [] }
    const deciding: Deciding = {
      now: at,
      toVehicle: (vehicle, message) => void decided.downward.push({ vehicle, ...message }),
      tell: event => void decided.events.push(event),
    }
    telemetry.drop()
    for (const { kind, input } of commands) {
      if (kind !== 'arrive') telemetry.flush(at)
      decided.outcomes.push({ ok: handlers[kind](input as never, deciding) })
    }
    telemetry.flush(at)
    return decided
  }).immediate

  /** A command that breaks must not take the others down with it. */
  function oneByOne({ commands, at }: Group): Decided {
    const all: Decided = { outcomes: [], downward: [], events: [] }
    for (const command of commands) {
      try {
        const { outcomes, downward, events } = inTransaction({ commands: [command], at })
        all.outcomes.push(...outcomes)
        all.downward.push(...downward)
        all.events.push(...events)
      } catch (error) {
        if (storageFailure(error as Error)) throw error
        all.outcomes.push({ fault: { message: (error as Error).message, code: codeOf(error) } })
      }
    }
    return all
  }

  return group => {
    fileIsOurs()
    try {
      return inTransaction(group)
    } catch (error) {
      if (storageFailure(error as Error)) throw error
      return oneByOne(group)
    }
  }
}
