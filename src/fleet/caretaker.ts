/** What the fleet does by itself: campaigns go on, old samples go. */
import type { Log } from '../observability/logger.ts'
import type { FleetWriter } from './commands.ts'

const TICK_MS = 1000
const PRUNE_EVERY_TICKS = 10

export function createCaretaker({ writer, log }: { writer: FleetWriter; log: Log }) {
  let timer: NodeJS.Timeout | undefined
  let running = false
  let wasFailing = false
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
    try {
      await work()
      wasFailing = false
    } catch (error) {
      // Once for a series of failures: a full disk needs no line a second.
      if (!wasFailing && running)
        log.error('storage_failed', 'the fleet could not be looked after', {
          error: (error as Error).message,
        })
      wasFailing = true
    }
    if (running) timer = setTimeout(() => void tick(), TICK_MS).unref()
  }

  return {
    start() {
      running = true
      timer = setTimeout(() => void tick(), TICK_MS).unref()
    },
    stop() {
      running = false
      clearTimeout(timer)
    },
  }
}
