/** The right lane: what the twin of the fleet tells, in its own time. Free of I/O. */
import type { LaneShape, StepShape } from './api.ts'

/** As the twin tells it; times are simulated ms. */
export interface VehicleProgress {
  simulated_ms: number
  steps: { name: string; basis: 'simulated' | 'assumed'; at_ms: number; detail: string }[]
  vehicles: number
  affected: number
  good: number
  done: boolean
}

export interface VehicleLane {
  told(progress: VehicleProgress): void
  shape(): LaneShape
  readonly done: boolean
}

const titles: Record<string, string> = {
  firmware_out: 'Firmware in the fleet',
  dtc_pending: 'Trouble code pending',
  dtc_confirmed: 'Trouble code confirmed',
  out_of_coverage: 'Vehicle out of coverage',
  upload: 'Code reaches the server',
  ticket: 'Ticket',
  level_1: 'Level 1',
  level_2: 'Level 2',
  level_3: 'Level 3',
  supplier: 'Supplier',
  fix: 'Corrected release',
  wave_1: 'First wave',
  wave_2: 'Second wave',
  wave_3: 'Last wave',
  half_good: '50 % of vehicles good',
  most_good: '95 % of vehicles good',
}
const assumed = ['ticket', 'level_1', 'level_2', 'level_3', 'supplier', 'fix']
const SERIES_MAX = 300
const HOUR_MS = 3600_000

/** @param saved where it goes on, after a restart */
export function createVehicleLane(vehicles: number, saved?: LaneShape): VehicleLane {
  let everyMs = HOUR_MS
  let series = [...(saved?.series ?? [])]
  let newest: VehicleProgress = {
    simulated_ms: saved?.elapsed_ms ?? 0,
    steps: (saved?.steps ?? []).flatMap(({ at_ms: at, detail, basis, name }) =>
      at === null || basis === 'live' ? [] : [{ name, basis, at_ms: at, detail: detail ?? '' }],
    ),
    vehicles,
    affected: saved?.hit ?? 0,
    good: 0,
    done: saved?.done ?? false,
  }

  /** Coarser when there are too many: the curve keeps its ends. */
  function draw({ simulated_ms: at, good, vehicles: all, done }: VehicleProgress) {
    const last = series.at(-1)
    if (last && at - last.at_ms < everyMs && !done) return
    series.push({ at_ms: at, value: all === 0 ? null : good / all })
    if (series.length <= SERIES_MAX) return
    series = series.filter((_, index) => index % 2 === 0 || index === series.length - 1)
    everyMs *= 2
  }

  return {
    get done() {
      return newest.done
    },
    told(progress) {
      // While it catches up after a restart, the lane stays where it was.
      if (progress.simulated_ms < newest.simulated_ms) return
      newest = progress
      draw(progress)
    },
    shape() {
      const steps = Object.entries(titles).map(([name, title]): StepShape => {
        const step = newest.steps.find(reached => reached.name === name)
        const basis = step?.basis ?? (assumed.includes(name) ? 'assumed' : 'simulated')
        return { name, title, basis, at_ms: step?.at_ms ?? null, detail: step?.detail ?? null }
      })
      return {
        title: 'The fleet',
        clock: 'simulated',
        elapsed_ms: newest.simulated_ms,
        done: newest.done,
        steps,
        series,
        hit: newest.affected,
        total: newest.vehicles,
      }
    },
  }
}
