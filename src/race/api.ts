/** The same incident on two paths, on the wire. Lanes count in their own time: real ms at left, simulated ms at right. */
import { z } from 'zod'

const time = z.iso.datetime()
const count = z.int().min(0)

export const raceStates = ['running', 'finished', 'cancelled', 'interrupted'] as const
export type RaceState = (typeof raceStates)[number]
/** Where a number comes from. */
export const bases = ['live', 'simulated', 'assumed'] as const
export type Basis = (typeof bases)[number]

export const raceRequest = z.strictObject({
  factor: z
    .int()
    .min(600)
    .max(86_400)
    .default(14_400)
    .meta({ description: 'Simulated seconds in a real one, right lane' }),
  vehicles: z.int().min(10).max(500).default(100),
  seed: z.int().min(0).max(2_147_483_647).default(1),
  rate: z.number().min(1).max(200).default(20).meta({
    description:
      'Simulated borrows and returns a second beside the audience’s; the race starts them if no traffic runs',
  }),
  autopilot: z.boolean().default(true).meta({
    description:
      'Acknowledges and rolls back by itself when the failure is localised; false: waits for the presenter',
  }),
})
export type RaceRequest = z.output<typeof raceRequest>
export const raceParams = z.object({ id: z.uuid() })

export const stepShape = z.object({
  name: z.string(),
  title: z.string(),
  basis: z.enum(bases),
  at_ms: z.number().nullable().meta({ description: 'In the lane’s own time; null: not reached' }),
  detail: z.string().nullable(),
})
export type StepShape = z.output<typeof stepShape>

export const laneShape = z.object({
  title: z.string(),
  clock: z.enum(['real', 'simulated']),
  elapsed_ms: z.number(),
  done: z.boolean(),
  steps: z.array(stepShape),
  /** Left: bad borrows of all, each second, 0–1. Right: vehicles without the defect, 0–1. */
  series: z.array(z.object({ at_ms: z.number(), value: z.number().nullable() })).max(600),
  hit: count.meta({ description: 'Users who got an error; vehicles that showed the defect' }),
  total: count.meta({ description: 'Users who borrowed meanwhile; vehicles of the fleet' }),
})
export type LaneShape = z.output<typeof laneShape>

/** Milliseconds in the lane's own time, or numbers of users and vehicles; null: not known (yet). */
export const rowShape = z.object({
  measure: z.enum(['detect', 'localise', 'recover', 'hit']),
  title: z.string(),
  cloud: z.number().nullable(),
  vehicle: z.number().nullable(),
})
export type RowShape = z.output<typeof rowShape>

export const raceShape = z.object({
  id: z.uuid(),
  state: z.enum(raceStates),
  recorded: z
    .boolean()
    .meta({ description: 'true: the recording that comes with the program, not run here' }),
  started_at: time,
  finished_at: time.nullable(),
  factor: z.number(),
  seed: z.number(),
  autopilot: z.boolean(),
  release: z.object({ version: z.string(), commit: z.string() }),
  traffic: z.object({ simulated: z.boolean(), rate: z.number() }).meta({
    description: 'Whether simulated people borrowed beside the audience, and how often a second',
  }),
  defect: z.string().meta({ description: 'What is wrong, in one sentence' }),
  assumptions: z.array(z.object({ step: z.string(), hours: z.number(), why: z.string() })),
  cloud: laneShape,
  vehicle: laneShape,
  table: z.array(rowShape),
})
export type RaceShape = z.output<typeof raceShape>

export const raceSummary = raceShape.pick({
  id: true,
  state: true,
  started_at: true,
  finished_at: true,
  table: true,
})
export const racesReply = z.object({ races: z.array(raceSummary) })
export type RacesReply = z.output<typeof racesReply>

/** The topic `race`: the one that runs, or the newest that is kept; null: none was ever run here. */
export interface RaceFrame {
  at: string
  race: RaceShape | null
}
