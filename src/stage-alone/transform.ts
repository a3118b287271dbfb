import { prepareDatabase } from '../db/open.ts'
import {
  createEstateWriter,
  createReportingTransform,
  estateMigrations,
  keepFor,
  openStageLake,
} from '../estate/index.ts'
import { STAGE_TOPIC } from '../machine/topics.ts'
import { mqttPublisher } from '../simulator/estate/mqtt-publisher.ts'
import { type AloneParts, accountAt, type Begin } from './parts.ts'

const BUSY_TIMEOUT_MS = 5000

/** The stage with what it needs; it has not begun. */
export async function transformer(
  { config, clock, events, reported }: AloneParts,
  tell: (text: string) => void,
) {
  const { dbPath, rawKeepMs, lakeKeepMs } = config.estate
  const database = { path: dbPath, busyTimeoutMs: BUSY_TIMEOUT_MS, cacheMb: config.cacheMb }
  prepareDatabase(database, [estateMigrations], () => {})
  const lake = await openStageLake(config.estate.lake, clock)
  const settings = keepFor({ rawKeepMs, lakeKeepMs })
  const writer = createEstateWriter({ database, settings, clock, inline: false })
  const stage = createReportingTransform({
    lake,
    writer,
    clock,
    instance: `transform-${process.pid}`,
    observer: events.transform,
    lakeKeepMs,
    send(report) {
      reported(report)
      tell(JSON.stringify(report))
    },
  })
  return {
    stage,
    async stop() {
      await stage.stop()
      await writer.close()
      await lake.close()
    },
  }
}

/** Takes what is in the lake into the database. */
export const transform: Begin = async parts => {
  const { stage, stop } = await transformer(parts, text => {
    // Who cannot be told is told in five seconds.
    publisher.publish(STAGE_TOPIC, text).catch(() => {})
  })
  // A connection would keep a process alive that could not start.
  const publisher = mqttPublisher(accountAt(parts, 'estate-transform'))
  stage.start()
  return {
    async stop() {
      await stop()
      await publisher.stop()
    },
  }
}
