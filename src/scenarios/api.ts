/** Scenarios and the traffic of the stage, on the wire. */
import { z } from 'zod'

const time = z.iso.datetime()
const count = z.int().min(0)

export const deeds = ['borrow', 'give_back', 'look', 'ask_for_nothing', 'frontend_error'] as const
export type Deed = (typeof deeds)[number]
const weight = z.number().min(0).max(100)

export const trafficRequest = z.strictObject({
  rate: z.number().min(0.1).max(500).default(20).meta({ description: 'Things done a second' }),
  seconds: z.int().min(1).max(7200).default(600),
  seed: z.int().min(0).max(2_147_483_647).default(1),
  mix: z.partialRecord(z.enum(deeds), weight).default({}).meta({
    description: 'Weights of what is done; what is left out keeps its own',
  }),
  retries: z
    .int()
    .min(0)
    .max(10)
    .default(0)
    .meta({ description: 'Times that a failed borrow is asked again at once' }),
})
export type TrafficRequest = z.output<typeof trafficRequest>

export const trafficReply = z.object({
  running: z.boolean(),
  simulated: z.literal(true),
  rate: z.number().nullable(),
  ends_in_seconds: z.number().nullable(),
  by: z.enum(['presenter', 'scenario', 'race']).nullable(),
  /** Of the run under way, or the last one; null: there was none. */
  summary: z
    .object({
      sent: count,
      granted: count,
      denied: count,
      returned: count,
      failed: count,
      retried: count,
      unanswered: count,
    })
    .nullable(),
})
export type TrafficReply = z.output<typeof trafficReply>

export const scenarioNames = [
  'bad-release',
  'slow-dependency',
  'seat-leak',
  'retry-storm',
  'frontend-error',
  'lost-coverage',
] as const
export type ScenarioName = (typeof scenarioNames)[number]
export const scenarioParams = z.object({ name: z.enum(scenarioNames) })

export const scenarioShape = z.object({
  name: z.enum(scenarioNames),
  title: z.string(),
  story: z.string().meta({ description: 'What the audience should know before' }),
  /** What happens by itself, and what the presenter does. */
  steps: z.array(z.object({ title: z.string(), detail: z.string() })),
  faults: z.array(z.string()).meta({ description: 'Names of the faults that it switches on' }),
  look_at: z.array(z.object({ title: z.string(), href: z.string(), what: z.string() })),
  promql: z.array(z.object({ title: z.string(), query: z.string() })),
  logql: z.array(z.object({ title: z.string(), query: z.string() })),
  seconds: count.meta({ description: 'After which it ends by itself' }),
})
export type ScenarioShape = z.output<typeof scenarioShape>
export const scenariosReply = z.object({
  scenarios: z.array(scenarioShape),
  running: z.object({ name: z.enum(scenarioNames), started_at: time, ends_in_seconds: count }).nullable(),
})
export type ScenariosReply = z.output<typeof scenariosReply>

/** The topic `rehearsal`: what the presenter has set going. */
export interface RehearsalFrame {
  at: string
  traffic: TrafficReply
  scenario: ScenariosReply['running']
}
