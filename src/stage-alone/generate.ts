import { STAGE_TOPIC } from '../machine/topics.ts'
import { createEstate } from '../simulator/estate/estate.ts'
import { createGenerator } from '../simulator/estate/generator.ts'
import { mqttPublisher } from '../simulator/estate/mqtt-publisher.ts'
import { createScheduler, keepRunning } from '../simulator/vehicles/scheduler.ts'
import { accountAt, type Begin } from './parts.ts'

const DAY_MS = 24 * 3600_000
/** Where the variable says 0, which is for servers that simulate nothing. */
const SERVERS = 1000

/** Simulates the estate, and its past where that is asked for. */
export const generate: Begin = async parts => {
  const { config, clock, reported } = parts
  const account = accountAt(parts, 'estate-generator')
  const settings = config.estate.simulated
  const publisher = mqttPublisher(account)
  const scheduler = createScheduler(clock)
  const until = clock.now()
  const generator = createGenerator({
    estate: createEstate({ ...settings, servers: settings.servers || SERVERS }),
    publish: publisher.publish,
    clock,
    scheduler,
    instance: account.clientId,
    intervalSeconds: settings.intervalSeconds,
    history: settings.historyDays > 0 ? [{ from: until - settings.historyDays * DAY_MS, until }] : undefined,
    report(report) {
      reported(report)
      publisher.publish(STAGE_TOPIC, JSON.stringify(report)).catch(() => {})
    },
  })
  const halt = keepRunning(scheduler, () => {})
  generator.start()
  return {
    async stop() {
      await generator.stop()
      halt()
      await publisher.stop()
    },
  }
}
