/** What the twin of the fleet tells: a second fleet with its server, in a thread, on a clock that runs faster. */

/** The way of one defect through the fleet, in this order, some of them at the same time. */
export const twinSteps = [
  'firmware_out',
  'dtc_pending',
  'dtc_confirmed',
  'out_of_coverage',
  'upload',
  'ticket',
  'level_1',
  'level_2',
  'level_3',
  'supplier',
  'fix',
  'wave_1',
  'wave_2',
  'wave_3',
  'half_good',
  'most_good',
] as const
export type TwinStepName = (typeof twinSteps)[number]

/** `simulated`: it came out of the simulation. `assumed`: a process time that we put in, printed with the result. */
export type TwinBasis = 'simulated' | 'assumed'

export interface TwinStep {
  name: TwinStepName
  title: string
  basis: TwinBasis
  /** Simulated ms since the firmware went out. */
  at_ms: number
  /** In plain words, such as `vehicle …000017 · U0293-87 pending`. */
  detail: string
}

export interface TwinProgress {
  /** Simulated ms since the firmware went out. */
  simulated_ms: number
  /** Those that were reached, in order of time. */
  steps: TwinStep[]
  vehicles: number
  /** Vehicles that ever showed the defect. */
  affected: number
  /** Vehicles that run firmware without the defect now. */
  good: number
  online: number
  done: boolean
}

export interface TwinOptions {
  /** 10 to 500. */
  vehicles: number
  seed: number
  /** Simulated seconds in a real one. */
  factor: number
  /** Where it goes on, after a restart: it catches up to so many simulated ms as fast as it can. */
  fromMs: number
}

export interface FleetTwin {
  /** The newest, at most four times a second. Called for the last time with `done`. */
  onProgress(listener: (progress: TwinProgress) => void): void
  /** Told once when it breaks; nothing comes after it. */
  onFailure(listener: (error: Error) => void): void
  stop(): Promise<void>
}
