/** Which steps of the defect's way were reached, seen from the vehicles, the server and the people in between. */
import type { FleetEvent } from '../fleet/index.ts'
import type { Dtc } from '../vehicle/messages.ts'
import type { TwinBasis, TwinProgress, TwinStep, TwinStepName } from './api.ts'
import { createCorrectedRelease } from './corrected-release.ts'
import { defect, firmwareOut, shortName } from './defect.ts'
import type { FleetHere } from './fleet-here.ts'
import { type Assumption, TICKET_VEHICLES } from './process-times.ts'
import { titles } from './titles.ts'
import { STEP_MS, type VirtualTime } from './virtual-time.ts'

export interface Story {
  onDtcs(vehicle: string, dtcs: Dtc[]): void
  onEvent(event: FleetEvent): void
  /** The firmware is out: the fleet is there. */
  begin(fleet: FleetHere): void
  /** Looks what has become of it. Call after each step of time. */
  look(): void
  progress(): TwinProgress
  readonly done: boolean
}

const HOUR_MS = 3600_000
/** The server is asked how many vehicles are good so often. */
const COUNTED_EVERY_MS = 5 * 60_000
const SAMPLES_LOOKED_AT = 200

export interface StoryOptions {
  time: VirtualTime
  vehicles: number
  /** How long people take, in the order of their steps. */
  processTimes: readonly Assumption[]
  onFailure: (error: Error) => void
}

export function createStory({ time, vehicles, processTimes, onFailure }: StoryOptions): Story {
  const steps: TwinStep[] = []
  const reached = new Set<TwinStepName>()
  /** Vehicles that ever showed the defect, and those that show it now. */
  const affected = new Set<string>()
  const showing = new Map<string, Dtc['status']>()
  /** Vehicles whose confirmed code the server knows. */
  const known = new Set<string>()
  let fleet: FleetHere | undefined
  let silent: { vehicle: string; since: number } | undefined
  let counts = { good: 0, online: 0 }
  let countedAt = Number.NEGATIVE_INFINITY

  function reach(name: TwinStepName, detail: string, basis: TwinBasis = 'simulated') {
    if (reached.has(name)) return
    reached.add(name)
    steps.push({ name, title: titles[name], basis, at_ms: time.passed, detail })
  }

  const corrected = createCorrectedRelease({
    submit: (kind, input) => here().server.submit(kind, input),
    time,
    left: () => count().defective,
    onWave(wave, planned) {
      if (wave === 1 || wave === 2 || wave === 3)
        reach(`wave_${wave}`, `offered to ${planned} of ${vehicles} vehicles`)
    },
    onFailure,
  })

  function here(): FleetHere {
    if (!fleet) throw new Error('the story has not begun')
    return fleet
  }

  /** As the server knows it. */
  function count() {
    const { reports } = here().server
    const sum = (rows: { vehicles: number }[]) => rows.reduce((total, row) => total + row.vehicles, 0)
    const firmware = reports.firmware()
    const defective = sum(firmware.filter(({ version }) => version === firmwareOut.version))
    const online = sum(reports.states().filter(({ state }) => state !== 'offline'))
    return { good: sum(firmware) - defective, defective, online }
  }

  /** People work: each step begins when the one before has taken its time. */
  function work(index: number, detail: string) {
    const step = processTimes[index]
    if (!step) return corrected.start()
    reach(step.step, detail, 'assumed')
    const next = processTimes[index + 1]?.why ?? ''
    time.scheduler.after(step.hours * HOUR_MS, () => work(index + 1, next))
  }

  function lookForSilence() {
    for (const vehicle of here().vehicles.vehicles()) {
      if (vehicle.online || vehicle.waiting === 0 || !showing.has(vehicle.vehicle)) continue
      silent = { vehicle: vehicle.vehicle, since: time.passed }
      const status = showing.get(vehicle.vehicle)
      return reach(
        'out_of_coverage',
        `${shortName(vehicle.vehicle)} · ${defect.code} ${status}, kept in the vehicle`,
      )
    }
  }

  /** What the vehicle had kept is in the server's tables. */
  function lookForUpload({ vehicle, since }: { vehicle: string; since: number }) {
    if (reached.has('upload')) return
    const { reports } = here().server
    const row = reports.one(vehicle)
    if (!row?.online) return
    const now = time.clock.now()
    const from = now - (time.passed - since) - STEP_MS
    const samples = reports
      .samples(row.id, from, now, SAMPLES_LOOKED_AT)
      .filter(sample => sample.historical === 1)
    if ((row.dtcsAt ?? 0) < from && samples.length === 0) {
      // The server had it before, and only the acknowledgement was lost: another vehicle will tell.
      const back = here()
        .vehicles.vehicles()
        .find(of => of.vehicle === vehicle)
      if (back?.online && back.waiting === 0) silent = undefined
      return
    }
    const minutes = Math.round((time.passed - since) / 60_000)
    reach('upload', `${shortName(vehicle)} · stored by the server ${minutes} minutes later`)
  }

  function lookAtCounts() {
    if (time.passed - countedAt < COUNTED_EVERY_MS && !corrected.over) return
    countedAt = time.passed
    counts = count()
    const detail = `${counts.good} of ${vehicles} vehicles run the corrected firmware`
    if (counts.good >= vehicles * 0.5) reach('half_good', detail)
    if (counts.good >= vehicles * 0.95) reach('most_good', detail)
  }

  return {
    onDtcs(vehicle, dtcs) {
      const shown = dtcs.find(({ code }) => code === defect.code)
      if (!shown) return void showing.delete(vehicle)
      showing.set(vehicle, shown.status)
      affected.add(vehicle)
      reach(`dtc_${shown.status}`, `${shortName(vehicle)} · ${defect.code} ${shown.status}`)
    },
    onEvent(event) {
      corrected.told(event)
      if (event.kind !== 'dtc_changed' || event.code !== defect.code || event.status !== 'confirmed') return
      known.add(event.vehicle)
      if (known.size === TICKET_VEHICLES && !reached.has('ticket'))
        work(
          0,
          `${defect.code} confirmed in ${TICKET_VEHICLES} vehicles, the last ${shortName(event.vehicle)}`,
        )
    },
    begin(started) {
      fleet = started
      reach('firmware_out', `${firmwareOut.version} runs in ${vehicles} vehicles`)
    },
    look() {
      if (silent) lookForUpload(silent)
      else if (showing.size > 0) lookForSilence()
      lookAtCounts()
    },
    progress: () => ({
      simulated_ms: time.passed,
      steps: [...steps],
      vehicles,
      affected: affected.size,
      good: counts.good,
      online: counts.online,
      done: isDone(),
    }),
    get done() {
      return isDone()
    },
  }

  function isDone() {
    return reached.has('most_good') || corrected.over
  }
}
