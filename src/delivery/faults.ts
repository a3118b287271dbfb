/** Faults that a presenter switches on: bounded, off by default, over by themselves. */
import type { Clock } from '../shared/clock.ts'
import type { Random } from '../shared/random.ts'
import type { FaultSettings, FaultsReply } from './api.ts'
import type { DeliveryEvents } from './events.ts'

export const faultNames = ['latency', 'errors'] as const
export type FaultName = (typeof faultNames)[number]

export interface Faults {
  /** What is switched on. */
  state(): FaultsReply
  /** Replaces what was on. */
  start(settings: FaultSettings): void
  stop(): void
  /** Stands in front of a piece of work: waits or rejects as the faults say; null while all are off. */
  disturb(): Promise<void> | null
}

interface Parts {
  /** `false`: nothing can ever be switched on. */
  possible: boolean
  random: Random
  clock: Clock
  events: Pick<DeliveryEvents, 'faultStarted' | 'faultStopped' | 'faultHit'>
}

export function createFaults({ possible, random, clock, events }: Parts): Faults {
  let active: Omit<FaultSettings, 'seconds'> = {}
  let isOn = false
  let endsAt = 0
  let timer: NodeJS.Timeout | undefined

  const names = () => faultNames.filter(name => active[name])

  function end(cause: 'stopped' | 'ran_out') {
    clearTimeout(timer)
    for (const name of names()) events.faultStopped(name, cause)
    active = {}
    isOn = false
  }

  const hits = (name: FaultName): boolean => {
    const settings = active[name]
    if (!settings || random.next() >= settings.share) return false
    events.faultHit(name)
    return true
  }

  async function disturbed() {
    if (hits('latency')) await new Promise(resolve => setTimeout(resolve, active.latency?.ms))
    if (hits('errors')) throw new Error('the fault "errors" made this borrow fail')
  }

  return {
    state: () => ({
      possible,
      latency: active.latency ?? null,
      errors: active.errors ?? null,
      ends_in_seconds: isOn ? Math.ceil((endsAt - clock.monotonic()) / 1000) : null,
    }),
    start({ seconds, ...settings }) {
      end('stopped')
      if (!possible) return
      active = settings
      isOn = names().length > 0
      endsAt = clock.monotonic() + seconds * 1000
      timer = setTimeout(() => end('ran_out'), seconds * 1000).unref()
      for (const name of names())
        events.faultStarted(name, { ...(active[name] as { share: number }), seconds })
    },
    stop: () => end('stopped'),
    disturb: () => (isOn ? disturbed() : null),
  }
}
