/**
 * Faults that a presenter, or a release, switches on: bounded, off by default, over by themselves. They act
 * through one seam, which the license server puts around its ledger.
 */
import type { Clock } from '../shared/clock.ts'
import { Failure } from '../shared/errors.ts'
import type { Random } from '../shared/random.ts'
import { type FaultName, type FaultSet, type FaultsReply, faultNames } from './api.ts'
import type { DeliveryEvents } from './events.ts'

/** What stands around the ledger. Where a function answers null, nothing is in the way. */
export interface Disturbance {
  /** Resolves when a borrow may go on to be decided, or rejects with its failure. */
  beforeBorrow(): Promise<void> | null
  /** What is done when a seat of a tool has come back, before its answer. Never rejects. */
  afterReturn(): ((tool: string) => Promise<void>) | null
}

export interface Faults {
  readonly possible: boolean
  /** What is switched on. */
  state(): FaultsReply
  names(): FaultName[]
  /** The settings of one that is on. */
  settings<N extends FaultName>(name: N): FaultSet[N]
  /** Replaces what was on. @param seconds after which they are due @throws Failure `faults_off` */
  start(faults: FaultSet, seconds: number): void
  end(cause: 'stopped' | 'ran_out'): void
  /** Ends them with the process: `changed` is not told. */
  quit(): void
  /** Whether some are on whose time is over. */
  isDue(): boolean
  /** For a borrow that was decided. @param requestId of who borrows */
  makeNoise(requestId: string): void
  disturbance: Disturbance
}

export interface FaultsOptions {
  /** `false`: nothing can ever be switched on. */
  possible: boolean
  random: Random
  clock: Clock
  events: Pick<DeliveryEvents, 'faultStarted' | 'faultStopped' | 'faultHit' | 'noise'>
  /** Holds a seat of a tool for nobody. Never rejects. */
  leak?: (tool: string, seatsMax: number) => Promise<void>
  /** Told after a change of what is on, with what was on before. */
  changed?: (before: FaultName[]) => void
}

export function createFaults({ possible, random, clock, events, leak, changed }: FaultsOptions): Faults {
  let active: FaultSet = {}
  let isOn = false
  let endsAt = 0

  const names = () => faultNames.filter(name => active[name])

  /** @returns what was on before */
  function replace(faults: FaultSet, cause: 'stopped' | 'ran_out'): FaultName[] {
    const before = names()
    for (const name of before) events.faultStopped(name, cause)
    active = faults
    isOn = names().length > 0
    return before
  }

  const hits = (name: 'latency' | 'errors' | 'seat_leak'): boolean => {
    const settings = active[name]
    return settings !== undefined && random.next() < settings.share
  }

  async function disturbed() {
    if (hits('latency')) {
      events.faultHit('latency')
      await new Promise(resolve => setTimeout(resolve, active.latency?.ms))
    }
    if (!hits('errors')) return
    events.faultHit('errors')
    throw new Error('the fault "errors" made this borrow fail')
  }

  async function leakSeat(tool: string) {
    const { seats_max } = active.seat_leak ?? {}
    if (seats_max !== undefined && hits('seat_leak')) await leak?.(tool, seats_max)
  }

  return {
    possible,
    names,
    settings: name => active[name],
    state: () => ({
      possible,
      latency: active.latency ?? null,
      errors: active.errors ?? null,
      seat_leak: active.seat_leak ?? null,
      browser_script: active.browser_script ?? null,
      noisy_logs: active.noisy_logs ?? null,
      ends_in_seconds: isOn ? Math.max(0, Math.ceil((endsAt - clock.monotonic()) / 1000)) : null,
    }),
    start(faults, seconds) {
      if (!possible) throw new Failure('faults_off', 'This server was started with FAULTS=off.')
      const before = replace(faults, 'stopped')
      endsAt = clock.monotonic() + seconds * 1000
      for (const name of names()) events.faultStarted(name, { ...faults[name], seconds })
      changed?.(before)
    },
    end(cause) {
      const before = replace({}, cause)
      changed?.(before)
    },
    quit: () => void replace({}, 'stopped'),
    makeNoise(requestId) {
      if (!active.noisy_logs) return
      events.faultHit('noisy_logs')
      events.noise(active.noisy_logs.lines, requestId)
    },
    isDue: () => isOn && clock.monotonic() >= endsAt,
    disturbance: {
      beforeBorrow: () => (isOn ? disturbed() : null),
      afterReturn: () => (active.seat_leak ? leakSeat : null),
    },
  }
}
