/** A race for the tests of pages: 20 s at left, 20 days at right, at one second for a day. */
import type { LaneShape, RaceShape, StepShape } from '../../src/race/api.ts'

const DAY_MS = 86_400_000
const ID = '3f0d6a8e-2b7c-4a53-9a51-0d6f6c0b9a11'

const step = (name: string, title: string, at: number | null, basis: StepShape['basis']): StepShape => ({
  name,
  title,
  basis,
  at_ms: at,
  detail: at === null ? null : `${title} in detail`,
})

/** @param untilMs real: what comes later has not happened */
export function raceExample(untilMs = 20_000, changes: Partial<RaceShape> = {}): RaceShape {
  const isOver = untilMs >= 20_000
  const reached = (at: number, now: number) => (at <= now ? at : null)
  const days = Math.min(untilMs / 1000, 20) * DAY_MS
  const cloud: LaneShape = {
    title: 'The license server',
    clock: 'real',
    elapsed_ms: Math.min(untilMs, 16_000),
    done: untilMs >= 16_000,
    steps: [
      step('shipped', 'Release shipped', 0, 'live'),
      step('alert', 'Alert', reached(6000, untilMs), 'live'),
      step('localised', 'Of one version and commit', reached(8000, untilMs), 'live'),
      step('rolled_back', 'Rolled back', reached(10_000, untilMs), 'live'),
      step('recovered', 'Recovered', reached(16_000, untilMs), 'live'),
    ],
    series: Array.from({ length: Math.min(16, Math.floor(untilMs / 1000)) }, (_, second) => ({
      at_ms: (second + 1) * 1000,
      value: second < 10 ? 0.3 : 0,
    })),
    hit: 4,
    total: 12,
  }
  const vehicle: LaneShape = {
    title: 'The fleet',
    clock: 'simulated',
    elapsed_ms: days,
    done: isOver,
    steps: [
      step('firmware_out', 'Firmware in the fleet', 0, 'simulated'),
      step('dtc_pending', 'Trouble code pending', reached(DAY_MS, days), 'simulated'),
      step('ticket', 'Ticket', reached(3 * DAY_MS, days), 'assumed'),
      step('supplier', 'Supplier', reached(9 * DAY_MS, days), 'assumed'),
      step('most_good', '95 % of vehicles good', reached(20 * DAY_MS, days), 'simulated'),
    ],
    series: Array.from({ length: Math.floor(days / DAY_MS) }, (_, day) => ({
      at_ms: (day + 1) * DAY_MS,
      value: day < 12 ? 0.4 : 0.95,
    })),
    hit: 60,
    total: 100,
  }
  const known = <T>(value: T, at: number) => (untilMs >= at ? value : null)
  return {
    id: ID,
    state: isOver ? 'finished' : 'running',
    recorded: false,
    started_at: '2026-03-01T10:00:00.000Z',
    finished_at: isOver ? '2026-03-01T10:00:20.000Z' : null,
    factor: 86_400,
    seed: 7,
    autopilot: true,
    release: { version: '1.4.3', commit: '9f3c2ab41d7e' },
    traffic: { simulated: false, rate: 0 },
    defect: 'A third of the borrows fails.',
    assumptions: [{ step: 'ticket', hours: 48, why: 'A workshop date is two days away.' }],
    cloud,
    vehicle,
    table: [
      {
        measure: 'detect',
        title: 'Until somebody is told',
        cloud: known(6000, 6000),
        vehicle: known(3 * DAY_MS, 3000),
      },
      {
        measure: 'localise',
        title: 'Until it is known where',
        cloud: known(8000, 8000),
        vehicle: known(9 * DAY_MS, 9000),
      },
      {
        measure: 'recover',
        title: 'Until it works again',
        cloud: known(16_000, 16_000),
        vehicle: known(20 * DAY_MS, 20_000),
      },
      { measure: 'hit', title: 'Users or vehicles hit', cloud: 4, vehicle: 60 },
    ],
    ...changes,
  }
}

/** The same as the recording that comes with the program. */
export const recordingExample = (): RaceShape => raceExample(20_000, { recorded: true })
