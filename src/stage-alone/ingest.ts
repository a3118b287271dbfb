import { createIngestLink, createIngestStage, openStageLake, wait } from '../estate/index.ts'
import { STAGE_TOPIC } from '../machine/topics.ts'
import type { Link } from '../mqtt/link.ts'
import { StartFailure } from '../shared/errors.ts'
import { accountAt, type Begin } from './parts.ts'

/** Takes samples from a broker that others share, into the lake. */
export const ingest: Begin = async parts => {
  const { config, clock, log, events, key, reported } = parts
  const { broker } = config.fleet
  if (broker.kind === 'embedded')
    throw new StartFailure(
      'An ingestion alone needs a broker that keeps samples while it is away',
      'MQTT_URL=mqtt://localhost:1883, with the configuration in mosquitto/',
      78,
    )
  const { url, clientId } = accountAt(parts, 'estate-ingest')
  const lake = await openStageLake(config.estate.lake, clock)
  let link: Link | undefined
  const stage = createIngestStage({
    lake,
    clock,
    instance: clientId,
    observer: events.ingestion,
    told: () => {},
    send(report) {
      reported(report)
      link?.publish(STAGE_TOPIC, JSON.stringify(report)).catch(() => {})
    },
  })
  link = createIngestLink({
    url,
    name: config.estate.alone.name,
    key,
    ...(broker.user !== null && { account: { user: broker.user, password: broker.password ?? '' } }),
    receive: stage.receive,
    wait,
    changed: (connected, why) =>
      connected
        ? log.info('broker_connected', 'the MQTT broker is there')
        : log.warn('broker_disconnected', 'the MQTT broker is away', { error: why }),
  })
  stage.start()
  await link.start()
  return {
    async stop() {
      await link?.stop()
      await stage.stop()
      await lake.close()
    },
  }
}
