import { loggedFailures } from '../observability/failure-series.ts'
import type { Log } from '../observability/logger.ts'
import type { Ledger } from './ledger.ts'

const EVERY_MS = 1000

/** Gives back the seats of leases that ran out even when nobody asks for one. */
export function createSweeper({ ledger, log }: { ledger: Pick<Ledger, 'submit'>; log: Log }) {
  const series = loggedFailures(log, 'storage_failed')
  let timer: NodeJS.Timeout | undefined
  let running = false

  async function sweep() {
    await series.attempt('the sweep of leases failed', () => ledger.submit({ kind: 'sweep' }))
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
