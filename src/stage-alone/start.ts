/** Starts one stage of the estate's pipeline in this process. */
import type { Config } from '../config/config.ts'
import { fleetKeyOf } from '../config/secret-file.ts'
import { createEstateEvents, estateMetrics } from '../estate/index.ts'
import { listen } from '../http/server.ts'
import { serveStage } from '../http/stage-routes.ts'
import type { StageReport } from '../machine/notices.ts'
import { logMetrics } from '../observability/log-metrics.ts'
import { logOutputs } from '../observability/log-outputs.ts'
import { createLogger } from '../observability/logger.ts'
import { createMetrics } from '../observability/metrics.ts'
import { systemClock } from '../shared/clock.ts'
import { generate } from './generate.ts'
import { ingest } from './ingest.ts'
import type { Alone, Begin } from './parts.ts'
import { transform } from './transform.ts'

const stages = { generator: generate, ingest, transform } satisfies Record<string, Begin>
export type StageAlone = keyof typeof stages
export const isStageAlone = (name: string | undefined): name is StageAlone =>
  name !== undefined && Object.hasOwn(stages, name)

/** Between two lines that tell how far it is, in ms. */
const TOLD_EVERY_MS = 10_000

/** @throws StartFailure */
export async function startStage(stage: StageAlone, config: Config): Promise<Alone> {
  const clock = systemClock
  const metrics = createMetrics()
  const logged = metrics.register(logMetrics)
  const { version, commit, env } = config
  const { alone } = config.estate
  const log = createLogger({
    level: config.logLevel,
    version,
    commit,
    env,
    clock,
    to: logOutputs(config, metrics, logged, () => log),
    counterOf: (level, event) => logged.log_lines_total.bind({ level, event }),
  })
  const events = createEstateEvents({ log, metrics: metrics.register(estateMetrics), clock })
  let last: StageReport | undefined
  let toldAt = Number.NEGATIVE_INFINITY

  const running = await stages[stage]({
    config,
    clock,
    log,
    events,
    key: fleetKeyOf(config.fleet),
    reported(report) {
      last = report
      if (clock.monotonic() - toldAt < TOLD_EVERY_MS) return
      toldAt = clock.monotonic()
      process.stderr.write(progressOf(report))
    },
  })
  const health = () => ({
    isWell: last !== undefined && last.problem === null,
    says: { service: stage, ...last },
  })
  const listener =
    alone.port === null
      ? null
      : await listen(serveStage(metrics, health), {
          host: config.host,
          port: alone.port,
          variable: 'ESTATE_STAGE_PORT',
        }).catch(async error => {
          await running.stop()
          throw error
        })
  log.info('server_started', 'a stage runs', { stage, port: listener?.port })
  return {
    async stop() {
      log.info('server_stopping', 'the stage ends', { stage })
      await running.stop()
      await listener?.drain(0)
      log.info('server_stopped', 'stopped', { stage })
      await log.close()
    },
  }
}

const progressOf = ({ stage, done, waiting, dead_letters, lag_seconds, problem }: StageReport) =>
  `${stage}: ${done} done, ${waiting} waiting, ${dead_letters} dead letters, ${Math.round(lag_seconds)} s behind${problem ? `; ${problem}` : ''}\n`
