/** Forgets the tables from a day on, and takes the lake again. */
import type { Config } from '../config/config.ts'
import { createEstateEvents, estateMetrics } from '../estate/index.ts'
import type { StageReport } from '../machine/notices.ts'
import { createLogger } from '../observability/logger.ts'
import { createMetrics } from '../observability/metrics.ts'
import { systemClock } from '../shared/clock.ts'
import { transformer } from './transform.ts'

/**
 * @param day midnight UTC, Unix ms
 * @param told of each report of the transformer
 * @throws StartFailure
 */
export async function replay(
  config: Config,
  day: number,
  told: (report: Pick<StageReport, 'done' | 'waiting'>) => void,
) {
  const clock = systemClock
  const { version, commit, env } = config
  const metrics = createMetrics({ withProcess: false })
  const log = createLogger({
    level: config.logLevel,
    version,
    commit,
    env,
    clock,
    to: { write() {} },
    counterOf: () => ({ inc() {} }),
  })
  const events = createEstateEvents({ log, metrics: metrics.register(estateMetrics), clock })
  const { stage, stop } = await transformer({ config, clock, log, events, key: '', reported: told }, () => {})
  stage.start()
  try {
    return await stage.replay(day)
  } finally {
    await stop()
  }
}
