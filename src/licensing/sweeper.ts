import type { Log } from '../observability/logger.ts'
import type { Ledger } from './ledger.ts'

const EVERY_MS = 1000

/** Gives back the seats of leases that ran out even when nobody asks for one. */
export function createSweeper({ ledger, log }: { ledger: Pick<Ledger, 'submit'>; log: Log }) {
  let timer: NodeJS.Timeout | undefined
  let running = false
  let wasFailing = false

  async function sweep() {
    try {
      await ledger.submit({ kind: 'sweep' })
      wasFailing = false
    } catch (error) {
      // Once for a series of failures: a full disk needs no line a second.
      if (!wasFailing)
        log.error('storage_failed', 'the sweep of leases failed', { error: (error as Error).message })
      wasFailing = true
    }
    if (running) timer = setTimeout(() => void sweep(), EVERY_MS).unref()
  }

  return {
    /** Sweeps once, then every second. */
    start() {
      running = true
      return sweep()
    },
    stop() {
      running = false
      clearTimeout(timer)
    },
  }
}
