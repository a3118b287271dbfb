/** What the fleet does by itself: campaigns go on, old samples go. */
import { failureSeries } from '../observability/failure-series.ts'
import type { Log } from '../observability/logger.ts'
import type { FleetWriter } from './commands.ts'

/** When it does so. */
export interface Tempo {
  everyMs: number
  /** Does it after so many ms. @returns takes it back */
  after(ms: number, task: () => Promise<void>): () => void
}
export const everySecond: Tempo = {
  everyMs: 1000,
  after(ms, task) {
    const timer = setTimeout(() => void task(), ms).unref()
    return () => clearTimeout(timer)
  },
}
const PRUNE_EVERY_TICKS = 10

export function createCaretaker({ writer, log, tempo }: { writer: FleetWriter; log: Log; tempo: Tempo }) {
  const series = failureSeries((what, { message }) => {
    if (running) log.error('storage_failed', what, { error: message })
  })
  let forgetNext = () => {}
  let running = false
  let ticks = 0
  let pruned = 0

  async function work() {
    await writer.submit('tick', {})
    if (ticks++ % PRUNE_EVERY_TICKS === 0) {
      const { next } = await writer.submit('prune', { after: pruned })
      pruned = next ?? 0
    }
  }

  async function tick() {
    await series.attempt('the fleet could not be looked after', work)
    if (running) forgetNext = tempo.after(tempo.everyMs, tick)
  }

  return {
    start() {
      running = true
      forgetNext = tempo.after(tempo.everyMs, tick)
    },
    stop() {
      running = false
      forgetNext()
    },
  }
}
