/** How the fleet's commands are decided: each part brings its own. */
import type * as writing from '../db/durable-writer.ts'
import { decidesOn, type Group, groupDecider } from '../db/group-decider.ts'
import type { Db, OpenOptions } from '../db/open.ts'
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

export type Command = writing.Command<FleetCommands>

export interface Decided {
  /** In the order of the commands. */
  outcomes: writing.Outcome<FleetCommands>[]
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
): (group: Group<Command>) => Decided {
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
  return groupDecider<Command, Decided>(db, {
    inOrder: true,
    decide({ commands, at }) {
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
    },
    broken: fault => ({ outcomes: [{ fault }], downward: [], events: [] }),
  })
}

/** What decides the fleet's groups in a thread, or on the caller's. */
export const fleetDeciding = ({ database, options }: { database: OpenOptions; options: DeciderOptions }) =>
  decidesOn(database, db => fleetDecider(db, options))
