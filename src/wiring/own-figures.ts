/** What this program counts of its own requests, as a service of the estate. */
import type { RequestReporter } from '../http/front-door.ts'
import { addTo, type Sketch } from '../machine/sketch.ts'
import type { ServiceFigures } from '../machine/this-host.ts'
import type { Clock } from '../shared/clock.ts'

/** @param bytes of memory that the machine has */
export function createOwnFigures(clock: Clock, bytes: number, processors: number) {
  let requests = 0
  let failed = 0
  let sketch: Sketch = new Map()
  let used = process.cpuUsage()
  let since = clock.monotonic()

  return {
    /** Counts what `report` is told. */
    counting:
      (report: RequestReporter): RequestReporter =>
      (facts, answered) => {
        requests++
        if (answered.status >= 500) failed++
        addTo(sketch, answered.durationMs)
        report(facts, answered)
      },
    /** Since it was asked last. */
    take(): ServiceFigures {
      const { user, system } = process.cpuUsage(used)
      const passedMs = clock.monotonic() - since
      const figures: ServiceFigures = {
        requests,
        failed,
        sketch,
        cpu: passedMs > 0 ? Math.min(100, (user + system) / 10 / passedMs / processors) : null,
        memory: (process.memoryUsage.rss() / bytes) * 100,
      }
      requests = 0
      failed = 0
      sketch = new Map()
      used = process.cpuUsage()
      since = clock.monotonic()
      return figures
    },
  }
}
export type OwnFigures = ReturnType<typeof createOwnFigures>
